"""Plan a follow-up for an accepted invitation, so that it appears in the member's calendar.

It is no appointment: those are ours, with a type, who comes and what the customer is told. It goes where the
invitation is declined or called off, and moves with a newer one that is accepted.
"""

from collections.abc import Sequence
from datetime import datetime, time

from django.db import transaction

from comms.models import CalendarEntry
from crm.kernel import clock
from crm.platform.models import Event
from crm.platform.organization.configuration import directory
from followups.models import FollowUp, FollowUpKind

CAUSE = "invitation"
_PLANNED_ON = frozenset({"ACCEPTED", "TENTATIVE"})
# When a day without a time begins.
_MORNING = time(9)


def plan_for_invitations(changes: Sequence[Event]) -> None:
    """Plan exactly one follow-up for each accepted invitation. Idempotent."""
    entries = CalendarEntry.objects.filter(message__in=[event.subject_id for event in changes])
    for entry in entries.select_related("message__job", "answered_by").order_by("pk"):
        _plan_for_invitation(entry)


@transaction.atomic
def _plan_for_invitation(entry: CalendarEntry) -> None:
    origin = _origin_of_entry(entry)
    planned = FollowUp.objects.filter(origin=origin).first()
    at = _time_of(entry)
    is_coming = entry.our_answer in _PLANNED_ON and entry.cancelled_at is None and at is not None and at > clock.now()
    is_over = entry.method == "CANCEL" or not is_coming
    if is_over and planned and planned.is_open:
        planned.cancel(by=entry.answered_by, cause=CAUSE)
    elif not is_over and planned is None:
        _create_follow_up(entry, at, origin)
    elif not is_over and planned and at is not None:
        if not planned.is_open:
            planned.reopen(by=entry.answered_by)
        planned.reschedule(at, by=entry.answered_by, cause=CAUSE)


def _origin_of_entry(entry: CalendarEntry) -> str:
    """Return the origin of its follow-up: the first mail of the invitation, the same after any change."""
    first = CalendarEntry.objects.earlier(entry.uid, entry.message.address).order_by("pk").first()
    return f"invitation {(first or entry).pk}"


def _time_of(entry: CalendarEntry) -> datetime | None:
    if entry.starts_at is None or not entry.is_all_day:
        return entry.starts_at
    return datetime.combine(entry.starts_at.date(), _MORNING, directory().zone)


def _create_follow_up(entry: CalendarEntry, at: datetime | None, origin: str) -> None:
    message = entry.message
    FollowUp.plan(
        kind=FollowUpKind.MEETING,
        subject=", ".join(filter(None, [entry.summary or message.subject or message.address, entry.location])),
        due_at=at,
        job=message.job,
        person_id=message.person_id,
        assignee=entry.answered_by,
        by=entry.answered_by,
        origin=origin,
    )
