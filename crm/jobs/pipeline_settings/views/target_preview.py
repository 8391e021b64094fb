"""Preview next to the targets form: the effect of a change per level, and the measured times of the steps."""

from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _

from crm.jobs.clock.arithmetic import Level
from crm.jobs.models import Job
from crm.jobs.pipeline_settings import edit_effects
from crm.jobs.pipeline_settings.own_times import FEWEST, own_times
from crm.jobs.pipeline_settings.views.target_form import TargetForm
from crm.jobs.pipeline_settings.views.terms import workday
from crm.jobs.pipelines.setup import pipeline_setup
from crm.jobs.pipelines.target import TargetCase, Terms
from crm.kernel import durations
from crm.platform.organization.configuration import directory
from crm.web.requests.http import TenantRequest
from crm.web.shell.record_pages import record_url, records_url

# What a button may put into the form.
TAKEN = ("median", "p75", "p90")
LEVELS = {
    Level.NONE: _("No status"),
    Level.CRIT: _("Very late"),
    Level.LATE: _("Late"),
    Level.SOON: _("Due soon"),
    Level.OK: _("On time"),
}


class Times(NamedTuple):
    """A step's measured times in words; if it has too few stays, only their number."""

    stays: int
    median: str = ""
    p75: str = ""
    p90: str = ""
    fewest: int = FEWEST


class LevelLine(NamedTuple):
    """The number of affected leads with a level before and after; `url`: a list of those that have it now."""

    css: str
    label: str
    before: int
    after: int
    url: str


class LevelChange(NamedTuple):
    """A lead whose level would change."""

    title: str
    url: str
    before: str
    after: str
    after_words: str


class Ageing(NamedTuple):
    """How a step's bar would age with a new target: when it is due soon, over, and over twice."""

    label: str
    stages: list[tuple[str, str]]


class TargetPreview(NamedTuple):
    """The effect of saving; nothing is saved yet."""

    levels: list[LevelLine]
    leads: list[LevelChange]
    ageing: list[Ageing]


def times_of(form: TargetForm) -> Mapping[int, Times]:
    """Return the measured times of the form's steps, in the units of each row."""
    rows = {
        row.case.stage_id: row for row in form.rows if row.case.stage_id and row.case == TargetCase(row.case.stage_id)
    }
    by_step = {}
    for pk, times in own_times([pk for pk in rows if pk]).items():
        day = workday(None, working_hours=rows[pk].working_hours)
        by_step[pk] = Times(times.stays)
        if times.is_enough:
            median, p75, p90 = (
                durations.short_duration(seconds, day) for seconds in (times.median, times.p75, times.p90)
            )
            by_step[pk] = Times(times.stays, median, p75, p90)
    return by_step


def build_preview(request: TenantRequest, form: TargetForm, effect: edit_effects.ClockEffect) -> TargetPreview:
    """Return the preview of a form's changes."""
    slug = request.tenant.slug
    base = f"{records_url(Job, slug)}?{urlencode([('pipeline', form.pipeline.uid), *_step_conditions(form)], safe=':')}"
    return TargetPreview(
        levels=[
            LevelLine(level.css, str(LEVELS[level]), before, after, f"{base}&level={level.css}")
            for level, before, after in effect.levels
            if level in LEVELS
        ],
        leads=[
            LevelChange(job.title, record_url(job, slug), before.css, after.css, str(LEVELS[after]))
            for job, before, after in effect.changing
        ],
        ageing=[_build_ageing(form, case, terms) for case, terms in form.changes.items() if terms.ours],
    )


def _step_conditions(form: TargetForm) -> list[tuple[str, str]]:
    """Return the list conditions that select leads in the changed steps."""
    names = dict.fromkeys(pipeline_setup().stages[case.stage_id].name for case in form.changes if case.stage_id)
    name = "any1"
    if len(names) == 1:
        name = "where"
    return [(name, f"step:is:{step}") for step in names]


def _build_ageing(form: TargetForm, case: TargetCase, terms: Terms) -> Ageing:
    day = workday(case.brand_id, working_hours=terms.working_hours)
    label = next(row.label for row in form.rows if row.case == case)
    shares = [0.0, *directory().tenant.ratios]
    levels = (Level.OK, Level.SOON, Level.LATE, Level.CRIT)
    seconds = [durations.short_duration((terms.ours or 0) * share, day) for share in shares]
    return Ageing(label, [(level.css, time) for level, time in zip(levels, seconds, strict=True)])
