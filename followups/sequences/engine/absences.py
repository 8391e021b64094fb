"""Absences that customers' automatic replies name, and when members let a sequence go on in spite of one."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from crm.platform.models import Event
from crm.platform.organization.configuration import directory
from followups.sequences.models import Enrolment

# What marks the replies of a program.
AUTO_REPLY = "auto_reply"
# A day further off is misread, or they will read their mail before.
_LONGEST = timedelta(days=60)


class CustomerAbsence(NamedTuple):
    """An automatic reply with the day of return."""

    told_at: datetime
    back_on: date


def find_absences(replies: Sequence[dict[str, Any]]) -> dict[int, CustomerAbsence]:
    """Return the last absence that each customer's automatic replies name, by the customer's id.

    `replies`: messages with pk, at and person_id, oldest first. The day is in the event of the message.
    """
    if not replies:
        return {}
    events = Event.objects.filter(
        kind="message.received", subject_kind="comms.message", subject_id__in=[reply["pk"] for reply in replies]
    )
    days = {event.subject_id: event.data.get("returns_on") for event in events}
    zone = directory().zone
    absences = {}
    for reply in replies:
        if not days.get(reply["pk"]):
            continue
        back_on = date.fromisoformat(days[reply["pk"]])
        told_on = reply["at"].astimezone(zone).date()
        if told_on < back_on <= told_on + _LONGEST:
            absences[reply["person_id"]] = CustomerAbsence(reply["at"], back_on)
    return absences


def find_resumptions(rows: Sequence[Enrolment], people: Collection[int]) -> dict[int, datetime]:
    """Return when a member last let an enrolment of these customers go on, by the enrolment's id."""
    ids = [row.pk for row in rows if row.person_id in people]
    if not ids:
        return {}
    label = Enrolment._meta.label_lower
    acts = Event.objects.filter(kind="sequence.resumed", subject_kind=label, subject_id__in=ids, actor__isnull=False)
    return dict(acts.order_by("pk").values_list("subject_id", "at"))
