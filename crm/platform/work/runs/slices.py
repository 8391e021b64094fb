"""Execute runs in slices: a small run at once in the request, a large one by a worker, each slice a transaction.

The lease is that of due work. A worker that died has committed nothing of its slice, so it is simply done again.
"""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from time import monotonic
from typing import Any, TypeVar

from django.utils import translation

from crm.kernel import clock
from crm.platform.database.claims import enqueue
from crm.platform.events import hints
from crm.platform.models import Member
from crm.platform.models.run import WORKING, Run, RunStatus
from crm.platform.work import due
from crm.platform.work.runs.kinds import R, RunCancelled, RunFailed, RunKind, kind_of, registered
from crm.platform.work.runs.verbs import begin, begin_undo, cancel, fail, finish
from crm.platform.work.tasks import tick

K = TypeVar("K", bound=type[RunKind[Any]])


def register(declared: K) -> K:
    """Class decorator: register a kind of run with the worker."""
    kind = declared()
    registered[kind.model] = kind
    due.handler(kind.work, in_slices=True)(partial(work, kind))
    due.when_parked(kind.work, partial(hints.touch, kind.model.topic))
    due.handler(_expiry_kind(kind))(partial(expire_runs, kind))
    return declared


def add(run: R) -> R:
    """Save a new run; it is deleted after the days its kind is kept."""
    run.save()
    if kept := kind_of(run).kept:
        due.schedule(_expiry_kind(kind_of(run)), run.pk, clock.now() + kept)
    return run


def start(run: Run, *, by: Member | None, **chosen: Any) -> bool:
    """Start a run. False if it had begun already."""
    return begin(run, by=by, **chosen) and go_on(run)


def undo(run: Run, *, by: Member | None) -> bool:
    """Start undoing what a run did. False if there is nothing to undo."""
    return begin_undo(run, by=by) and go_on(run)


def go_on(run: Run) -> bool:
    """Run a small run to its end; let a worker do a large one, and the rest of one that takes longer than thought."""
    kind = kind_of(run)
    until = monotonic() + kind.seconds
    more = True
    if run.total <= kind.small:
        while (more := do_slice(run)) and monotonic() < until:
            pass
    if more:
        schedule(run)
    return True


def schedule(run: Run) -> None:
    """Schedule a worker to continue a run, from now."""
    due.schedule(kind_of(run).work, run.pk, clock.now())
    enqueue(tick)


def is_parked(run: Run) -> bool:
    """Whether a working run has failed so often that it waits for a person."""
    return run.is_working and due.is_parked(kind_of(run).work, run.pk, tenant_id=run.tenant_id)


def work(kind: RunKind[Any], run_ids: Sequence[int]) -> None:
    """Do one slice of each run; those with more to do are scheduled again, behind the others' work."""
    waiting = kind.model.objects.select_for_update().filter(pk__in=run_ids, status__in=WORKING).order_by("pk")
    for run in waiting:
        if do_slice(run):
            due.schedule(kind.work, run.pk, clock.now())


def do_slice(run: Run) -> bool:
    """Do the next slice of a run that is locked; True while there is more."""
    kind = kind_of(run)
    with translation.override(kind.language(run)):
        try:
            kind.check(run)
            if kind.undo_slice(run) if run.status == RunStatus.UNDOING else kind.do_slice(run):
                return True
            if run.is_working:
                finish(run)
        except RunFailed as why:
            fail(run, str(why))
        except RunCancelled:
            cancel(run, by=None)
    return False


def _expiry_kind(kind: RunKind[Any]) -> str:
    return f"{kind.work}.expire"


def expire_runs(kind: RunKind[Any], run_ids: Sequence[int]) -> None:
    """Delete runs past their retention, except those still under way."""
    rows = kind.model.objects.filter(pk__in=run_ids)
    rows.exclude(status__in=WORKING).delete()
    later = clock.now() + (kind.kept or timedelta())
    due.schedule_all(_expiry_kind(kind), [(pk, later) for pk in rows.values_list("pk", flat=True)])
