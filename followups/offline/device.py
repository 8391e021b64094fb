"""The page of this device: what is kept on it, the changes that wait on it, and how notices reach it."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from crm.kernel import formats
from crm.platform.organization.configuration import directory
from crm.platform.push.installation_key import public_key
from crm.web.models import PushSubscription
from crm.web.notices.delivery.texts import confirmed_number
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from followups.offline.today import MOST


@require("followups.view")
@require_GET
def device(request: TenantRequest) -> HttpResponse:
    """Show it; what only the browser knows is filled in by static/js/device.js."""
    number = confirmed_number(request.member)
    context = {
        "push_key": public_key(),
        "devices": PushSubscription.objects.of(request.member).count(),
        "number": formats.phone(number, directory().tenant.country) if number else "",
        "most": MOST,
        "here": request.path,
    }
    return render(request, "followups/offline/device.html", context)
