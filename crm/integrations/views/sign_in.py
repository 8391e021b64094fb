"""Sign-in to a calendar provider: begin it, and connect the account when the member returns."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from crm.integrations.models import CalendarConnection
from crm.integrations.oauth_sign_in import OAuthSignIn, ReturnedSignIn
from crm.integrations.providers.oauth import oauth_provider
from crm.integrations.views.calendars import EDIT
from crm.kernel.refusal import Refused
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require

SIGN_IN = OAuthSignIn(
    key="calendar_sign_in",
    return_url="calendar_provider_return",
    finish_url="connected_calendars:finish_sign_in",
)


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
    uid = str(connection.uid) if connection else ""
    return SIGN_IN.begin(request, provider, {"provider": name, "connection": uid})


@require_safe
def provider_return(request: HttpRequest) -> HttpResponse:
    """Pass what the provider sent on to the tenant in which the sign-in began."""
    return SIGN_IN.pass_on(request)


@require(EDIT)
@require_safe
def finish_sign_in(request: TenantRequest) -> HttpResponse:
    """Connect the account of a sign-in that this browser began."""
    try:
        _connect_account(request, SIGN_IN.finish(request))
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Your calendars are being looked up. It takes a moment."))
    return _redirect_to_calendars(request)


def _connect_account(request: TenantRequest, sign_in: ReturnedSignIn) -> None:
    details = sign_in.details
    connection = None
    if details["connection"]:
        connection = CalendarConnection.objects.of(request.member).filter(uid=details["connection"]).first()
    if connection:
        connection.reconnect(sign_in.code_values)
    else:
        CalendarConnection.connect(request.member, details["provider"], sign_in.code_values).schedule()


def _uid_of(request: TenantRequest) -> str | None:
    """Return the uid of the connection that is signed in again; None for a new one."""
    uid = request.GET.get("connection", "")
    try:
        return str(UUID(uid))
    except ValueError:
        return None


def _redirect_to_calendars(request: TenantRequest) -> HttpResponse:
    return redirect("connected_calendars:calendars", request.tenant.slug)
