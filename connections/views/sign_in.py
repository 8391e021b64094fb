"""Sign-in to a system (OAuth 2): begin it, and connect the account when the member returns.

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

from connections.beginning import begin_connection
from connections.models import Connection
from connections.permissions import MANAGE
from connections.system_kinds import system_kinds
from connections.views.connect import active_brands
from crm.integrations.providers.oauth import new_verifier, sign_in_url
from crm.kernel.refusal import Refused
from crm.web.requests.error_pages import not_found
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require

_SESSION = "connection_sign_in"
_DRAFT = "connection_draft"
_SALT = "connection sign-in"
_MOST_SECONDS = 3600
_LONGEST = 4_000


@require(MANAGE)
@require_safe
def begin_sign_in(request: TenantRequest) -> HttpResponse:
    """Send the member to the system, to connect what they entered, or a connection that stopped."""
    draft = request.session.get(_DRAFT)
    connection = _connection_of(request)
    name = draft["kind"] if draft and not connection else ""
    if connection:
        name = connection.kind
    kind = system_kinds().get(name)
    provider = kind.provider() if kind and kind.provider else None
    if provider is None:
        messages.error(request, _("Choose the system again."))
        return redirect("connections:choose", request.tenant.slug)
    verifier = new_verifier()
    begun = {
        "state": secrets.token_urlsafe(24),
        "verifier": verifier,
        "draft": draft,
        "connection": str(connection.uid) if connection else "",
    }
    request.session[_SESSION] = begun
    state = signing.dumps([request.tenant.slug, begun["state"]], salt=_SALT)
    return redirect(sign_in_url(provider, state=state, verifier=verifier, redirect_uri=_redirect_uri()))


@require_safe
def provider_return(request: HttpRequest) -> HttpResponse:
    """Pass what the system sent on to the tenant in which the sign-in began."""
    state = request.GET.get("state", "")[:_LONGEST]
    try:
        slug, _nonce = signing.loads(state, salt=_SALT, max_age=_MOST_SECONDS)
    except (signing.BadSignature, ValueError):
        return not_found(request)
    url = reverse("connections:finish_sign_in", args=[slug])
    return redirect(f"{url}?{request.GET.urlencode()}")


@require(MANAGE)
@require_safe
def finish_sign_in(request: TenantRequest) -> HttpResponse:
    """Connect the account of a sign-in that this browser began."""
    begun = request.session.pop(_SESSION, None)
    code = request.GET.get("code", "")[:_LONGEST]
    if begun is None or not _is_same_state(request, begun):
        messages.error(request, _("The sign-in took too long or was begun elsewhere. Try again."))
    elif not code:
        messages.error(request, _("The system did not allow access."))
    else:
        try:
            return _connect_account(request, begun, code)
        except Refused as refusal:
            messages.error(request, str(refusal))
    return redirect("connections:connections", request.tenant.slug)


def _connect_account(request: TenantRequest, begun: dict[str, Any], code: str) -> HttpResponse:
    values = {"code": code, "verifier": begun["verifier"], "redirect_uri": _redirect_uri()}
    options: dict[str, Any] = {}
    # QuickBooks Online says in the answer which company it is.
    if realm := request.GET.get("realmId", "")[:40]:
        if not realm.isascii() or not realm.isdecimal():
            raise Refused(_("The sign-in named no company. Try again."))
        options["realm_id"] = realm
    if begun["connection"]:
        row = Connection.objects.filter(uid=begun["connection"]).first()
        if row is None:
            raise Refused(_("The connection was removed meanwhile."))
        if row.options.get("realm_id", "") != options.get("realm_id", ""):
            raise Refused(_("This is another company than before. Disconnect it first."))
        row.reconnect(values, by=request.member)
    else:
        draft = request.session.pop(_DRAFT, None) or begun["draft"]
        brand = next((one for one in active_brands() if str(one.uid) == draft["brand"]), None)
        row = begin_connection(
            system_kinds()[draft["kind"]],
            draft["name"],
            secrets=values,
            options=draft["options"] | options,
            brand=brand,
            owner=request.member,
            by=request.member,
        )
    messages.success(request, _("It is connected, and is being synchronized."))
    return redirect("connections:connection", request.tenant.slug, row.uid)


def _connection_of(request: TenantRequest) -> Connection | None:
    try:
        uid = UUID(request.GET.get("connection", ""))
    except ValueError:
        return None
    return Connection.objects.filter(uid=uid).first()


def _is_same_state(request: TenantRequest, begun: dict[str, Any]) -> bool:
    try:
        slug, nonce = signing.loads(request.GET.get("state", "")[:_LONGEST], salt=_SALT, max_age=_MOST_SECONDS)
    except (signing.BadSignature, ValueError):
        return False
    return bool(slug == request.tenant.slug and secrets.compare_digest(str(nonce), str(begun["state"])))


def _redirect_uri() -> str:
    return f"{settings.SITE_URL}{reverse('connection_provider_return')}"
