"""The variables of a job's coming appointment, which every message may show."""

from django.utils.translation import gettext_lazy as _

from comms.appointments.words import values_of
from comms.library.own_variables import long_date
from comms.library.variables import Subject, TemplateVariable
from crm.kernel import formats

# Kinds of a next step that somebody comes for, or to; its time is the appointment's.
APPOINTMENTS = frozenset({"visit", "meeting", "video", "service"})


def _appointment_day(subject: Subject) -> str:
    if booked := values_of(subject, "appointment.date"):
        return str(booked)
    job = subject.job
    if job is None or job.next_step_at is None or job.next_step_kind not in APPOINTMENTS:
        return ""
    return long_date(subject, job.next_step_at.astimezone(subject.zone).date())


def _appointment_time(subject: Subject) -> str:
    if booked := values_of(subject, "appointment.time"):
        return str(booked)
    job = subject.job
    if job is None or job.next_step_at is None or job.next_step_kind not in APPOINTMENTS:
        return ""
    return formats.clock_time(job.next_step_at, subject.zone, subject.brand.country, subject.language)


VARIABLES = [
    TemplateVariable(60, "appointment.date", _("Day of the appointment"), _("Monday, May 4"), _appointment_day),
    TemplateVariable(61, "appointment.time", _("Time of the appointment"), "9:30", _appointment_time),
    TemplateVariable(
        62,
        "appointment.what",
        _("What the appointment is"),
        _("Inspection"),
        lambda subject: values_of(subject, "appointment.what"),
    ),
    TemplateVariable(
        63,
        "appointment.who",
        _("Who attends the appointment"),
        "Dana Whitfield",
        lambda subject: values_of(subject, "appointment.who"),
    ),
    TemplateVariable(
        64,
        "appointment.link",
        _("Page to confirm the appointment, or to choose another time"),
        "https://…",
        lambda subject: values_of(subject, "appointment.link"),
    ),
    TemplateVariable(
        65,
        "appointment.held_until",
        _("Until when a time is held for the customer"),
        "4:30 PM",
        lambda subject: values_of(subject, "appointment.held_until"),
    ),
]
