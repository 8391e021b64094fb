"""Triggers by dates of leads: a time before or after one of the tenant's date fields, or the expected close."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.automation.jobs.triggers import JOB
from crm.automation.registry.options import Options
from crm.automation.registry.triggers import Anchor, Chosen, TimeTrigger, morning_of_day
from crm.jobs.fields.setup import day_of, job_fields
from crm.jobs.models import Job


class FieldOptions(Options):
    """Options: which date field."""

    field = forms.ChoiceField(
        label="",
        error_messages={
            "invalid_choice": _("Its lead field no longer exists."),
            "required": _("Choose a date; add one in Settings, “Lead fields”."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(field.key, field.name) for field in job_fields().dates]
        self.fields["field"].choices = choices  # type: ignore[attr-defined]


def _with_one(chosen: Chosen) -> Any:
    return Job.objects.with_own_field(chosen["field"])


def _date_anchor(job: Job, chosen: Chosen) -> Anchor | None:
    """Return the start of the day in the date field, in the brand's time zone; a changed date is a new anchor."""
    day = day_of(job, chosen["field"])
    if day:
        return Anchor(morning_of_day(day, job.brand_id), f"{chosen['field']}:{day}")
    return None


def _expected_anchor(job: Job, chosen: Chosen) -> Anchor | None:
    if job.expected_on:
        return Anchor(morning_of_day(job.expected_on, job.brand_id), job.expected_on.isoformat())
    return None


_EVENTS = ("job.opened", "job.corrected", "job.undone")

OWN_DATE = TimeTrigger(
    name="job.own_date",
    record=JOB,
    label=_("has a date in field"),
    options=FieldOptions,
    rows=_with_one,
    anchor=_date_anchor,
    by_day=True,
    events=_EVENTS,
    before=True,
    grace=timedelta(days=30),
)

EXPECTED_CLOSE = TimeTrigger(
    name="job.expected",
    record=JOB,
    label=_("is expected to close"),
    rows=lambda chosen: Job.objects.open().filter(expected_on__isnull=False),
    anchor=_expected_anchor,
    by_day=True,
    events=(*_EVENTS, "job.finished", "job.lost", "job.dropped", "job.reopened"),
    before=True,
    grace=timedelta(days=30),
)
