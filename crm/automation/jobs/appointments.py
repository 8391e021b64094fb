"""Triggers about a lead's appointments: a change of state, or a time before or after the start."""

from collections.abc import Collection, Iterator
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.automation.jobs.triggers import JOB
from crm.automation.registry.triggers import Anchor, Chosen, EventTrigger, TimeTrigger, Trigger, about_job
from crm.jobs.models import Job
from crm.jobs.models.appointments import Appointment

_KINDS = ("booked", "rescheduled", "cancelled", "reopened", "completed", "missed", "offered", "released")


def _with_one(chosen: Chosen) -> Any:
    return Job.objects.filter(pk__in=Appointment.objects.live().values("job_id"))


def appointment_begins(jobs: Collection[Job], live: Any) -> Iterator[tuple[int, Anchor]]:
    """Return the start times of the upcoming appointments of jobs; a changed time is a new anchor."""
    rows = live.filter(job_id__in=[job.pk for job in jobs])
    for job_id, uid, at in rows.values_list("job_id", "uid", "starts_at"):
        yield job_id, Anchor(at, f"{uid}:{at.isoformat()}")


def _begin_anchors(jobs: Collection[Job], chosen: Chosen) -> Iterator[tuple[int, Anchor]]:
    return appointment_begins(jobs, Appointment.objects.live())


def _event_trigger(kind: str, label: Any) -> EventTrigger:
    return EventTrigger(
        name=f"appointment.{kind}",
        record=JOB,
        label=label,
        events=(f"appointment.{kind}",),
        about=about_job,
    )


APPOINTMENTS: list[Trigger] = [
    _event_trigger("booked", _("has an appointment booked")),
    _event_trigger("confirmed", _("has an appointment confirmed")),
    _event_trigger("rescheduled", _("has an appointment rescheduled")),
    _event_trigger("asked", _("has another time requested by the customer")),
    _event_trigger("cancelled", _("has an appointment cancelled")),
    _event_trigger("completed", _("has an appointment completed")),
    _event_trigger("missed", _("has a no-show")),
    _event_trigger("released", _("doesn’t confirm a held appointment time")),
    TimeTrigger(
        name="job.appointment",
        record=JOB,
        label=_("has an appointment coming up"),
        rows=_with_one,
        anchors=_begin_anchors,
        events=tuple(f"appointment.{kind}" for kind in _KINDS),
        about=about_job,
        before=True,
        grace=timedelta(days=1),
    ),
]
