"""Begin, finish, fail, cancel and undo a run: each locks its row, changes its status and records its event.

Who loses a race, or asks twice, gets False and changes nothing.
"""

from contextlib import suppress
from typing import Any

from crm.kernel import clock
from crm.platform.events import events
from crm.platform.models import Member
from crm.platform.models.run import Run, RunStatus
from crm.platform.work import due
from crm.platform.work.runs.kinds import RunFailed, kind_of

STATE = ("by", "status", "problem", "started_at", "finished_at")


def begin(run: Run, *, by: Member | None, **chosen: Any) -> bool:
    """Start a waiting run, or continue one that stopped; `chosen`: columns set with it."""
    run.lock()
    if not run.may_start:
        return False
    for name, value in chosen.items():
        setattr(run, name, value)
    _set_status(run, RunStatus.RUNNING, by, chosen)
    _record_event(run, "started", by)
    return True


def begin_undo(run: Run, *, by: Member | None) -> bool:
    """Start undoing what a run did."""
    run.lock()
    if not run.may_undo:
        return False
    _set_status(run, RunStatus.UNDOING, by, ())
    _record_event(run, "undo_started", by)
    return True


def prepare(run: Run, status: RunStatus) -> None:
    """Let a run that was not started yet read, check, or wait for a person."""
    _set_status(run, status, run.by, ())


def _set_status(run: Run, status: RunStatus, by: Member | None, chosen: Any) -> None:
    run.reset_progress(status)
    run.by = by
    run.status = status
    run.problem = ""
    run.finished_at = None
    if status == RunStatus.RUNNING:
        run.started_at = run.started_at or clock.now()
    run.save(update_fields=[*STATE, *run.progress, *chosen])


def finish(run: Run) -> None:
    """End a run whose last slice is done, or undone."""
    if run.status == RunStatus.UNDOING:
        _end_run(run, RunStatus.UNDONE, "undone", by=run.by)
        return
    kind_of(run).finish(run)
    _end_run(run, RunStatus.DONE, "finished", by=run.by)


def fail(run: Run, sentence: str) -> None:
    """End a run that can't go on, with the reason. What is written stays."""
    _end_run(run, RunStatus.FAILED, "failed", by=None, problem=sentence)


def cancel(run: Run, *, by: Member | None) -> bool:
    """Cancel a run between two slices. What is written stays."""
    run.lock()
    if not run.may_cancel:
        return False
    if run.has_begun:
        with suppress(RunFailed):
            kind_of(run).clean_up(run)
    # One that was parked is not to be let run again.
    due.cancel(kind_of(run).work, [run.pk])
    _end_run(run, RunStatus.CANCELLED, "cancelled", by=by)
    return True


def _end_run(run: Run, status: RunStatus, what: str, *, by: Member | None, problem: str = "") -> None:
    run.status = status
    run.problem = problem[:300]
    run.finished_at = clock.now()
    run.save(update_fields=["status", "problem", "finished_at", *run.forget()])
    _record_event(run, what, by)


def _record_event(run: Run, what: str, by: Member | None) -> None:
    if run.noun:
        events.record(f"{run.noun}.{what}", subject=run, by=by, data=run.facts())
