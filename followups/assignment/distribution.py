"""Assign unassigned follow-ups, and those of absent members that are due before they return."""

from collections.abc import Sequence
from datetime import datetime

from crm.jobs.assignment.absences import relieve
from crm.jobs.assignment.wake import drain_soon
from crm.jobs.models.assignment.setup import assignment_setup
from crm.kernel import clock
from crm.platform.models import Event
from followups.assignment.work import KIND
from followups.models import FollowUp


def relieve_longer(changes: Sequence[Event]) -> None:
    """Reassign follow-ups that are due before the new end of a member's absence. Idempotent.

    What they were to do before their first return stays as it was decided then.
    """
    now = clock.now()
    for event in changes:
        absence = assignment_setup().absence_of(event.data["member"], now)
        if absence is None or absence.pk != event.subject_id or "ended" not in event.data:
            continue
        rows = FollowUp.objects.open().filter(assignee=event.data["member"])
        for row in FollowUp.lock_all(rows.filter(due_at__gte=datetime.fromisoformat(event.data["ended"]))):
            relieve(KIND, row)


def give_out(changes: Sequence[Event]) -> None:
    """Assign planned, rescheduled or missed follow-ups to members who are present. Idempotent.

    What absent members plan for themselves stays with them until it is missed.
    """
    planners = {event.subject_id: event.actor_id for event in changes if event.kind != "followup.missed"}
    rows = FollowUp.objects.open().filter(pk__in={event.subject_id for event in changes})
    if rows.filter(assignee=None).exists():
        drain_soon(KIND)
    now = clock.now()
    setup = assignment_setup()
    absent = [member_id for member_id in setup.absences if setup.absence_of(member_id, now)]
    if absent:
        for row in FollowUp.lock_all(rows.filter(assignee__in=absent)):
            if planners.get(row.pk) != row.assignee_id:
                relieve(KIND, row)
