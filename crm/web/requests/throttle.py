"""Rate limits: how often one member may call expensive views such as search or export.

Counted in the cache by tenant and member, in fixed windows. With the cache dead everything is let through. Why no
library of throttles does this: docs/decisions/0024-libraries.md.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpResponse

from crm.kernel import clock
from crm.platform.cache import CountingRedisCache
from crm.web.requests.error_pages import too_many
from crm.web.requests.http import TenantRequest

# What a view answers; an action of a settings page says words.
A = TypeVar("A")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def limit(action: str, rate: str, *, method: str = "") -> Callable[[Callable[..., A]], Callable[..., A | HttpResponse]]:
    """Decorator: limit how often a member, or outside a tenant a user, may call a view: `limit("search", "60/m")`.

    Then it answers 429 and says when to return. `method`: the only one that counts, where looking costs nothing.
    """
    amount, _slash, unit = rate.partition("/")
    allowed = int(amount)
    window = _SECONDS[unit]

    def decorate(view: Callable[..., A]) -> Callable[..., A | HttpResponse]:
        @wraps(view)
        def limited_view(request: TenantRequest, *args: Any, **kwargs: Any) -> A | HttpResponse:
            counts = method in ("", request.method)
            if counts and count_call(_caller_key(request), action, window) > allowed:
                return too_many(request, retry_after=window - int(clock.now().timestamp()) % window)
            return view(request, *args, **kwargs)

        return limited_view

    return decorate


def _caller_key(request: TenantRequest) -> str:
    """Return the rate limit key: the member, outside a tenant the user, without sign-in the IP address."""
    if hasattr(request, "member"):
        return f"{request.tenant.pk}:{request.member.pk}"
    if not request.user.is_authenticated:
        return f"ip:{get_adapter().get_client_ip(request)}"
    return f"user:{request.user.pk}"


def count_call(who: str, action: str, window: int) -> int:
    """Count a call and return the number of calls in the current window of some seconds."""
    return count_calls([who], action, window)[0]


def count_calls(callers: list[str], action: str, window: int) -> list[int]:
    """Count a call for each caller; return the numbers of calls in the current window of some seconds."""
    keys = [_window_key(who, action, window) for who in callers]
    counted = cast("CountingRedisCache", cache).count_up(keys, timeout=2 * window)
    return [counted.get(key, 1) for key in keys]


def calls_in_window(who: str, action: str, window: int) -> int:
    """Return the number of calls in the current window, as stored in the cache."""
    return int(cache.get(_window_key(who, action, window), 0))


def _window_key(who: str, action: str, window: int) -> str:
    return f"limit:{who}:{action}:{int(clock.now().timestamp()) // window}"
