"""Appointments as iCalendar (RFC 5545), in UTC, so that no time zone definitions are needed."""

from datetime import UTC, timedelta
from uuid import UUID

from icalendar import Calendar, Event

from crm.jobs.models.appointments import Appointment

# How often a calendar that follows a feed should ask.
REFRESH = timedelta(minutes=15)
# How the uids of our appointments end.
_OURS = "@throughline"


def calendar(name: str) -> Calendar:
    """Return an empty calendar."""
    made = Calendar()
    made.add("prodid", "-//Throughline//Calendar//EN")
    made.add("version", "2.0")
    made.add("x-wr-calname", name)
    return made


def uid_of(row: Appointment) -> str:
    """Return the permanent iCalendar UID of an appointment."""
    return f"{row.uid}{_OURS}"


def is_ours(uid: str) -> bool:
    """Return True if an iCalendar UID has the form of our appointments'."""
    return uid.strip().lower().endswith(_OURS)


def appointment_of(uid: str) -> Appointment | None:
    """Return the appointment with this iCalendar UID."""
    try:
        named = None
        if is_ours(uid):
            named = UUID(uid.strip().lower().removesuffix(_OURS))
    except ValueError:
        return None
    rows = ()
    if named:
        rows = Appointment.objects.select_related("job__brand", "type").filter(uid=named)
    return next(iter(rows), None)


def event_of(row: Appointment, summary: str) -> Event:
    """Return an appointment as an event, without attendees."""
    event = Event()
    event.add("uid", uid_of(row))
    event.add("sequence", row.sequence)
    event.add("summary", summary)
    event.add("dtstart", row.starts_at.astimezone(UTC))
    event.add("dtend", row.ends_at.astimezone(UTC))
    event.add("last-modified", row.changed_at.astimezone(UTC))
    status = "TENTATIVE"
    if row.is_confirmed or row.state == "done":
        status = "CONFIRMED"
    event.add("status", "CANCELLED" if row.state == "cancelled" else status)
    if row.site:
        event.add("location", row.site.one_line)
    return event
