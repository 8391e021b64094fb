"""The list of gate decisions of the organization."""

from django.http import HttpResponse
from django.shortcuts import render

from comms.gate.decision_list import DECISIONS
from comms.gate.ledger import days_of
from comms.models import KillSwitch
from crm.kernel import clock
from crm.web.lists.page import frame
from crm.web.lists.paging import read_page
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require


@require("comms.view")
def decisions(request: TenantRequest) -> HttpResponse:
    """Show the decisions a member may see, latest first."""
    filters = DECISIONS.read(request.GET, request.member)
    rows = DECISIONS.apply(filters, request.member).select_related("message__author", "message__person")
    page = read_page(rows, request.GET, DECISIONS.order_of(filters))
    context = {
        "page": page,
        "days": days_of(page.rows, Reader.of(request.member, clock.now())),
        "first_url": filters.query(),
        "switches": KillSwitch.objects.on().filter(person__isnull=True).select_related("by", "brand", "channel"),
        **frame(request, DECISIONS, filters),
    }
    return render(request, "comms/gate/decisions.html", context)
