"""The list of follow-ups: overdue first, then today, this week, later. One URL, one view; a fragment for htmx."""

from urllib.parse import parse_qsl

from django.http import HttpResponse
from django.shortcuts import render

from crm.kernel import clock
from crm.platform.access.permissions import allows
from crm.web.lists.page import frame
from crm.web.lists.paging import read_page
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest, is_fragment
from crm.web.requests.permissions import require
from followups.filters import ALL, SEE_ALL
from followups.follow_up_list import FOLLOW_UPS
from followups.models import FollowUpStatus
from followups.rows import FollowUpRowBuilder, group_by_time
from followups.tiles import count_tiles
from followups.time_choices import Bounds


@require("followups.view")
def follow_ups(request: TenantRequest) -> HttpResponse:
    """Show the member's own follow-ups, or those the filters select."""
    member = request.member
    reader = Reader.of(member, clock.now())
    bounds = Bounds.of(reader)
    filters = FOLLOW_UPS.read(request.GET, member)
    page = read_page(FOLLOW_UPS.apply(filters, member), request.GET, FOLLOW_UPS.order(filters))
    maker = FollowUpRowBuilder(request, reader, page.rows)
    later = [row.due_at for row in page.rows if row.is_open and row.due_at and row.due_at > reader.now]
    crossing = min([*later, bounds.day_end])
    sees_others = not filters.asks("who") and allows(member, SEE_ALL)
    figures = count_tiles(filters, member, bounds)
    headed = group_by_time(page.rows, maker, bounds, figures.groups if not filters.asks("status") else {})
    context = {
        "filters": filters,
        "everybody_url": filters.query(who=ALL) if sees_others else "",
        "tiles": figures,
        "places": [(when, filters.query(when=when, status=""), filters.get("when") == when) for when in _PLACES],
        "done_url": filters.query(when="", status=FollowUpStatus.COMPLETED),
        "groups": headed,
        # Whose numbers follow what is done below them.
        "headings": ", ".join(f"#group-{group.key}" for group in headed if group.count),
        "emptied": figures.groups.keys() - {group.key for group in headed if group.count},
        "page": page,
        "first_url": filters.query(),
        "here": request.get_full_path(),
        "crossing": crossing.isoformat(),
        "come_from": "list",
        # What the search keeps of the other filters.
        "kept": parse_qsl(filters.changed(q="").query().removeprefix("?")),
        "may_export": allows(member, "export"),
        "may_pick": allows(member, "followups.work"),
    }
    if is_fragment(request):
        return render(request, "followups/_refresh.html", context)
    return render(request, "followups/list.html", context | frame(request, FOLLOW_UPS, filters))


_PLACES = ("overdue", "today", "week")
