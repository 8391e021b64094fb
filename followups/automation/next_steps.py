"""Trigger a given time before or after each follow-up and appointment of a lead."""

from collections.abc import Collection, Iterator
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.automation.jobs.triggers import JOB, came_and_left
from crm.automation.registry.triggers import Anchor, Chosen, TimeTrigger, about_job
from crm.jobs.models import Job
from crm.jobs.models.appointments import Appointment
from crm.jobs.models.job_record import JobState
from followups.models import FollowUp

_FOLLOW_UPS = ("planned", "rescheduled", "completed", "cancelled", "reopened", "undone")
_APPOINTMENTS = ("booked", "rescheduled", "cancelled", "reopened", "completed", "missed")


def _open_rows_with_date() -> Any:
    return FollowUp.objects.open().filter(due_at__isnull=False, job_id__isnull=False)


def _with_one(chosen: Chosen) -> Any:
    planned = Q(pk__in=_open_rows_with_date().values("job_id")) | Q(pk__in=Appointment.objects.live().values("job_id"))
    return Job.objects.filter(Q(next_step_at__isnull=False) | planned, state=JobState.OPEN)


def _next_step_times(jobs: Collection[Job], chosen: Chosen) -> Iterator[tuple[int, Anchor]]:
    """Return the times of the open follow-ups and appointments of some jobs, without duplicates."""
    ids = [job.pk for job in jobs]
    times = {(job.pk, job.next_step_at) for job in jobs if job.next_step_at}
    times |= set(_open_rows_with_date().filter(job_id__in=ids).values_list("job_id", "due_at"))
    times |= set(Appointment.objects.live().filter(job_id__in=ids).values_list("job_id", "starts_at"))
    return ((job_id, Anchor(at, at.isoformat())) for job_id, at in times)


NEXT_STEP = TimeTrigger(
    name="job.next_step",
    record=JOB,
    label=_("has a next step planned"),
    rows=_with_one,
    anchors=_next_step_times,
    events=came_and_left(
        "job.next_step_planned",
        *(f"followup.{what}" for what in _FOLLOW_UPS),
        *(f"appointment.{what}" for what in _APPOINTMENTS),
    ),
    about=about_job,
    before=True,
    grace=timedelta(days=1),
)
