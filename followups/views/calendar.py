"""The calendar: follow-ups by day, with the appointments of the same members. An entry is moved by drag and drop."""

from django.http import HttpResponse
from django.shortcuts import render

from crm.kernel import clock
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest, is_fragment
from crm.web.requests.permissions import require
from followups.follow_up_list import FOLLOW_UPS
from followups.layouts.calendar import SPANS, CalendarPage
from followups.layouts.head import page_context
from followups.rows import FollowUpRowBuilder
from followups.tiles import count_tiles
from followups.time_choices import Bounds


@require("followups.view")
def calendar(request: TenantRequest) -> HttpResponse:
    """Show the calendar: the span of the URL, else the one shown last; today, unless another day is named."""
    member = request.member
    reader = Reader.of(member, clock.now())
    bounds = Bounds.of(reader)
    filters = FOLLOW_UPS.read(request.GET, member)
    key = f"followups_span_{request.tenant.pk}"
    page = CalendarPage(request.GET, filters, reader, request.session.get(key, ""))
    if request.GET.get("span") in SPANS and request.session.get(key) != page.span:
        request.session[key] = page.span
    around = page_context(request, filters, count_tiles(filters, member, reader), "calendar")
    context = {
        **around,
        **page.context(
            member,
            lambda rows: FollowUpRowBuilder(request, reader, rows, in_list=False),
            may_work=around["may_work"],
        ),
        "content": "followups/_calendar.html",
        "own_query": page.query(),
        "missed_url": around["list_url"] + filters.without("when", "status").query(status="missed", position={}),
        "crossing": bounds.day_end.isoformat(),
    }
    template = "followups/list.html"
    if is_fragment(request):
        template = "followups/_refresh.html"
    return render(request, template, context)
