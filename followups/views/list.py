"""The list of follow-ups: overdue first, then today, this week, later. One URL, one view; a fragment for htmx."""

from crm.web.requests.permissions import require
from django.http import HttpResponse
from django.shortcuts import render

from crm.kernel import clock
from crm.platform.access.permissions import allows
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest, is_fragment
from followups.filters import ALL, Filters
from followups.models import Status
from followups.paging import read_page
from followups.rows import RowMaker, groups
from followups.tiles import tiles
from followups.time_choices import Bounds


@require("followups.view")
def follow_ups(request: TenantRequest) -> HttpResponse:
    """The member's own, or those the filters ask for."""
    member = request.member
    reader = Reader.of(member, clock.now())
    bounds, filters = Bounds.of(reader), Filters.read(request.GET, member)
    page = read_page(filters.apply(member, bounds), request.GET, latest_first=filters.latest_first)
    maker = RowMaker(request, reader, page.rows)
    later = [row.due_at for row in page.rows if row.is_open and row.due_at and row.due_at > reader.now]
    crossing = min([*later, bounds.day_end])
    context = {
        "filters": filters,
        "chips": filters.chips(member),
        "fields": filters.fields(member),
        "own": not filters.who,
        "everybody_url": filters.query(who=ALL) if not filters.who and allows(member, "followups.see_all") else "",
        "tiles": tiles(filters, member, bounds),
        "places": [(when, filters.query(when=when, status=""), filters.when == when) for when in _PLACES],
        "done_url": filters.query(when="", status=Status.COMPLETED),
        "all_times": filters.query(when=""),
        "groups": groups(page.rows, maker, bounds),
        "page": page,
        "first_url": filters.query(),
        "here": request.get_full_path(),
        "crossing": crossing.isoformat(),
        "come_from": "list",
        "may_export": allows(member, "export"),
    }
    return render(request, "followups/_refresh.html" if is_fragment(request) else "followups/list.html", context)


_PLACES = ("overdue", "today", "week")
