"""Triggers about jobs: events on a lead, and times counted from one of its dates."""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.automation.jobs.options import AnyStepOptions, ContactOptions, StepOptions
from crm.automation.jobs.step_choices import stage_ids
from crm.automation.registry.options import Options
from crm.automation.registry.triggers import (
    Anchor,
    Chosen,
    EventTrigger,
    RoundTrigger,
    Spell,
    TimeTrigger,
    Trigger,
)
from crm.jobs.losses.setup import lost_reasons
from crm.jobs.models import Job, Side, StageVisit
from crm.jobs.models.job_record import JobState
from crm.jobs.models.losses import Ends
from crm.platform.models import Event

JOB = "job"


class LevelOptions(Options):
    """Options: how late a lead is."""

    level = forms.ChoiceField(
        label="",
        choices=[
            ("job.due_soon", _("due soon")),
            ("job.overdue", _("late")),
            ("job.far_overdue", _("very late")),
        ],
    )


class ReasonOptions(Options):
    """Options: why a lead was lost or dropped, or any reason."""

    reason = forms.ChoiceField(label="", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = [row for row in lost_reasons().all.values() if row.parent_id is None]
        # Lost before dropped; what is one reason of both is offered once. An archived one may be a rule's.
        rows.sort(key=lambda row: row.ends != Ends.LOST)
        named = {row.code: row.name for row in reversed(rows)}
        ordered = [(code, named[code]) for code in dict.fromkeys(row.code for row in rows)]
        self.fields["reason"].choices = [("", _("any reason")), *ordered]  # type: ignore[attr-defined]


def _has_reason(event: Event, chosen: Chosen) -> bool:
    """True if the lead's reason begins with the chosen one."""
    if not chosen.get("reason"):
        return event.kind == "job.lost"
    labels = {row.name for row in lost_reasons().all.values() if row.code == chosen["reason"]}
    return str(event.data.get("reason", "")).partition(" · ")[0] in labels


def _was_typed(event: Event, chosen: Chosen) -> bool:
    """Exclude imported leads: they did not arrive now."""
    return "import" not in event.data


def _is_step(chosen: Chosen, stage_id: int | None) -> bool:
    """True if a step matches the choice, or the choice is any."""
    if not chosen["step"]:
        return stage_id is not None
    return stage_id in stage_ids(chosen["step"])


def _has_entered(event: Event, chosen: Chosen) -> bool:
    if event.kind == "job.opened":
        step = event.data.get("stage")
    else:
        step = event.data.get("to")
    if event.kind == "job.opened" and "import" in event.data:
        return False
    return _is_step(chosen, step)


def _has_left(event: Event, chosen: Chosen) -> bool:
    return _is_step(chosen, event.data.get("from"))


def _is_contact(event: Event, chosen: Chosen) -> bool:
    """True if a contact matches the options. A message has no outcome, so it only matches any outcome."""
    return all(chosen.get(name, "") in ("", event.data.get(name)) for name in ("kind", "outcome"))


def _of_level(event: Event, chosen: Chosen) -> bool:
    return event.kind == chosen["level"]


# Rows of times, and the instants they count from


def _open_jobs(chosen: Chosen) -> Any:
    return Job.objects.filter(state=JobState.OPEN)


def _in_step(chosen: Chosen) -> Any:
    rows = Job.objects.filter(state=JobState.OPEN, stage_id__isnull=False)
    if not chosen["step"]:
        return rows
    return rows.filter(stage_id__in=stage_ids(chosen["step"]))


def _entry_anchor(job: Job, chosen: Chosen) -> Anchor:
    return Anchor(job.entered_at, f"{job.stage_id}:{job.stay}")


def _stays_in_step(ids: Collection[int], chosen: Chosen, since: datetime) -> Iterator[Spell]:
    """Return the periods jobs spent in the step, from their recorded visits."""
    visits = StageVisit.objects.filter(job_id__in=list(ids), stage_id__isnull=False)
    return _visit_spells(visits.filter(stage_id__in=stage_ids(chosen["step"])) if chosen["step"] else visits, since)


def _without_status(ids: Collection[int], chosen: Chosen, since: datetime) -> Iterator[Spell]:
    return _visit_spells(StageVisit.objects.filter(job_id__in=list(ids), stage_id__isnull=True), since)


def _visit_spells(visits: Any, since: datetime) -> Iterator[Spell]:
    rows = visits.filter(Q(left_at__isnull=True) | Q(left_at__gte=since))
    for job_id, stage_id, entered_at, left_at in rows.values_list("job_id", "stage_id", "entered_at", "left_at"):
        yield Spell(job_id, Anchor(entered_at, f"{stage_id}:{entered_at.isoformat()}"), left_at)


def _came_in_anchor(job: Job, chosen: Chosen) -> Anchor:
    return Anchor(job.came_in_at, job.came_in_at.isoformat())


def _waiting_anchor(job: Job, chosen: Chosen) -> Anchor | None:
    if job.waiting_since:
        return Anchor(job.waiting_since, job.waiting_since.isoformat())
    return None


def _contact_anchor(job: Job, chosen: Chosen) -> Anchor:
    at = job.touched_at or job.came_in_at
    return Anchor(at, at.isoformat())


def _their_move_anchor(job: Job, chosen: Chosen) -> Anchor:
    return Anchor(job.clock_started_at, job.clock_started_at.isoformat())


def _end_anchor(job: Job, chosen: Chosen) -> Anchor | None:
    if job.ended_at:
        return Anchor(job.ended_at, job.ended_at.isoformat())
    return None


def came_and_left(*kinds: str) -> tuple[str, ...]:
    """Return the event kinds that may start or end the time of a job trigger, including `kinds`."""
    return ("job.opened", "job.finished", "job.lost", "job.dropped", "job.reopened", "job.undone", *kinds)


HAPPENINGS: list[Trigger] = [
    EventTrigger(
        name="job.opened",
        record=JOB,
        label=_("is created"),
        events=("job.opened",),
        heeds=_was_typed,
        present=_open_jobs,
    ),
    EventTrigger(
        name="job.entered",
        record=JOB,
        label=_("reaches step"),
        options=StepOptions,
        events=("job.moved", "job.opened"),
        heeds=_has_entered,
        present=_in_step,
    ),
    EventTrigger(
        name="job.left",
        record=JOB,
        label=_("leaves step"),
        options=AnyStepOptions,
        events=("job.moved",),
        heeds=_has_left,
    ),
    EventTrigger(name="job.assigned", record=JOB, label=_("is assigned"), events=("job.assigned",)),
    EventTrigger(
        name="job.contacted",
        record=JOB,
        label=_("is contacted"),
        options=ContactOptions,
        events=("job.contacted", "job.answered"),
        heeds=_is_contact,
    ),
    EventTrigger(name="job.heard", record=JOB, label=_("receives a customer message"), events=("job.heard",)),
    EventTrigger(
        name="job.late",
        record=JOB,
        label=_("becomes"),
        options=LevelOptions,
        events=("job.due_soon", "job.overdue", "job.far_overdue"),
        heeds=_of_level,
    ),
    EventTrigger(name="job.paused", record=JOB, label=_("is put on hold"), events=("job.paused",)),
    EventTrigger(name="job.finished", record=JOB, label=_("is completed"), events=("job.finished",)),
    EventTrigger(
        name="job.lost",
        record=JOB,
        label=_("is lost, reason"),
        options=ReasonOptions,
        events=("job.lost", "job.dropped"),
        heeds=_has_reason,
    ),
    EventTrigger(name="job.reopened", record=JOB, label=_("is reopened"), events=("job.reopened",)),
    EventTrigger(name="job.prioritized", record=JOB, label=_("changes priority"), events=("job.prioritized",)),
]
TIMES: list[Trigger] = [
    TimeTrigger(
        name="job.stays",
        record=JOB,
        label=_("has been in step"),
        options=AnyStepOptions,
        rows=_in_step,
        anchor=_entry_anchor,
        spells=_stays_in_step,
        events=came_and_left("job.moved"),
    ),
    TimeTrigger(
        name="job.no_status",
        record=JOB,
        label=_("has had no status update"),
        rows=lambda chosen: Job.objects.filter(state=JobState.OPEN, stage_id__isnull=True),
        anchor=_came_in_anchor,
        spells=_without_status,
        events=came_and_left("job.moved"),
    ),
    TimeTrigger(
        name="job.unanswered",
        record=JOB,
        label=_("has been waiting for our reply"),
        rows=lambda chosen: Job.objects.filter(waiting_since__isnull=False),
        anchor=_waiting_anchor,
        events=("job.heard", "job.answered", "job.contacted", "job.undone"),
    ),
    TimeTrigger(
        name="job.silent",
        record=JOB,
        label=_("has had no contact"),
        rows=_open_jobs,
        anchor=_contact_anchor,
        events=came_and_left("job.heard", "job.answered", "job.contacted"),
    ),
    TimeTrigger(
        name="job.their_move",
        record=JOB,
        label=_("has been waiting for the customer"),
        rows=lambda chosen: Job.objects.filter(state=JobState.OPEN, side=Side.CUSTOMER),
        anchor=_their_move_anchor,
        events=came_and_left("job.moved", "job.turned", "job.answered", "job.heard", "job.paused", "job.resumed"),
    ),
    TimeTrigger(
        name="job.done_since",
        record=JOB,
        label=_("has been completed"),
        rows=lambda chosen: Job.objects.filter(state=JobState.DONE),
        anchor=_end_anchor,
        events=came_and_left(),
        grace=timedelta(days=3),
    ),
    TimeTrigger(
        name="job.lost_since",
        record=JOB,
        label=_("has been lost"),
        rows=lambda chosen: Job.objects.filter(state=JobState.LOST),
        anchor=_end_anchor,
        events=came_and_left(),
        grace=timedelta(days=3),
    ),
    RoundTrigger(
        name="job.round",
        record=JOB,
        label=_("is open, on"),
        rows=lambda: Job.objects.filter(state=JobState.OPEN),
    ),
]
