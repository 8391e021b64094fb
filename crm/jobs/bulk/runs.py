"""Bulk actions as runs: store the selection, choose a target, preview, apply in batches, report.

How it goes on in slices is crm/platform/work/runs.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import TypeVar

from crm.jobs.bulk.bulk_actions import BulkAct, read
from crm.jobs.bulk.effects import COLUMNS, BulkEffect
from crm.jobs.models import BulkRun, Job
from crm.jobs.models.bulk_run import ChangeRun
from crm.platform import undo
from crm.platform.models import Change, Member
from crm.platform.work import runs

C = TypeVar("C", bound=ChangeRun)
# The name under which the address of an export names a kept selection: no address has room for thousands of numbers.
PICKED = "picked"


def prepare(act: str, job_ids: Sequence[int], *, by: Member) -> BulkRun:
    """Store a selection, so that a target can be chosen for it."""
    pipelines = Job.objects.filter(pk__in=job_ids).order_by().values_list("pipeline_id", flat=True).distinct()
    run = BulkRun(act=act, pipelines=sorted(pipelines), by=by)
    run.select(job_ids)
    return runs.add(run)


def act_of(run: BulkRun, target: str) -> BulkAct | None:
    """Return the run's action with its target; None if the run's member may not choose it."""
    act = read(run.act, target, run.by, run.pipelines)
    if act is not None:
        act.reason = run.reason
    return act


def effect(run: BulkRun, act: BulkAct) -> BulkEffect:
    """Preview the effect of the run's action on the leads as they are now."""
    rows = Job.objects.visible_to(run.by).filter(pk__in=run.ids).order_by().values_list(*COLUMNS, named=True)
    return BulkEffect.of(act.verdicts(list(rows)))


class ChangeKind(runs.SelectionKind[C]):
    """Apply an action to the next batch of rows that the member still sees. The batches are one change to undo."""

    size = small = 500
    kept = timedelta(days=1)

    def check(self, run: C) -> None:
        """Cancel the run if its member may do it no more, or has undone what is done so far."""
        try:
            super().check(run)
        except runs.RunFailed:
            raise runs.RunCancelled from None
        if _is_taken_back(run):
            raise runs.RunCancelled


@runs.register
class BulkKind(ChangeKind[BulkRun]):
    """Apply an action to the next batch of leads."""

    model = BulkRun
    work = "jobs.bulk"
    permission = "jobs.bulk"

    def check(self, run: BulkRun) -> None:
        """Cancel the run also if its target may not be chosen any more."""
        super().check(run)
        if act_of(run, run.target) is None:
            raise runs.RunCancelled

    def do(self, run: BulkRun, ids: Sequence[int]) -> None:
        act = act_of(run, run.target)
        assert act is not None
        jobs = Job.lock_all(Job.objects.visible_to(run.by).filter(pk__in=ids))
        with undo.record_undoable(act.kind, jobs, by=run.by, locked=True, change=run.change) as change:
            changed = act.do(jobs, by=run.by)
        run.did(changed, change if change.pk else None)


def _is_taken_back(run: ChangeRun) -> bool:
    """Return True if the run was undone. Locks the change, so that it cannot be undone during the next batch."""
    change: Change | None = Change.objects.select_for_update().filter(pk=run.change_id).first()
    return change is not None and change.undone_at is not None
