"""The list of follow-ups: overdue first, then today, this week, later. One URL, one view; a fragment for htmx."""

from django.http import HttpResponse
from django.shortcuts import render

from crm.kernel import clock
from crm.platform.access.permissions import allows
from crm.web.lists.paging import read_page
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest, is_fragment
from crm.web.requests.permissions import require
from followups.follow_up_list import FOLLOW_UPS
from followups.layouts.head import page_context
from followups.row_html import FollowUpRowHtml
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
    page = read_page(FOLLOW_UPS.apply(filters, member).with_jobs(), request.GET, FOLLOW_UPS.order(filters))
    maker = FollowUpRowBuilder(request, reader, page.rows)
    later = [row.due_at for row in page.rows if row.is_open and row.due_at and row.due_at > reader.now]
    crossing = min([*later, bounds.day_end])
    figures = count_tiles(filters, member, reader)
    counts = {}
    if not FOLLOW_UPS.asks_for_closed(filters):
        counts = figures.groups
    headed = group_by_time(page.rows, maker, bounds, counts)
    may_pick = allows(member, "followups.work")
    renderer = FollowUpRowHtml(request, here=request.get_full_path(), may_pick=may_pick)
    for group in headed:
        group.body = renderer.all_html(group.rows)
    context = {
        **page_context(request, filters, figures, "list"),
        "content": "followups/_content.html",
        "groups": headed,
        # Whose numbers follow what is done below them.
        "headings": ", ".join(f"#group-{key}" for key in figures.groups),
        "emptied": figures.groups.keys() - {group.key for group in headed if group.count},
        "page": page,
        "crossing": crossing.isoformat(),
        "may_pick": may_pick,
    }
    template = "followups/list.html"
    if is_fragment(request):
        template = "followups/_refresh.html"
    return render(request, template, context)
