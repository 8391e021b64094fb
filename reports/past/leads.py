"""Leads as they were at a past instant: unsaved instances, built from stays and events."""

from collections import defaultdict
from collections.abc import Sequence
from copy import copy
from datetime import datetime
from typing import NamedTuple

from crm.jobs.clock import arithmetic as ageing
from crm.jobs.models import Job, JobState, Level, Side, StageVisit
from crm.jobs.models.visit import past_visit
from crm.jobs.pipelines.setup import pipeline_setup
from crm.platform.models import Event
from crm.platform.organization.configuration import directory
from reports.past.replay import PastStanding, ReplayFact, stood, turned_within

REPLAYED = ("turned", "heard", "answered", "contacted", "paused", "resumed", "undone")
# Of these an event says what was there before it: the first one afterwards tells what held then.
TOLD_AFTERWARDS = {"assigned": "member_id", "prioritized": "priority"}
KINDS = tuple(f"job.{kind}" for kind in (*REPLAYED, *TOLD_AFTERWARDS))


class PastLead(NamedTuple):
    """A lead as it was, and as it is now."""

    then: Job
    now: Job


def leads_at(stays: Sequence[StageVisit], at: datetime) -> list[PastLead]:
    """Return the leads of these stays as they were at an instant, in the same order. Three statements."""
    ids = [stay.job_id for stay in stays]
    jobs = {job.pk: job for job in Job.objects.filter(pk__in=ids)}
    past = _steps_behind(ids, at)
    facts = facts_of(ids)
    return [
        PastLead(_job_as_of(jobs[stay.job_id], stay, past[stay.job_id], facts[stay.job_id], at), jobs[stay.job_id])
        for stay in stays
        if stay.job_id in jobs
    ]


def _steps_behind(ids: list[int], at: datetime) -> dict[int, str]:
    """Return the steps each job had left by an instant, in the format of its pipeline bar."""
    by_job: dict[int, list[str]] = defaultdict(list)
    left = StageVisit.objects.filter(job_id__in=ids, left_at__lt=at, level__isnull=False)
    for job_id, stage_id, level in left.order_by("entered_at", "pk").values_list("job_id", "stage_id", "level"):
        by_job[job_id].append(past_visit(stage_id, Level(level).css))
    return defaultdict(str, {job_id: " ".join(filter(None, pairs)) for job_id, pairs in by_job.items()})


def facts_of(ids: list[int]) -> dict[int, list[ReplayFact]]:
    """Return the events of each job, oldest first."""
    by_job: dict[int, list[ReplayFact]] = defaultdict(list)
    events = Event.objects.filter(job_id__in=ids, kind__in=KINDS, subject_kind=Job._meta.label_lower)
    for job_id, kind, at, data in events.order_by("at", "id").values_list("job_id", "kind", "at", "data"):
        by_job[job_id].append(ReplayFact(kind.rpartition(".")[2], at, data))
    return by_job


def _job_as_of(job: Job, stay: StageVisit, past: str, facts: list[ReplayFact], at: datetime) -> Job:
    """Return a job as it was."""
    then = copy(job)
    then.stage_id = stay.stage_id
    then.entered_at = stay.entered_at
    then.past = past
    then.state = JobState.OPEN
    then.ended_at = None
    then.ended_reason = ""
    for kind, column in TOLD_AFTERWARDS.items():
        if later := next((fact for fact in facts if fact.kind == kind and fact.at >= at), None):
            setattr(then, column, later.data.get("from"))
    standing = stood(stay.entered_at, [fact for fact in facts if fact.at < at and fact.kind in REPLAYED])
    then.waiting_since = standing.waiting_since
    then.touched_at = standing.touched_at
    then.unread_count = standing.unread
    then.unread_channel = standing.channel
    _wind_clock(then, stay, standing, turned=turned_within(facts, stay.entered_at, stay.left_at))
    return then


def _wind_clock(then: Job, stay: StageVisit, here: PastStanding, *, turned: bool) -> None:
    """Set its clock to its past state: by the stay's allowance or, if `turned`, by today's target."""
    theirs = here.side == Side.CUSTOMER
    target = pipeline_setup().allowance(then.pipeline_id, then.stage_id, then.brand_id, then.priority, theirs=theirs)
    if turned:
        then.allowed = target.seconds
    else:
        then.allowed = stay.allowed
    then.calendar_id = target.calendar_id
    then.side = Side(here.side)
    then.clock_started_at = here.started_at
    then.clock_used = sum(ageing.used_seconds(start, end, then.hours) for start, end in here.runs)
    then.pause_reason = ""
    then.pause_ends_at = here.pause_ends_at
    then.warn_at = then.due_at = then.far_at = None
    if here.paused_at:
        then.side = Side.PAUSED
        then.paused_from = here.side
        return
    then.warn_at, then.due_at, then.far_at = ageing.instants(
        here.started_at, then.allowed, then.hours, used=then.clock_used, ratios=directory().tenant.ratios
    )
