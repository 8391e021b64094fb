"""The panel of follow-ups about one record; without scripts it is a page."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from crm.kernel import clock
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest, is_fragment
from crm.web.requests.permissions import require
from followups.links.planned_record import read_planned_record
from followups.models import FollowUp
from followups.models.queryset import OPEN
from followups.rows import FollowUpRowBuilder

# Of those that are closed, the latest are shown.
MOST = 20
MOST_CLOSED = 5


@require("followups.view")
@require_GET
def of_record(request: TenantRequest) -> HttpResponse:
    """Show the follow-ups about the record in the address, as `?ticket=7`: the open ones, then the latest closed.

    Without a record it redirects to the list.
    """
    about = read_planned_record(request.GET, request.member)
    if about.record is None:
        return redirect("followups:list", request.tenant.slug)
    rows = FollowUp.objects.about(about.record).visible_to(request.member)
    follow_ups = [
        *rows.open().by_time()[:MOST],
        *rows.exclude(status__in=OPEN).order_by("-sort_at", "-id")[:MOST_CLOSED],
    ]
    maker = FollowUpRowBuilder(request, Reader.of(request.member, clock.now()), follow_ups)
    context: dict[str, Any] = {
        "about": about,
        "about_url": about.url(request.tenant.slug),
        "rows": [maker.row(row) for row in follow_ups],
    }
    template = "followups/of_record.html"
    if is_fragment(request):
        template += "#panel"
    return render(request, template, context)
