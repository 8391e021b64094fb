"""Save the plan of the team page: all its moves as one change, except of what somebody changed meanwhile."""

from collections.abc import Sequence
from typing import NamedTuple

from django.db import transaction

from crm.kernel import clock
from crm.platform import undo
from crm.platform.models import Change, Member
from followups.models import FollowUp
from followups.models.due_time import mark_missed, set_due_times
from followups.team.plan import PlannedMove


class SavedPlan(NamedTuple):
    """How many were moved, how many changed since the plan was made or cannot be any more, and the change to undo."""

    moved: int
    stale: int
    past: int
    change: Change


@transaction.atomic
def save_plan(moves: Sequence[PlannedMove], *, by: Member) -> SavedPlan:
    """Move follow-ups to other times and members. One statement a table."""
    planned = {move.follow_up.pk: move for move in moves}
    rows = FollowUp.lock_all(FollowUp.objects.visible_to(by).filter(pk__in=planned))
    current = [row for row in rows if row.is_open and row.version == planned[row.pk].version]
    now = clock.now()
    acted = [row for row in current if row.due_at == planned[row.pk].at or planned[row.pk].at > now]
    with undo.record_undoable("followup.moved", acted, by=by, locked=True) as change:
        moved = [(row, planned[row.pk].at) for row in acted if row.due_at != planned[row.pk].at]
        mark_missed([row for row, _at in moved])
        set_due_times(moved, by=by)
        FollowUp.assign_all([(row, planned[row.pk].member.pk) for row in acted], by=by)
    return SavedPlan(len(acted), len(planned) - len(current), len(current) - len(acted), change)
