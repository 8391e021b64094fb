"""The day's page: what a member has to do today, readable and workable without a network (docs/offline.md)."""

from django.http import HttpResponse
from django.shortcuts import render

from crm.jobs.models import Job
from crm.kernel import clock
from crm.platform.access.permissions import allows
from crm.platform.models import Member
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from followups.calls.outcomes import OUTCOMES
from followups.calls.queue import call_kinds
from followups.models import FollowUp, FollowUpOutcome
from followups.notes.lines import read_note_lines
from followups.offline.models import OfflineAct
from followups.offline.seen_state import SeenState
from followups.rows import FollowUpListRow, FollowUpRowBuilder
from followups.time_choices import Bounds, list_time_chips

# What the browser keeps is bounded: personal data of no more follow-ups than these.
MOST = 100
MOST_DONE = 30


@require("followups.view")
def today(request: TenantRequest) -> HttpResponse:
    """Show the member's follow-ups that are overdue or due today, and done today; scripts and forms work offline."""
    reader = Reader.of(request.member, clock.now())
    bounds = Bounds.of(reader)
    mine = FollowUp.objects.filter(assignee_id=request.member.pk).open()
    rows = list(mine.filter(sort_at__lt=bounds.day_end).by_time()[:MOST])
    done = FollowUp.objects.filter(completed_by_id=request.member.pk, completed_at__gte=bounds.day_start)
    closed = list(done.order_by("completed_at", "pk")[:MOST_DONE])
    maker = FollowUpRowBuilder(request, reader, rows + closed)
    notes = read_note_lines(rows, reader, request.member.pk)
    calls = set(call_kinds())
    context = {
        "stops": [
            _stop(maker.row(row), maker.jobs.get(row.job_id or 0), is_call=row.kind in calls)
            | {"note_lines": notes[row.pk]}
            for row in rows
        ],
        "done": [_stop(maker.row(row), maker.jobs.get(row.job_id or 0), is_call=False) for row in closed],
        "conflicts": _conflicts(request.member),
        "may_work": allows(request.member, "followups.work"),
        "as_of": reader.time(reader.now),
        "today": reader.long_day(reader.now),
        "call_outcomes": OUTCOMES.values(),
        "outcomes": FollowUpOutcome.choices,
        "chips": list_time_chips(reader),
        "day": reader.today.isoformat(),
    }
    return render(request, "followups/offline/today.html", context)


def _conflicts(member: Member) -> list[OfflineAct]:
    """Return the changes that the member is to decide on, of follow-ups the member still sees."""
    visible = FollowUp.objects.visible_to(member).order_by().values("pk")
    rows = OfflineAct.objects.visible_to(member).conflicts().filter(follow_up_id__in=visible)
    return list(rows.order_by("pk").prefetch_related("follow_up")[:MOST])


def _stop(row: FollowUpListRow, job: Job | None, *, is_call: bool) -> dict[str, object]:
    """Return what the page shows of a follow-up, and what its changes are based on. Values of leads are not kept."""
    name = row.about
    if job:
        name = job.title
    return {"row": row, "name": name, "seen": SeenState.of(row.follow_up), "is_call": is_call}
