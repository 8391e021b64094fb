"""Rate limits of the API, by token and by tenant, counted as those of pages are (crm/web/requests/throttle.py)."""

from typing import Any

from django.conf import settings
from rest_framework.throttling import BaseThrottle

from crm.kernel import clock
from crm.web.requests.throttle import calls_in_window, count_calls

WINDOW = 60


class TokenRate(BaseThrottle):
    """Limits the requests of a minute. Every answer says how many are left."""

    def allow_request(self, request: Any, view: Any) -> bool:
        token = request.auth
        caller = f"token:{token.token_id}"
        if not token.token_id:
            caller = f"member:{token.member_id}"
        by_caller, by_tenant = count_calls([caller, f"tenant:{token.tenant_id}"], "api", WINDOW)
        left = min(settings.API_RATE - by_caller, settings.API_RATE_OF_TENANT - by_tenant)
        view.rate_headers = {
            "RateLimit-Limit": str(settings.API_RATE),
            "RateLimit-Remaining": str(max(left, 0)),
            "RateLimit-Reset": str(seconds_left()),
        }
        return left >= 0

    def wait(self) -> int:
        return seconds_left()


def calls_of_token(token_id: int) -> int:
    """Return how often a token was used in the current window."""
    return calls_in_window(f"token:{token_id}", "api", WINDOW)


def seconds_left() -> int:
    """Return the seconds until the next window begins."""
    return WINDOW - int(clock.now().timestamp()) % WINDOW
