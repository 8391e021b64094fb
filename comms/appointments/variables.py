"""Template variables of a job's coming appointment, usable in every message."""

from django.utils.translation import gettext_lazy as _

from comms.appointments.appointment_values import values_of
from comms.library.own_variables import long_date
from comms.library.variables import TemplateSubject, TemplateVariable
from crm.integrations.meetings.links import own_link
from crm.kernel import formats

# Kinds of a next step that somebody comes for, or to; its time is the appointment's.
APPOINTMENTS = frozenset({"visit", "meeting", "video", "service"})


def _appointment_day(subject: TemplateSubject) -> str:
    if booked := values_of(subject, "appointment.date"):
        return str(booked)
    job = subject.job
    if job is None or job.next_step_at is None or job.next_step_kind not in APPOINTMENTS:
        return ""
    return long_date(subject, job.next_step_at.astimezone(subject.zone).date())


def _appointment_time(subject: TemplateSubject) -> str:
    if booked := values_of(subject, "appointment.time"):
        return str(booked)
    job = subject.job
    if job is None or job.next_step_at is None or job.next_step_kind not in APPOINTMENTS:
        return ""
    return formats.clock_time(job.next_step_at, subject.zone, subject.brand.country, subject.language)


def _meeting_link(subject: TemplateSubject) -> str:
    """Return the link of the coming appointment by video, else the own link of who calls by video next."""
    job = subject.job
    if booked := values_of(subject, "appointment.meeting_link"):
        return str(booked)
    if job is None or job.next_step_kind != "video":
        return ""
    return own_link(job.member_id)


VARIABLES = [
    TemplateVariable(
        name="appointment.date",
        words=_("Day of the appointment"),
        example=_("Monday, May 4"),
        value=_appointment_day,
    ),
    TemplateVariable(
        name="appointment.time",
        words=_("Time of the appointment"),
        example="9:30",
        value=_appointment_time,
    ),
    TemplateVariable(
        name="appointment.what",
        words=_("What the appointment is"),
        example=_("Inspection"),
        value=lambda subject: values_of(subject, "appointment.what"),
    ),
    TemplateVariable(
        name="appointment.who",
        words=_("Who attends the appointment"),
        example="Dana Whitfield",
        value=lambda subject: values_of(subject, "appointment.who"),
    ),
    TemplateVariable(
        name="appointment.link",
        words=_("Page to confirm the appointment, or to choose another time"),
        example="https://…",
        value=lambda subject: values_of(subject, "appointment.link"),
    ),
    TemplateVariable(
        name="appointment.meeting_link",
        words=_("Link to join by video; empty for other appointments"),
        example="https://…",
        value=_meeting_link,
    ),
    TemplateVariable(
        name="appointment.held_until",
        words=_("Until when a time is held for the customer"),
        example="4:30 PM",
        value=lambda subject: values_of(subject, "appointment.held_until"),
    ),
]
