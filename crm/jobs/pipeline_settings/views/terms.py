"""Describe a step's allowed time: the duration, how it is counted, and where an inherited time comes from."""

from typing import NamedTuple

from django.utils.translation import gettext as _

from crm.jobs.models import Priority, StageTarget
from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel import durations
from crm.platform.organization.configuration import directory


class Inherited(NamedTuple):
    """An inherited time, and where it comes from."""

    time: str
    origin: str


def workday(brand_id: int | None, *, working_hours: bool) -> int:
    """Length of a day in seconds: a calendar day, or the working day of the brand (for all brands: the tenant's)."""
    organization = directory()
    if not working_hours:
        return durations.DAY
    calendar = organization.calendar_of(brand_id or organization.default_brand.pk)
    if calendar:
        return organization.calendars[calendar].workday
    return durations.DAY


def allowance_words(pipeline_id: int, stage_id: int | None) -> str:
    """Format the time a step allows us, in short: "15m of work", "3d"."""
    target = pipeline_setup().rule(pipeline_id, stage_id, None, None, theirs=False)
    if target is None:
        return durations.short_duration(directory().tenant.default_ours)
    time = durations.short_duration(target.ours or 0, workday(None, working_hours=target.working_hours))
    if target.working_hours:
        return _("%(time)s working time") % {"time": time}
    return time


def inherited_terms(
    pipeline_id: int, stage_id: int | None, brand_id: int | None, priority: int | None, *, theirs: bool
) -> Inherited:
    """Return the time that a case without a target inherits."""
    wider = [(brand_id, None), (None, priority), (None, None)]
    for brand, rank in wider:
        if (brand, rank) == (brand_id, priority):
            continue
        target = pipeline_setup().targets.get((pipeline_id, stage_id, brand, rank))
        seconds = target and (target.theirs if theirs else target.ours)
        if target and seconds:
            day = workday(brand_id, working_hours=target.working_hours)
            return Inherited(durations.exact_duration(seconds, day), _origin_words(target))
    tenant = directory().tenant
    return Inherited(
        durations.exact_duration(tenant.default_theirs if theirs else tenant.default_ours), _("organization default")
    )


def _origin_words(target: StageTarget) -> str:
    if target.brand_id:
        return _("from %(brand)s") % {"brand": directory().brands[target.brand_id].name}
    if target.priority:
        return _("from priority %(priority)s") % {"priority": Priority(target.priority).label}
    return _("from the step")
