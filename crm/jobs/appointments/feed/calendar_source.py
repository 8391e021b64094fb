"""Appointments as entries of members' calendars."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.integrations.calendar_items import MOST, CalendarItem, CalendarSource
from crm.integrations.meetings.links import meeting_urls
from crm.jobs.appointments.feed.ical import status_of
from crm.jobs.models.appointments import Appointment, AppointmentState, Attendance
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.web.shell.record_pages import record_url


def read_appointments(member_ids: Collection[int], first: datetime, last: datetime) -> Iterator[CalendarItem]:
    """Yield the appointments that these members attend in a period. A fixed number of queries."""
    attended = Attendance.objects.filter(member_id__in=member_ids, is_offered=False).values("appointment_id")
    rows = Appointment.objects.filter(pk__in=attended).between(first, last).exclude(state=AppointmentState.CANCELLED)
    yield from _items(rows.select_related("type", "job", "site").prefetch_related("attendances").by_time()[:MOST])


def _items(rows: Iterable[Appointment]) -> Iterator[CalendarItem]:
    rows = list(rows)
    urls = meeting_urls_of(rows)
    for row in rows:
        yield _appointment_item(row, urls.get(row.pk, ""))


def meeting_urls_of(rows: Iterable[Appointment]) -> dict[int, str]:
    """Return the links of appointments that take place by video."""
    return meeting_urls(APPOINTMENTS.name, {row.pk: row.member_ids for row in rows if row.is_by_video})


def _appointment_item(row: Appointment, meeting_url: str) -> CalendarItem:
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
        is_video=row.is_by_video,
        meeting_url=meeting_url,
    )


def find_appointments(ids: Collection[int]) -> Iterator[CalendarItem]:
    """Yield appointments that are not cancelled."""
    rows = Appointment.objects.filter(pk__in=ids).exclude(state=AppointmentState.CANCELLED)
    yield from _items(rows.select_related("type", "job", "site").prefetch_related("attendances"))


def reschedule_appointment(pk: int, starts_at: datetime, ends_at: datetime, by: Member) -> None:
    """Move an appointment as a member did in their calendar. Working hours are theirs to ignore."""
    minutes = int((ends_at - starts_at).total_seconds() // 60)
    Appointment.objects.visible_to(by).get(pk=pk).reschedule(starts_at, by=by, minutes=minutes, anyway=True)


def cancel_appointment(pk: int, by: Member) -> None:
    """Cancel an appointment that a member deleted in their calendar."""
    Appointment.objects.visible_to(by).get(pk=pk).cancel(gettext("Deleted in the calendar"), by=by)


APPOINTMENTS = CalendarSource(
    name="appointment",
    label=_("Appointments"),
    permission="appointments.work",
    read=read_appointments,
    find=find_appointments,
    reschedule=reschedule_appointment,
    cancel=cancel_appointment,
    events=tuple(
        f"appointment.{verb}"
        for verb in "booked offered rescheduled confirmed cancelled released completed missed reopened".split()
    ),
)
