"""Require reauthentication by password, code or passkey before sensitive actions: roles, export, secrets, factors.

A password, a code or a passkey counts for ACCOUNT_REAUTHENTICATION_TIMEOUT (15 minutes) in this session, and so does
a password one has just set; having signed in does not. What was posted is not kept meanwhile: it may hold a password,
and it is not the user's word yet.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from crm.platform.accounts.second_factor import has_second_factor
from crm.platform.models import User
from crm.web.requests.http import page_path

# What allauth calls them in a session.
_BY_PASSWORD, _BY_FACTOR = "password", "mfa"
# What a view answers; an action of a settings page says words.
A = TypeVar("A")


def recently_confirmed(request: HttpRequest) -> bool:
    """True if this session's user has reauthenticated within the last 15 minutes.

    By their second factor if they have one: that they confirmed by the password before they had it counts no more.
    """
    if not did_recently_reauthenticate(request):
        return False
    records = get_authentication_records(request, request.user)
    last = [record for record in records if record.get("reauthenticated")][-1:]
    return not has_second_factor(request.user.pk) or any(record["method"] == _BY_FACTOR for record in last)


def note_factor_proven(request: HttpRequest, factor: Authenticator) -> None:
    """Count the setup of a second factor as reauthentication: the user proved to hold it."""
    record = {"id": factor.pk, "type": factor.type, "reauthenticated": True}
    record_authentication(request, cast("User", request.user), _BY_FACTOR, **record)


def note_password_set(request: HttpRequest, user: User) -> None:
    """Count setting one's own password as reauthentication, if the user is signed in by it.

    Of somebody who has a second factor it counts no more than the password does.
    """
    if request.user.is_authenticated and request.user.pk == user.pk:
        record_authentication(request, user, _BY_PASSWORD, reauthenticated=True)


def confirm_first(
    *, back: str = "", only_post: bool = False
) -> Callable[[Callable[..., A]], Callable[..., A | HttpResponse]]:
    """Decorator: require reauthentication, then return to `back` (a URL name), or to the page itself.

    `only_post`: the page may be looked at without. Below `@require` and `login_required`, which say who may at all.
    """

    def decorate(view: Callable[..., A]) -> Callable[..., A | HttpResponse]:
        @wraps(view)
        def confirmed_view(request: Any, *args: Any, **kwargs: Any) -> A | HttpResponse:
            harmless = only_post and request.method in ("GET", "HEAD")
            if harmless or recently_confirmed(request):
                return view(request, *args, **kwargs)
            return ask_to_confirm(request, back)

        return confirmed_view

    return decorate


def ask_to_confirm(request: Any, back: str = "", *arguments: Any) -> HttpResponse:
    """Redirect to reauthentication and back; for views that decide themselves whether it is needed.

    `arguments`: those of the URL `back`, after the tenant.
    """
    ways = get_adapter(request).get_reauthentication_methods(request.user)
    if not ways:
        raise PermissionDenied
    if request.method not in ("GET", "HEAD"):
        messages.info(request, _("Confirm that it is you, then do it once more."))
    url = f"{ways[0]['url']}?{urlencode({'next': _way_back(request, back, arguments)})}"
    if request.htmx:
        return cast("HttpResponse", HttpResponseClientRedirect(url))
    return redirect(url)


def _way_back(request: Any, back: str, arguments: tuple[Any, ...]) -> str:
    if back:
        tenant = getattr(request, "tenant", None)
        return reverse(back, args=[*([tenant.slug] if tenant else []), *arguments])
    return (request.htmx and page_path(request)) or str(request.get_full_path())
