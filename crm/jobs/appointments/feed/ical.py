"""Appointments as iCalendar (RFC 5545), in UTC, so that no time zone definitions are needed."""

from datetime import UTC, timedelta
from uuid import UUID

from icalendar import Calendar, Event

from crm.integrations.calendar_items import OUR_SUFFIX, add_place, is_ours
from crm.jobs.models.appointments import Appointment, AppointmentState

# How often a calendar that follows a feed should ask.
REFRESH = timedelta(minutes=15)


def calendar(name: str) -> Calendar:
    """Return an empty calendar."""
    made = Calendar()
    made.add("prodid", "-//Throughline//Calendar//EN")
    made.add("version", "2.0")
    made.add("x-wr-calname", name)
    return made


def uid_of(row: Appointment) -> str:
    """Return the permanent iCalendar UID of an appointment."""
    return f"{row.uid}{OUR_SUFFIX}"


def appointment_of(uid: str) -> Appointment | None:
    """Return the appointment with this iCalendar UID."""
    try:
        named = None
        if is_ours(uid):
            named = UUID(uid.strip().lower().removesuffix(OUR_SUFFIX))
    except ValueError:
        return None
    rows = ()
    if named:
        rows = Appointment.objects.select_related("job__brand", "type").filter(uid=named)
    return next(iter(rows), None)


def event_of(row: Appointment, summary: str, meeting_url: str = "") -> Event:
    """Return an appointment as an event, without attendees. `meeting_url`: where to join it by video."""
    event = Event()
    event.add("uid", uid_of(row))
    event.add("sequence", row.sequence)
    event.add("summary", summary)
    event.add("dtstart", row.starts_at.astimezone(UTC))
    event.add("dtend", row.ends_at.astimezone(UTC))
    event.add("last-modified", row.changed_at.astimezone(UTC))
    event.add("status", status_of(row))
    location = ""
    if row.site:
        location = row.site.one_line
    add_place(event, location, meeting_url)
    return event


def status_of(row: Appointment) -> str:
    """Return the iCalendar status of an appointment."""
    if row.state == AppointmentState.CANCELLED:
        return "CANCELLED"
    if row.is_confirmed or row.state == AppointmentState.DONE:
        return "CONFIRMED"
    return "TENTATIVE"
