"""Create the demo's conflicts: a member without a signal and a colleague have moved the same follow-up."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from crm.kernel import clock
from crm.platform.models import Member, Role
from crm.platform.organization.configuration import directory
from followups.models import FollowUp
from followups.offline.models import OfflineAct
from followups.offline.notices import tell_conflict
from followups.offline.seen_state import SeenState

# How long ago the device showed the follow-up last, and the member changed it there.
SEEN, MADE = timedelta(minutes=55), timedelta(minutes=15)


def create_conflicts(now: datetime) -> None:
    """Create one for each rep with a follow-up of tomorrow or later, inside the tenant."""
    members = [row for row in directory().members.values() if row.active]
    manager = next(row for row in members if row.role == Role.MANAGER)
    for rep in [row for row in members if row.role == Role.REP]:
        _create_for(rep, manager, now)


def _create_for(rep: Member, manager: Member, now: datetime) -> None:
    later = Q(due_at__gt=now + timedelta(hours=20), assignee=rep, job__isnull=False)
    follow_up = FollowUp.objects.open().filter(later).order_by("due_at", "pk").first()
    if follow_up is None or follow_up.due_at is None:
        return
    with clock.at(now - SEEN):
        seen = SeenState.of(follow_up)
    follow_up.reschedule(follow_up.due_at + timedelta(days=1), by=manager)
    act = OfflineAct.objects.create(
        member=rep,
        key=UUID(int=rep.pk),
        act="reschedule",
        follow_up=follow_up,
        made_at=now - MADE,
        fields={"when": "week"},
        base=seen.data(),
    )
    act.keep_for_decision()
    tell_conflict(act)
