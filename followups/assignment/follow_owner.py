"""Reassign a job's open follow-ups to its new owner if the previous owner or no one had them; undo restores them.

Uses the job as it is now, not the event: running twice, or late, assigns nothing wrongly.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from crm.jobs.models import Job
from crm.platform.models import Event
from followups.models import FollowUp

# The cause in the event of a follow-up reassigned with its job.
CAUSE = "job.assigned"

Gift = tuple[FollowUp, int | None]


def follow_job_owner(changes: Sequence[Event]) -> None:
    """Reassign the follow-ups of these jobs; first those given back, as a job may have been reassigned again since."""
    undone = {one.subject_id: one for one in changes if one.kind == "job.undone" and one.data.get("of") == CAUSE}
    owners: dict[int | None, set[int | None]] = defaultdict(set)
    for change in changes:
        if change.kind == CAUSE:
            owners[change.subject_id].add(change.data.get("from"))
    # The jobs first: whoever changes a follow-up waits there.
    jobs = Job.objects.select_for_update().filter(pk__in={*undone, *owners}).order_by("pk")
    members = dict(jobs.values_list("pk", "member_id"))
    FollowUp.assign_all(_of_undone(undone), by=None, cause=CAUSE)
    theirs = (row for row in _lock_open_rows(job_id__in=owners) if row.assignee_id in owners[row.job_id])
    FollowUp.assign_all(((row, members[row.job_id]) for row in theirs), by=None, cause=CAUSE)


def _of_undone(undone: dict[int, Event]) -> Iterable[Gift]:
    """Find the follow-ups reassigned with the job since the undone action, and who had them before."""
    if not undone:
        return
    since = {job_id: datetime.fromisoformat(event.data["since"]) for job_id, event in undone.items()}
    moves = Event.objects.filter(kind="followup.assigned", job_id__in=since, actor=None, data__cause=CAUSE)
    first = dict[int, int | None]()
    last = dict[int, int | None]()
    for move in moves.filter(at__gte=min(since.values())).order_by("pk"):
        if move.at >= since[move.job_id]:
            first.setdefault(move.subject_id, move.data["from"])
            last[move.subject_id] = move.data["to"]
    # What a person gave to somebody else since is theirs.
    yield from ((row, first[row.pk]) for row in _lock_open_rows(pk__in=first) if row.assignee_id == last[row.pk])


def _lock_open_rows(**which: object) -> Iterable[FollowUp]:
    return list(FollowUp.objects.open().filter(**which).order_by("pk").select_for_update())
