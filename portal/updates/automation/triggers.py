"""Automation triggers about updates and milestones, and the update as a record of rules."""

from collections.abc import Collection, Iterator
from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.automation.escalation import taken_up_signal
from crm.automation.jobs.appointments import appointment_begins
from crm.automation.jobs.triggers import JOB
from crm.automation.registry.lists import RecordList
from crm.automation.registry.options import Options
from crm.automation.registry.records import RecordKind
from crm.automation.registry.stops import StopSignal
from crm.automation.registry.triggers import Anchor, Chosen, EventTrigger, TimeTrigger, about_job, morning_of_day
from crm.jobs.appointments.setup import offered_types
from crm.jobs.models import Job
from crm.jobs.models.appointments import Appointment
from crm.jobs.pipelines.setup import pipeline_setup
from crm.platform.features import Feature
from crm.platform.models import Event
from portal.models import CustomerUpdate
from portal.updates.automation.visit_events import VISITED
from portal.updates.queue.filters import UpdateFilters, job_title
from service.models import Milestone

UPDATE = "customer_update"
_APPOINTMENTS = ("booked", "rescheduled", "cancelled", "reopened", "completed", "missed")
# Milestones customers read of, of projects that go on.
_EVENTS = (
    *("milestone.added", "milestone.completed", "milestone.reopened", "milestone.undone"),
    *("project.started", "project.scheduled", "project.held", "project.resumed", "project.finished", "project.undone"),
)


class AppointmentTypeOptions(Options):
    """Appointment type of the trigger, for example the delivery of the material."""

    type = forms.ChoiceField(
        label="",
        error_messages={
            "required": _("Choose an appointment type; add one in Settings, “Appointment types”."),
            "invalid_choice": _("Its type no longer exists."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(row.pk), row.name) for row in offered_types()]
        self.fields["type"].choices = choices  # type: ignore[attr-defined]


def _of_type(chosen: Chosen) -> Any:
    live = Appointment.objects.live().filter(type_id=int(chosen["type"]))
    return Job.objects.filter(pk__in=live.values("job_id"))


def _appointment_starts(jobs: Collection[Job], chosen: Chosen) -> Iterator[tuple[int, Anchor]]:
    return appointment_begins(jobs, Appointment.objects.live().filter(type_id=int(chosen["type"])))


def _asks_survey(event: Event, chosen: Chosen) -> bool:
    """True if the milestone asks for a survey and is reached for the first time."""
    return bool(event.data.get("asks"))


def _is_told(event: Event, chosen: Chosen) -> bool:
    """True if customers see the step it entered."""
    stage = pipeline_setup().stages.get(event.data.get("to") or 0)
    return stage is not None and stage.is_told


def _is_the_customers(event: Event, chosen: Chosen) -> bool:
    return event.data.get("visibility") == Milestone.Visibility.CUSTOMER


def _open_milestones() -> Any:
    rows = Milestone.objects.customers().filter(done_at__isnull=True, planned_on__isnull=False)
    return rows.filter(project__held_at__isnull=True, project__finished_at__isnull=True)


def _with_one(chosen: Chosen) -> Any:
    return Job.objects.filter(pk__in=_open_milestones().values("project__job_id"))


def _milestone_mornings(jobs: Collection[Job], chosen: Chosen) -> Iterator[tuple[int, Anchor]]:
    """Return the morning, at the job's place, of each upcoming milestone's day; a new day is a new anchor."""
    by_id = {job.pk: job for job in jobs}
    rows = _open_milestones().filter(project__job_id__in=by_id)
    for job_id, uid, day in rows.values_list("project__job_id", "uid", "planned_on"):
        yield job_id, Anchor(morning_of_day(day, by_id[job_id].brand_id), f"{uid}:{day}")


TRIGGERS: list[Feature] = [
    RecordList(UPDATE, "updates:list"),
    RecordKind(
        key=UPDATE,
        model=CustomerUpdate,
        filterset=UpdateFilters,
        noun=_("a customer update"),
        group=_("Customer updates"),
        job_id=lambda row: row.job_id,
        member_id=lambda row: row.job.member_id,
        person_id=lambda row: row.person_id,
        title=job_title,
        related=("job__site",),
    ),
    EventTrigger(name="update.missed", record=UPDATE, label=_("is missed"), events=("update.missed",)),
    EventTrigger(name="update.unseen", record=UPDATE, label=_("is not viewed for days"), events=("update.unseen",)),
    StopSignal(
        name="update.sent",
        record=UPDATE,
        label=_("it is sent"),
        events=("update.sent", "update.approved", "update.skipped"),
    ),
    taken_up_signal(UPDATE),
    EventTrigger(
        name="job.portal_visited",
        record=JOB,
        label=_("has a customer who visits their page"),
        events=(VISITED,),
        about=about_job,
    ),
    EventTrigger(
        name="job.told_step",
        record=JOB,
        label=_("reaches a step on the customer’s page"),
        events=("job.moved",),
        heeds=_is_told,
    ),
    TimeTrigger(
        name="job.appointment_of",
        record=JOB,
        label=_("has an appointment coming up of type"),
        options=AppointmentTypeOptions,
        rows=_of_type,
        anchors=_appointment_starts,
        events=tuple(f"appointment.{kind}" for kind in _APPOINTMENTS),
        about=about_job,
        before=True,
        grace=timedelta(days=1),
    ),
    EventTrigger(
        name="job.milestone_reached",
        record=JOB,
        label=_("reaches a milestone on the customer’s page"),
        events=("milestone.completed",),
        heeds=_is_the_customers,
        about=about_job,
    ),
    EventTrigger(
        name="job.milestone_asks",
        record=JOB,
        label=_("reaches a milestone with a survey"),
        events=("milestone.completed",),
        heeds=_asks_survey,
        about=about_job,
    ),
    TimeTrigger(
        name="job.milestone",
        record=JOB,
        label=_("has a milestone coming up"),
        rows=_with_one,
        anchors=_milestone_mornings,
        by_day=True,
        events=_EVENTS,
        about=about_job,
        before=True,
        grace=timedelta(days=1),
    ),
]
