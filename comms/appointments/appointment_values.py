"""Values of an appointment in messages: day, local time, type, assigned members, and the customer's page."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from comms.appointments.links import appointment_url, customer_meeting_url
from comms.library.dates import long_day
from comms.library.variables import TemplateSubject
from crm.jobs.models.appointments import Appointment
from crm.kernel import clock, formats
from crm.platform.models import Brand
from crm.platform.organization.configuration import directory


def appointment_values(row: Appointment, language: str, *, asked: bool = False) -> dict[str, Any]:
    """Return the values of an appointment's template variables in a language, in local time.

    `asked`: of the time the customer is asked about, where that is another one.
    """
    brand = row.job.brand
    zone = ZoneInfo(row.time_zone)
    members = directory().members
    if asked:
        at, who = (row.asked_time, row.offered_ids or row.member_ids)
    else:
        at, who = (row.starts_at, row.member_ids)
    return {
        "appointment.date": long_day(at.astimezone(zone).date(), language, brand.country),
        "appointment.time": formats.clock_time(at, zone, brand.country, language),
        "appointment.what": row.type.name,
        "appointment.who": ", ".join(members[pk].name for pk in who if pk in members),
        "appointment.held_until": _until_text(row.held_until, zone, brand, language) if row.held_until else "",
        "appointment.link": appointment_url(row),
        "appointment.meeting_link": customer_meeting_url(row) if row.is_by_video else "",
    }


def _until_text(at: datetime, zone: ZoneInfo, brand: Brand, language: str) -> str:
    """Format until when a time is reserved: "4:30 PM", with the day unless it is today."""
    clock_time = formats.clock_time(at, zone, brand.country, language)
    day = at.astimezone(zone).date()
    is_today = day == clock.now().astimezone(zone).date()
    if is_today:
        return clock_time
    return f"{long_day(day, language, brand.country)}, {clock_time}"


def values_of(subject: TemplateSubject, name: str) -> Any:
    """Return the value of a variable for the coming appointment of a message's job; empty if there is none."""
    row = None
    if subject.job:
        row = coming_of(subject.job.pk, subject.now)
    if row:
        return appointment_values(row, subject.language)[name]
    return ""


def coming_of(job_id: int, at: datetime | None = None) -> Appointment | None:
    """Return a job's next appointment."""
    rows = Appointment.objects.coming(at or clock.now()).of_job(job_id).select_related("job__brand", "type")
    appointment: Appointment | None = rows.prefetch_related("attendances").by_time().first()
    return appointment
