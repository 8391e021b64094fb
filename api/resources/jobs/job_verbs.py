"""Verbs of a job as the bodies of requests ask for them: hold, plan, log a contact; and the step of a sale."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from api.requests.problems import conflict_at
from api.resources.jobs.job_ends import expect_open
from crm.jobs.clock.clocked import Side
from crm.jobs.models import CONTACTS, Job
from crm.jobs.next_step import signals
from crm.jobs.pipelines.setup import pipeline_setup
from crm.jobs.pipelines.stage import Stage
from crm.jobs.views.pause import FARTHEST
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.web.reader import Reader
from crm.web.requests.future_morning import parse_future_morning
from followups.models import FollowUp
from followups.models.kind_setup import OneKind, kinds

# Working hours are counted until then.
LATEST = datetime(2100, 1, 1, tzinfo=UTC)


def first_sold_step(job: Job) -> Stage:
    """Return the first step of the job's pipeline that counts as sold. Raises Refused if it has none."""
    setup = pipeline_setup()
    for stage in setup.steps(job.pipeline_id):
        if setup.is_sold(stage.pk):
            return stage
    raise Refused(_("Its pipeline has no step that counts as sold."))


def hold_job(job: Job, values: dict[str, Any], *, by: Member) -> None:
    """Pause a locked job until the morning of a day in the zone of the member. Raises Refused, or Problem (409)."""
    expect_open(job)
    if job.side == Side.PAUSED:
        raise Refused(_("It is on hold. Resume it first."))
    until = None
    if "until" in values:
        until = future_morning(values["until"], farthest=FARTHEST, by=by)
    job.pause(reason=values["reason"], until=until, by=by)


def future_morning(day: date, *, farthest: timedelta, by: Member) -> datetime | None:
    """Return the morning of a day of a body, in the zone of the member. Raises Problem (409) unless it is to come."""
    try:
        return parse_future_morning(day.isoformat(), Reader.of(by, clock.now()), farthest=farthest)
    except Refused as why:
        raise conflict_at("/until", str(why)) from None


def plan_step(job: Job, values: dict[str, Any], *, by: Member) -> FollowUp:
    """Plan a follow-up as the next step of a locked job. Raises Problem (409) for an unknown type, or a past time."""
    kind = find_kind(values["kind"])
    if not clock.now() < values["at"] < LATEST:
        raise conflict_at("/at", _("Choose a day and time in the future."))
    return FollowUp.plan(
        kind=kind.code,
        subject=values.get("label") or kind.label,
        due_at=values["at"],
        by=by,
        job=job,
        assignee=directory().members.get(job.member_id or 0) or by,
        priority=job.priority,
    )


def find_kind(text: str) -> OneKind:
    """Return a type of follow-ups in use, by its code or name. Raises Problem (409) if there is none."""
    for kind in kinds().live:
        if text.casefold() in (kind.code, kind.label.casefold()):
            return kind
    raise conflict_at("/kind", _("There is no “%(name)s”.") % {"name": text})


def log_contact(job: Job, values: dict[str, Any], *, by: Member) -> None:
    """Log a contact of a locked job. Raises Problem (409) for an outcome that this kind does not have."""
    kind = values["kind"]
    outcome = values["outcome"]
    if outcome not in CONTACTS[kind]:
        raise conflict_at("/outcome", _("Choose an outcome."))
    job.contact(kind, outcome, by=by, note=values.get("note", "").strip())
    signals.contact_logged.send(Job, job=job, kind=kind, outcome=outcome, by=by)
