"""Postpone follow-ups to the day of return that a customer's out-of-office reply gives."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from comms.models import Direction, Message
from crm.jobs.models import Job
from crm.kernel import clock
from crm.kernel.business_hours import HoursError
from crm.platform.models import Event
from crm.platform.organization.configuration import directory
from followups.models import FollowUp

# The cause in the events of follow-ups that were moved.
CAUSE = "customer.away"
# What we begin and they may not answer. Meetings and visits were agreed with them.
_REACHING_OUT = ("call", "text", "email", "whatsapp")
# Of a day further off than this, nothing is moved: it is misread, or they will read their mail before.
_LONGEST = timedelta(days=60)


def postpone_follow_ups(received: Sequence[Event]) -> None:
    """Postpone follow-ups due before that day to it, at the same time of day or at opening time.

    Again, or late: nothing, as what is due on that day or after stays.
    """
    zone = directory().zone
    backs = _return_days(received)
    today = clock.now().astimezone(zone).date()
    senders = Message.objects.filter(pk__in=backs, direction=Direction.IN, person__isnull=False)
    for message, person in senders.order_by("pk").values_list("pk", "person_id"):
        back = backs[message]
        if not today < back <= today + _LONGEST:
            continue
        brands = dict(Job.objects.open().filter(person_id=person).values_list("pk", "brand_id"))
        due = FollowUp.objects.open().filter(
            job__in=brands, kind__in=_REACHING_OUT, sort_at__lt=datetime.combine(back, time(), zone)
        )
        for row in due.order_by("job_id", "pk"):
            at = datetime.combine(back, row.sort_at.astimezone(zone).time(), zone)
            row.reschedule(_opening_time(at, brands[row.job_id or 0]), by=None, cause=CAUSE)


def _return_days(received: Sequence[Event]) -> dict[int, date]:
    """Return the day of return in each automatic reply, by message id."""
    days = {event.subject_id: event.data.get("returns_on") for event in received}
    return {message: date.fromisoformat(day) for message, day in days.items() if day}


def _opening_time(at: datetime, brand: int) -> datetime:
    hours = directory().calendars.get(directory().calendar_of(brand) or 0)
    try:
        if hours:
            return hours.opening(at)
        return at
    except HoursError:
        return at
