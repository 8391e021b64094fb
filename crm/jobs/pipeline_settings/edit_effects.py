"""Preview the effect of editing the pipeline setup on leads. Exact up to MOST; beyond, "more than"."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from django.db import models
from django.db.models import Q

from crm.jobs.clock import arithmetic as ageing
from crm.jobs.models import Job, Pipeline, Side, Stage, StageTarget, StageVisit
from crm.jobs.pipelines.key_fields import key_fields
from crm.jobs.pipelines.setup import Allowance, PipelineSetup, pipeline_setup
from crm.jobs.pipelines.target import TargetCase, Terms
from crm.kernel import clock
from crm.platform.organization.configuration import directory

# Clocks looked at for a preview: a fifth of a second.
MOST = 2000
# Leads counted, which is cheaper.
MOST_COUNTED = 10_000
# Leads named of those that change.
MOST_NAMED = 8


class Count(NamedTuple):
    """A count with an upper limit."""

    number: int
    more: bool


class Lacking(NamedTuple):
    """The number of leads in a step, and how many lack each key field."""

    standing: Count
    missing: Mapping[str, Count]


class ClockEffect(NamedTuple):
    """Counts of open clocks: due date moves, becomes late, is no longer late; any change of level."""

    moved: int
    late: int
    saved: int
    recoloured: int
    looked_at: int
    more: bool
    # Of each level that is there before or after: how many before, and after.
    levels: tuple[tuple[ageing.Level, int, int], ...] = ()
    # The first that change their level: the lead, its level before, and after.
    changing: tuple[tuple[Job, ageing.Level, ageing.Level], ...] = ()


def standing_in(stage: Stage) -> Count:
    """Count open leads that are now in a step."""
    return _count(Job.objects.open().filter(stage=stage))


def count_lacking(stage: Stage) -> Lacking:
    """Count the open leads in a step and the key fields they lack; one statement."""
    fields = key_fields()
    columns = {f"lack{at}": models.Count("pk", filter=~one.is_there()) for at, one in enumerate(fields.values())}
    in_step = Job.objects.open().filter(stage=stage).order_by().values("pk")[: MOST + 1]
    counts = Job.objects.filter(pk__in=in_step).aggregate(standing=models.Count("pk"), **columns)
    more = counts["standing"] > MOST
    missing = {key: Count(counts[f"lack{at}"], more) for at, key in enumerate(fields)}
    return Lacking(Count(min(counts["standing"], MOST), more), missing)


def stays_in(stage: Stage) -> Count:
    """Count ended stays in a step."""
    return _count(StageVisit.objects.filter(stage=stage, left_at__isnull=False))


def along(pipeline: Pipeline) -> Count:
    """Count open leads in a pipeline."""
    return _count(Job.objects.open().filter(pipeline=pipeline))


def of_targets(pipeline: Pipeline, changes: Mapping[TargetCase, Terms]) -> ClockEffect:
    """Preview new targets of a pipeline. Raises HoursError for a time that a calendar never reaches."""
    draft = _setup_with(pipeline_setup(), pipeline, changes)
    cases = Q(pk__in=[])
    for case in changes:
        criteria = {name: value for name, value in case._asdict().items() if value is not None}
        cases |= Q(**{"stage_id": None} | criteria)
    jobs = Job.objects.open().filter(cases, pipeline=pipeline, due_at__isnull=False)
    return _count_effect(jobs, lambda job: _allowance_in(draft, job), directory().tenant.ratios)


def of_levels(*, warn_percent: int, far_percent: int, default_ours: int, default_theirs: int) -> ClockEffect:
    """Preview new levels and defaults, checking the most urgent clocks first."""
    setup = pipeline_setup()

    def allowance(job: Job) -> Allowance:
        theirs = job.side == Side.CUSTOMER
        if setup.rule(job.pipeline_id, job.stage_id, job.brand_id, job.priority, theirs=theirs):
            return _allowance_in(setup, job)
        return Allowance(default_theirs if theirs else default_ours, None)

    jobs = Job.objects.open().filter(due_at__isnull=False).in_list_order()
    return _count_effect(jobs, allowance, (warn_percent / 100, 1.0, far_percent / 100))


def check_reachable(case: TargetCase, terms: Terms) -> None:
    """Raise HoursError if a calendar of the case has too few working hours to reach the time."""
    organization = directory()
    if not terms.working_hours:
        return
    if case.brand_id:
        brands = [case.brand_id]
    else:
        brands = list(organization.brands)
    for calendar in {organization.calendar_of(brand) for brand in brands} - {None}:
        for seconds in filter(None, (terms.ours, terms.theirs)):
            ageing.instants(
                clock.now(), seconds, organization.calendars[calendar or 0], ratios=organization.tenant.ratios
            )


def _setup_with(here: PipelineSetup, pipeline: Pipeline, changes: Mapping[TargetCase, Terms]) -> PipelineSetup:
    targets = dict(here.targets)
    for case, terms in changes.items():
        targets[pipeline.pk, *case] = StageTarget(pipeline=pipeline, **case._asdict(), **terms._asdict())
    return replace(here, targets=targets)


def _allowance_in(here: PipelineSetup, job: Job) -> Allowance:
    theirs = job.side == Side.CUSTOMER
    return here.allowance(job.pipeline_id, job.stage_id, job.brand_id, job.priority, theirs=theirs)


def _count_effect(jobs: Any, allowance: Callable[[Job], Allowance], ratios: ageing.Ratios) -> ClockEffect:
    now = clock.now()
    checked = list(jobs[: MOST + 1])
    counts = dict.fromkeys(("moved", "late", "saved", "recoloured"), 0)
    before = Counter[ageing.Level]()
    after = Counter[ageing.Level]()
    changing = list[tuple[Job, ageing.Level, ageing.Level]]()
    for job in checked[:MOST]:
        instants = _new_instants(job, allowance(job), ratios)
        for name in _iterate_changes(job, instants, now):
            counts[name] += 1
        levels = _level_change(job, instants, now)
        before[levels[0]] += 1
        after[levels[1]] += 1
        if levels[0] != levels[1] and len(changing) < MOST_NAMED:
            changing.append((job, *levels))
    counted = tuple((level, before[level], after[level]) for level in ageing.Level if before[level] or after[level])
    looked_at = min(len(checked), MOST)
    return ClockEffect(
        **counts, looked_at=looked_at, more=len(checked) > MOST, levels=counted, changing=tuple(changing)
    )


def _new_instants(job: Job, allowed: Allowance, ratios: ageing.Ratios) -> ageing.Instants:
    calendars = directory().calendars
    hours = None
    if allowed.calendar_id:
        hours = calendars[allowed.calendar_id]
    return ageing.instants(job.clock_started_at, allowed.seconds, hours, used=job.clock_used, ratios=ratios)


def _level_change(job: Job, after: ageing.Instants, now: Any) -> tuple[ageing.Level, ageing.Level]:
    """Return the level of a lead before and after; a lead without status stays at the top."""
    if job.stage_id is None:
        return ageing.Level.NONE, ageing.Level.NONE
    assert job.instants is not None, "only running clocks are looked at"
    return ageing.level(now, job.instants), ageing.level(now, after)


def _iterate_changes(job: Job, after: ageing.Instants, now: Any) -> Iterable[str]:
    before = job.instants
    assert before is not None, "only running clocks are looked at"
    if after.due_at != before.due_at:
        yield "moved"
    if before.due_at > now >= after.due_at:
        yield "late"
    if after.due_at > now >= before.due_at:
        yield "saved"
    if ageing.level(now, after) != ageing.level(now, before):
        yield "recoloured"


def _count(rows: Any) -> Count:
    number = rows[: MOST_COUNTED + 1].count()
    return Count(min(number, MOST_COUNTED), number > MOST_COUNTED)
