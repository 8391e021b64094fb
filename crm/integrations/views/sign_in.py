"""Sign-in to a calendar provider (OAuth 2 with PKCE): begin it, and connect the account when the member returns.

The session holds the verifier and a random state, so only the browser that began it can finish it. The worker exchanges
the code for tokens. It begins with a link: the policy of pages forbids forms that lead to other sites.
"""

import secrets
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from crm.integrations.models import CalendarConnection
from crm.integrations.providers.oauth import new_verifier, oauth_provider, sign_in_url
from crm.integrations.views.calendars import EDIT
from crm.kernel.refusal import Refused
from crm.web.requests.error_pages import not_found
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require

_SESSION = "calendar_sign_in"
_SALT = "calendar sign-in"
_MOST_SECONDS = 3600
_LONGEST = 4_000


@require(EDIT)
@require_safe
def begin_sign_in(request: TenantRequest) -> HttpResponse:
    """Send the member to the provider, to connect a new account or one that was connected before."""
    connection = CalendarConnection.objects.of(request.member).filter(uid=_uid_of(request)).first()
    name = request.GET.get("provider", "")
    if connection:
        name = connection.provider
    provider = oauth_provider(name)
    if provider is None:
        messages.error(request, _("Choose a provider that is set up."))
        return _redirect_to_calendars(request)
    begun = {
        "state": secrets.token_urlsafe(24),
        "verifier": new_verifier(),
        "provider": name,
        "connection": str(connection.uid) if connection else "",
    }
    request.session[_SESSION] = begun
    state = signing.dumps([request.tenant.slug, begun["state"]], salt=_SALT)
    url = sign_in_url(provider, state=state, verifier=begun["verifier"], redirect_uri=_redirect_uri())
    return redirect(url)


@require_safe
def provider_return(request: HttpRequest) -> HttpResponse:
    """Pass what the provider sent on to the tenant in which the sign-in began."""
    state = request.GET.get("state", "")[:_LONGEST]
    try:
        slug, _nonce = signing.loads(state, salt=_SALT, max_age=_MOST_SECONDS)
    except (signing.BadSignature, ValueError):
        return not_found(request)
    url = reverse("connected_calendars:finish_sign_in", args=[slug])
    return redirect(f"{url}?{request.GET.urlencode()}")


@require(EDIT)
@require_safe
def finish_sign_in(request: TenantRequest) -> HttpResponse:
    """Connect the account of a sign-in that this browser began."""
    begun = request.session.pop(_SESSION, None)
    code = request.GET.get("code", "")[:_LONGEST]
    if begun is None or not _is_same_state(request, begun):
        messages.error(request, _("The sign-in took too long or was begun elsewhere. Try again."))
    elif not code:
        messages.error(request, _("The provider did not allow access."))
    else:
        _connect_account(request, begun, code)
    return _redirect_to_calendars(request)


def _is_same_state(request: TenantRequest, begun: dict[str, Any]) -> bool:
    try:
        slug, nonce = signing.loads(request.GET.get("state", "")[:_LONGEST], salt=_SALT, max_age=_MOST_SECONDS)
    except (signing.BadSignature, ValueError):
        return False
    return bool(slug == request.tenant.slug and secrets.compare_digest(str(nonce), str(begun["state"])))


def _connect_account(request: TenantRequest, begun: dict[str, Any], code: str) -> None:
    values = {"code": code, "verifier": begun["verifier"], "redirect_uri": _redirect_uri()}
    rows = CalendarConnection.objects.of(request.member)
    connection = None
    if begun["connection"]:
        connection = rows.filter(uid=begun["connection"]).first()
    try:
        if connection:
            connection.reconnect(values)
        else:
            CalendarConnection.connect(request.member, begun["provider"], values).schedule()
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Your calendars are being looked up. It takes a moment."))


def _uid_of(request: TenantRequest) -> str | None:
    """Return the uid of the connection that is signed in again; None for a new one."""
    uid = request.GET.get("connection", "")
    try:
        return str(UUID(uid))
    except ValueError:
        return None


def _redirect_uri() -> str:
    return f"{settings.SITE_URL}{reverse('calendar_provider_return')}"


def _redirect_to_calendars(request: TenantRequest) -> HttpResponse:
    return redirect("connected_calendars:calendars", request.tenant.slug)
