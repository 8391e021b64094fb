"""Triggers by dates of leads: a time before or after one of the tenant's date fields, or the expected close."""

from django.utils.translation import gettext_lazy as _

from crm.automation.jobs.triggers import JOB
from crm.automation.own_dates import GRACE, FieldOptions, own_date_trigger
from crm.automation.registry.triggers import Anchor, Chosen, DayWriter, TimeTrigger, morning_of_day
from crm.jobs.correction import expect_on
from crm.jobs.models import Job
from crm.platform.access.permissions import allows
from crm.platform.models import Member


class LeadFieldOptions(FieldOptions):
    """Options: which date field of leads."""

    records = Job


def _may_correct(job: Job, member: Member) -> bool:
    return allows(member, "jobs.correct") and job.is_visible_to(member)


def _expected_anchor(job: Job, chosen: Chosen) -> Anchor | None:
    if job.expected_on:
        return Anchor(morning_of_day(job.expected_on, job.brand_id), job.expected_on.isoformat())
    return None


_EVENTS = ("job.opened", "job.corrected", "job.undone")

OWN_DATE = own_date_trigger(
    LeadFieldOptions,
    JOB,
    events=_EVENTS,
    may_write=_may_correct,
    rows=lambda: Job.objects.all(),
    brand_id=lambda job: job.brand_id,
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
    grace=GRACE,
    writer=DayWriter(
        label=lambda job, value, chosen: str(_("Expected close")),
        may_write=_may_correct,
        write=lambda job, value, chosen, day, by: expect_on(job, day, by=by),
    ),
)
