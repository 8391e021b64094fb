"""A member's number for text notices, confirmed by entering a code sent to it."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.kernel.normalization import normalize_phone
from crm.kernel.refusal import Refused
from crm.platform.organization.configuration import directory
from crm.web.models import StaffNumber
from crm.web.notices.delivery.texts import send_code, text_sender
from crm.web.notices.views import VIEW
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require


@require(VIEW)
@require_POST
def ask(request: TenantRequest) -> HttpResponse:
    """Send a code to `number`."""
    number = normalize_phone(request.POST.get("number", "")[:40], directory().tenant.country)
    try:
        if text_sender() is None:
            raise Refused(_("We can’t send text messages to your number right now."))
        if number is None:
            raise Refused(_("That is not a valid phone number."))
        with transaction.atomic():
            send_code(request.member, number)
    except Refused as why:
        messages.error(request, str(why))
    else:
        messages.success(request, _("A code is on its way. Enter it below."))
    return _redirect_to_settings(request)


@require(VIEW)
@require_POST
def confirm(request: TenantRequest) -> HttpResponse:
    """Confirm the number with the code that was sent: `code`."""
    row = StaffNumber.of(request.member)
    try:
        if row is None:
            raise Refused(_("Request a code first."))
        if row.confirm(request.POST.get("code", "")[:20]):
            messages.success(request, _("Your number is confirmed. Choose below what you want by text message."))
        else:
            messages.error(request, _("That code is wrong."))
    except Refused as why:
        messages.error(request, str(why))
    return _redirect_to_settings(request)


@require(VIEW)
@require_POST
def remove(request: TenantRequest) -> HttpResponse:
    """Remove the number. Text notices are sent by email instead."""
    StaffNumber.objects.filter(member=request.member).delete()
    messages.success(request, _("Your number is removed. What came by text message comes by email now."))
    return _redirect_to_settings(request)


def _redirect_to_settings(request: TenantRequest) -> HttpResponse:
    return redirect("notice_settings", request.tenant.slug)
