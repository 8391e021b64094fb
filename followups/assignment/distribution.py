"""Give out follow-ups that nobody has, and those of absent members that cannot wait until they are back."""

from collections.abc import Sequence

from crm.jobs.assignment.absences import relieve
from crm.jobs.assignment.setup import assignment_setup
from crm.jobs.assignment.wake import drain_soon
from crm.kernel import clock
from crm.platform.models import Event
from followups.assignment.work import KIND
from followups.models import FollowUp


def give_out(changes: Sequence[Event]) -> None:
    """See to it that what was planned, moved or missed is with somebody who is there. Again: nothing.

    What absent members plan for themselves stays with them until it is missed.
    """
    planners = {event.subject_id: event.actor_id for event in changes if event.kind != "followup.missed"}
    found = FollowUp.objects.open().filter(pk__in={event.subject_id for event in changes})
    if found.filter(assignee=None).exists():
        drain_soon(KIND)
    now, setup = clock.now(), assignment_setup()
    absent = [member_id for member_id in setup.absences if setup.absence_of(member_id, now)]
    if absent:
        for row in FollowUp.lock_all(found.filter(assignee__in=absent)):
            if planners.get(row.pk) != row.assignee_id:
                relieve(KIND, row)
