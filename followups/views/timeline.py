"""The timeline: a row per customer, with their follow-ups by day."""

from django.http import HttpResponse
from django.shortcuts import render

from crm.kernel import clock
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest, is_fragment
from crm.web.requests.permissions import require
from followups.follow_up_list import FOLLOW_UPS
from followups.layouts.head import page_context
from followups.layouts.timeline import TimelinePage
from followups.tiles import count_tiles
from followups.time_choices import Bounds


@require("followups.view")
def timeline(request: TenantRequest) -> HttpResponse:
    """Show the customers of the filtered follow-ups, and what was done, missed or is planned for each by day."""
    member = request.member
    reader = Reader.of(member, clock.now())
    bounds = Bounds.of(reader)
    filters = FOLLOW_UPS.read(request.GET, member)
    days = TimelinePage(request.GET, filters, member, reader)
    around = page_context(request, filters, count_tiles(filters, member, reader), "timeline")
    context = {
        **around,
        "content": "followups/_timeline.html",
        "heads": days.heads(),
        "rows": days.rows(),
        "page": days.page,
        "earlier": days.query(-1),
        "later": days.query(1),
        "today_query": filters.query(position={}),
        "period": f"{reader.date(days.days[0])} – {reader.date(days.days[-1])}",
        "is_now": "day" not in request.GET,
        "crossing": bounds.day_end.isoformat(),
    }
    template = "followups/list.html"
    if is_fragment(request):
        template = "followups/_refresh.html"
    return render(request, template, context)
