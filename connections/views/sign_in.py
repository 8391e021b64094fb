"""Sign-in to a system (OAuth 2): begin it, and connect the account when the member returns."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from connections.beginning import begin_connection
from connections.models import Connection
from connections.permissions import MANAGE
from connections.system_kinds import system_kinds
from connections.views.connect import active_brands
from crm.integrations.oauth_sign_in import OAuthSignIn, ReturnedSignIn
from crm.kernel.refusal import Refused
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require

SIGN_IN = OAuthSignIn(
    key="connection_sign_in", return_url="connection_provider_return", finish_url="connections:finish_sign_in"
)
_DRAFT = "connection_draft"


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
    uid = str(connection.uid) if connection else ""
    return SIGN_IN.begin(request, provider, {"draft": draft, "connection": uid})


@require_safe
def provider_return(request: HttpRequest) -> HttpResponse:
    """Pass what the system sent on to the tenant in which the sign-in began."""
    return SIGN_IN.pass_on(request)


@require(MANAGE)
@require_safe
def finish_sign_in(request: TenantRequest) -> HttpResponse:
    """Connect the account of a sign-in that this browser began."""
    try:
        connection = _connect_account(request, SIGN_IN.finish(request))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("connections:connections", request.tenant.slug)
    messages.success(request, _("It is connected, and is being synchronized."))
    return redirect("connections:connection", request.tenant.slug, connection.uid)


def _connect_account(request: TenantRequest, sign_in: ReturnedSignIn) -> Connection:
    options: dict[str, Any] = {}
    # QuickBooks Online says in the answer which company it is.
    if realm := request.GET.get("realmId", "")[:40]:
        if not realm.isascii() or not realm.isdecimal():
            raise Refused(_("The sign-in named no company. Try again."))
        options["realm_id"] = realm
    if sign_in.details["connection"]:
        row: Connection | None = Connection.objects.filter(uid=sign_in.details["connection"]).first()
        if row is None:
            raise Refused(_("The connection was removed meanwhile."))
        if row.options.get("realm_id", "") != options.get("realm_id", ""):
            raise Refused(_("This is another company than before. Disconnect it first."))
        row.reconnect(sign_in.code_values, by=request.member)
        return row
    draft = request.session.pop(_DRAFT, None) or sign_in.details["draft"]
    brand = next((one for one in active_brands() if str(one.uid) == draft["brand"]), None)
    return begin_connection(
        system_kinds()[draft["kind"]],
        draft["name"],
        secrets=sign_in.code_values,
        options=draft["options"] | options,
        brand=brand,
        owner=request.member,
        by=request.member,
    )


def _connection_of(request: TenantRequest) -> Connection | None:
    try:
        uid = UUID(request.GET.get("connection", ""))
    except ValueError:
        return None
    return Connection.objects.filter(uid=uid).first()
