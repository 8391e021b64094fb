"""Bulk actions on follow-ups as runs: store the selection, preview, apply in batches what the preview showed."""

from collections.abc import Mapping, Sequence
from typing import Any

from crm.jobs.bulk.runs import ChangeKind
from crm.platform import undo
from crm.platform.models import Member
from crm.platform.work import runs
from followups.bulk.acts import AssignFollowUps, FollowUpAct, PrioritizeFollowUps, SetStatus
from followups.bulk.reschedule import Reschedule
from followups.bulk.verdicts import FollowUpPreview, verdicts_by_id
from followups.models import FollowUp
from followups.models.bulk_run import FollowUpBulkRun

ACTS: dict[str, type[FollowUpAct]] = {
    act.name: act for act in (SetStatus, Reschedule, AssignFollowUps, PrioritizeFollowUps)
}

# What the actions judge by. A column that is missing here is read by one query a row.
_JUDGED_COLUMNS = (
    "version",
    "kind",
    "own_minutes",
    "status",
    "due_at",
    "sort_at",
    "limit_at",
    "priority",
    "assignee_id",
)


def prepare_run(act: str, ids: Sequence[int], *, by: Member) -> FollowUpBulkRun:
    """Store a selection, so that its form can be filled in."""
    run = FollowUpBulkRun(act=act, by=by)
    run.select(ids)
    return runs.add(run)


def preview_changes(run: FollowUpBulkRun, act: FollowUpAct) -> FollowUpPreview:
    """Preview the effect of an action on the selected follow-ups as they are now."""
    visible = FollowUp.objects.visible_to(run.by).filter(pk__in=run.ids).only(*_JUDGED_COLUMNS)
    rows = list(visible.order_by("sort_at", "pk"))
    verdicts = verdicts_by_id(rows, act.judge_rows(rows))
    return FollowUpPreview({row.pk: row for row in rows}, verdicts, act.day_effects())


def start_run(run: FollowUpBulkRun, settings: Mapping[str, Any], previewed: FollowUpPreview) -> bool:
    """Start the action on what changes by its preview. Returns False if it was started before."""
    run.set_plan(settings, previewed.planned_steps)
    plan = {"settings": run.settings, "plan": run.plan, "selection": run.selection, "total": run.total}
    return runs.start(run, by=run.by, **plan)


def act_of(run: FollowUpBulkRun) -> FollowUpAct:
    """Return the action of a started run."""
    return ACTS[run.act](run.settings, run.by)


@runs.register
class FollowUpBulkKind(ChangeKind[FollowUpBulkRun]):
    """Apply an action to the next batch of follow-ups, except those that changed since the preview."""

    model = FollowUpBulkRun
    work = "followups.bulk"
    permission = "followups.work"
    # Each batch reads the plan of all rows again.
    size = 1000

    def do(self, run: FollowUpBulkRun, ids: Sequence[int]) -> None:
        act = act_of(run)
        locked = FollowUp.lock_all(FollowUp.objects.visible_to(run.by).filter(pk__in=ids))
        steps = {row.pk: run.step_of(row.pk) for row in locked}
        changes = [(row, steps[row.pk][1]) for row in locked if row.version == steps[row.pk][0]]
        rows = [row for row, _at in changes]
        beside = act.lock_beside(rows)
        acted = [*rows, *beside]
        with undo.record_undoable(act.event_kind, acted, by=run.by, locked=True, change=run.change) as change:
            act.apply_changes(changes, beside, by=run.by)
        run.changed_meanwhile += len(ids) - len(rows)
        run.did(len(rows), change if change.pk else None)
