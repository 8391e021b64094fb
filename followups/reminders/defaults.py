"""Choose reminders: of one follow-up, of a member, of a type; and plan what is open again after a change."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from crm.kernel import clock
from crm.platform.events import events
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.platform.work import due
from followups.models import FollowUp, ReminderDefault, ReminderPreference
from followups.models.reminder import clean_times
from followups.models.reminder_plan import plan_reminders
from followups.reminders.digest import DIGEST

# The due work that plans the reminders of all open follow-ups anew; its subject is the last one that was done.
REPLAN = "followup.replan"
# Of more than these, a worker plans them.
AT_ONCE = 500


@transaction.atomic
def set_default(
    times: Sequence[tuple[int, str]] | None, *, member: Member | None, kind: str = "", by: Member | None
) -> None:
    """Set the default reminders of a member, or of everybody, for a type or for all. None: back to the general ones.

    Open follow-ups are planned anew. Raises Refused for what is no reminder.
    """
    mine = ReminderDefault.objects.filter(member=member, kind=kind)
    if times is None:
        for row in mine:
            row.delete()
    else:
        row = mine.first() or ReminderDefault(member=member, kind=kind)
        row.times = clean_times(times)
        row.save()
    if member is None:
        # Members' own are private, so no event.
        events.record("reminders.changed", subject=directory().tenant, by=by, data={"kind": kind})
    replan(member, kind)


@transaction.atomic
def save_preference(member: Member, **chosen: Any) -> None:
    """Save a member's digest and hours. Private, so no event."""
    row = ReminderPreference.objects.filter(member=member).first() or ReminderPreference(member=member)
    are_other_hours = row.working_hours_only != chosen["working_hours_only"]
    for name, value in chosen.items():
        setattr(row, name, value)
    row.save()
    due.schedule(DIGEST, 0, clock.now())
    if are_other_hours:
        replan(member, "")


def follow_zone(sender: object, *, member: Member, **_more: object) -> None:
    """Plan a member's reminders and digest by their new clock. Receives `member_zone_changed`."""
    due.schedule(DIGEST, 0, clock.now())
    replan(member, "")


def replan(member: Member | None, kind: str) -> None:
    """Plan the reminders of open follow-ups again: at once, or by a worker where they are many."""
    rows = FollowUp.objects.open().filter(due_at__gt=clock.now())
    if member:
        rows = rows.filter(assignee=member)
    if kind:
        rows = rows.filter(kind=kind)
    follow_ups = list(rows.order_by("pk")[: AT_ONCE + 1])
    if len(follow_ups) > AT_ONCE:
        due.schedule(REPLAN, 0, clock.now())
    else:
        plan_reminders(follow_ups)


def replan_slice(last_ids: Sequence[int]) -> None:
    """Plan the reminders of the next open follow-ups again, and schedule the rest (due work, one slice at a time)."""
    later = FollowUp.objects.open().filter(due_at__gt=clock.now(), pk__gt=min(last_ids))
    rows = list(later.order_by("pk")[:AT_ONCE])
    plan_reminders(rows)
    if len(rows) == AT_ONCE:
        due.schedule(REPLAN, rows[-1].pk, clock.now())
