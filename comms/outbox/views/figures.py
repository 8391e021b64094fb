"""The figures of what was sent, by brand and channel."""

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render

from comms.outbox.figures import figures
from comms.outbox.outbox_list import SEE_ALL
from crm.kernel import clock
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require

# Days to choose from.
PERIODS = (7, 30, 90)


@require(SEE_ALL)
def sent_figures(request: TenantRequest) -> HttpResponse:
    """Show what became of what was sent in the last days."""
    asked = request.GET.get("days", "")
    days = next((days for days in PERIODS if str(days) == asked), 30)
    now = clock.now()
    context = {"lines": figures(now - timedelta(days=days), now), "days": days, "periods": PERIODS}
    return render(request, "comms/outbox/figures.html", context)
