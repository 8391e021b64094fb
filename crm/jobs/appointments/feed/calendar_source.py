"""Appointments as entries of members' calendars."""

from collections.abc import Collection, Iterator
from datetime import datetime

from crm.integrations.calendar_items import MOST, CalendarItem, CalendarSource
from crm.jobs.appointments.feed.ical import status_of
from crm.jobs.models.appointments import Appointment, AppointmentState, Attendance
from crm.platform.organization.configuration import directory
from crm.web.shell.record_pages import record_url


def read_appointments(member_ids: Collection[int], first: datetime, last: datetime) -> Iterator[CalendarItem]:
    """Yield the appointments that these members attend in a period. Two queries."""
    attended = Attendance.objects.filter(member_id__in=member_ids, is_offered=False).values("appointment_id")
    rows = Appointment.objects.filter(pk__in=attended).between(first, last).exclude(state=AppointmentState.CANCELLED)
    for row in rows.select_related("type", "job", "site").prefetch_related("attendances").by_time()[:MOST]:
        yield appointment_item(row)


def appointment_item(row: Appointment) -> CalendarItem:
    """Return an appointment as a calendar entry."""
    location = ""
    if row.site:
        location = row.site.one_line
    return CalendarItem(
        source=APPOINTMENTS.name,
        pk=row.pk,
        uid=str(row.uid),
        member_ids=tuple(row.member_ids),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        summary=f"{row.type.name}: {row.job.title}",
        url=record_url(row, directory().tenant.slug),
        changed_at=row.changed_at,
        location=location,
        status=status_of(row),
        sequence=row.sequence,
    )


APPOINTMENTS = CalendarSource(name="appointment", read=read_appointments)
