"""Take note of an unusual day, with what explains it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.web.actions.row_action import safe_next
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from reports.models import UnusualDay


@require_POST
@require("reports.acknowledge")
def acknowledge(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Take note of it; noted already, it says so by what the page shows."""
    row: UnusualDay = get_object_or_404(UnusualDay, uid=uid)
    row.acknowledge(request.POST.get("note", ""), by=request.member)
    messages.success(request, _("Acknowledged. It is off the list."))
    return redirect(safe_next(request) or reverse("reports:dashboard", args=[request.tenant.slug]))
