"""The day's page: what a member has to do today, readable without a network (static/js/day.js, docs/offline.md)."""

from django.http import HttpResponse
from django.shortcuts import render

from crm.kernel import clock
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from followups.models import FollowUp
from followups.rows import FollowUpRowBuilder
from followups.time_choices import Bounds

# What the browser keeps is bounded: personal data of no more follow-ups than these.
MOST = 100


@require("followups.view")
def today(request: TenantRequest) -> HttpResponse:
    """Show the member's follow-ups that are overdue or due today, without anything that needs the server."""
    reader = Reader.of(request.member, clock.now())
    mine = FollowUp.objects.filter(assignee_id=request.member.pk).open()
    follow_ups = list(mine.filter(sort_at__lt=Bounds.of(reader).day_end).by_time()[:MOST])
    maker = FollowUpRowBuilder(request, reader, follow_ups)
    context = {
        "rows": [maker.row(follow_up) for follow_up in follow_ups],
        "as_of": reader.time(reader.now),
        "today": reader.long_day(reader.now),
    }
    return render(request, "followups/today.html", context)
