"""An act on many leads: some hundred in the request, more by a worker in slices that survive a crash.

The row says how far it is, and moves with the leads it counts; a slice that died is simply done again.
"""

from collections.abc import Sequence

from crm.jobs import undo
from crm.jobs.bulk.acts import Act, read
from crm.jobs.bulk.effects import COLUMNS, Effect
from crm.jobs.models import BulkRun, Change, Job
from crm.kernel import clock
from crm.platform.access.permissions import allows
from crm.platform.models import Member
from crm.platform.work import due
from crm.platform.work.claims import enqueue
from crm.platform.work.tasks import tick
from leads.lead_list import visible

WORK = "leads.bulk"
# Leads a worker changes before it gives way to others; and up to which a request does it itself.
SLICE = SMALL = 500


def prepare(act: str, job_ids: Sequence[int], *, by: Member) -> BulkRun:
    """Keep a selection to choose a target for; the member's old ones go."""
    BulkRun.objects.filter(by=by, created_at__lt=clock.now() - BulkRun.KEPT).delete()
    pipelines = Job.objects.filter(pk__in=job_ids).order_by().values_list("pipeline_id", flat=True).distinct()
    run: BulkRun = BulkRun.objects.create(act=act, job_ids=list(job_ids), pipelines=sorted(pipelines), by=by)
    return run


def act_of(run: BulkRun, target: str) -> Act | None:
    """The act with a target; None for one that the run's member may not choose."""
    return read(run.act, target, run.by, run.pipelines)


def effect(run: BulkRun, act: Act) -> Effect:
    """What it would do to the leads as they are now."""
    rows = visible(run.by).filter(pk__in=run.job_ids).order_by().values_list(*COLUMNS, named=True)
    return Effect.of(map(act.verdict, rows))


def begin(run: BulkRun, target: str) -> None:
    """Start it: a small one is done at once, a large one is a worker's."""
    if not run.start(target):
        return
    if run.total <= SMALL:
        do_slice(run)
    else:
        due.schedule(WORK, run.pk, clock.now())
        enqueue(tick)


@due.handler(WORK)
def work(run_ids: Sequence[int]) -> None:
    """One slice of each run; those with more to do are scheduled again, behind the others' work."""
    for run in BulkRun.objects.select_for_update().filter(pk__in=run_ids, status=BulkRun.Status.RUNNING):
        do_slice(run)
        if run.status == BulkRun.Status.RUNNING:
            due.schedule(WORK, run.pk, clock.now())


def do_slice(run: BulkRun) -> None:
    """The next leads of a run, of those its member still sees. What was taken back already goes no further."""
    ids = run.job_ids[run.done_count : run.done_count + SLICE]
    act = act_of(run, run.target) if run.by.active and allows(run.by, "leads.bulk") else None
    if act is None or _is_taken_back(run):
        run.cancel()
        return
    jobs = list(visible(run.by).select_for_update().filter(pk__in=ids).order_by("pk"))
    with undo.keep(act.kind, jobs, by=run.by, locked=True, change=run.change) as change:
        changed = act.do(jobs, by=run.by)
    run.advance(len(ids), changed, change if change.pk else None)


def _is_taken_back(run: BulkRun) -> bool:
    """Whether somebody took back what is done so far; held, so that nobody does while the next leads change."""
    change: Change | None = Change.objects.select_for_update().filter(pk=run.change_id).first()
    return change is not None and change.taken_back_at is not None
