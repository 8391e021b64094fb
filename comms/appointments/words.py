"""What messages say of an appointment: day and time where it is, what it is, who comes, and the customer's page."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from comms.appointments.links import appointment_url
from comms.library.dates import long_day
from comms.library.variables import Subject
from crm.jobs.models.appointments import Appointment
from crm.kernel import clock, formats
from crm.platform.organization.configuration import directory


def said_of(row: Appointment, language: str) -> dict[str, Any]:
    """Return the values of an appointment's variables, in a language, by the clock of its place."""
    brand, zone = row.job.brand, ZoneInfo(row.time_zone)
    here = directory().members
    return {
        "appointment.date": long_day(row.starts_at.astimezone(zone).date(), language, brand.country),
        "appointment.time": formats.clock_time(row.starts_at, zone, brand.country, language),
        "appointment.what": row.type.name,
        "appointment.who": ", ".join(here[pk].name for pk in row.member_ids if pk in here),
        "appointment.link": appointment_url(row),
    }


def values_of(subject: Subject, name: str) -> Any:
    """Return a variable's value of the coming appointment of a message's job; "" where there is none."""
    row = coming_of(subject.job.pk, subject.now) if subject.job else None
    return said_of(row, subject.language)[name] if row else ""


def coming_of(job_id: int, at: datetime | None = None) -> Appointment | None:
    """Return a job's next appointment."""
    rows = Appointment.objects.coming(at or clock.now()).of_job(job_id).select_related("job__brand", "type")
    found: Appointment | None = rows.prefetch_related("attendances").by_time().first()
    return found
