"""Compute when a story's steps were entered, backwards from now, so that each used its share of the allowance."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from crm.jobs.pipelines.setup import Allowance, pipeline_setup
from crm.kernel.business_hours import BusinessHours
from crm.platform.organization.configuration import directory
from demo.stories.story import Stay

FARTHEST = timedelta(days=1500)
MORNING, EVENING = 8, 19


@dataclass(frozen=True)
class Moment:
    """A stay with its instants; `turned_at` is when it became the customer's move."""

    stay: Stay
    stage_id: int | None
    entered_at: datetime
    turned_at: datetime | None
    left_at: datetime


def moments(stays: list[Stay], *, pipeline_id: int, brand_id: int, priority: int, until: datetime) -> list[Moment]:
    """Compute the stays of a story, oldest first; the last one lasts until `until`."""
    stages = {stage.name: stage.pk for stage in pipeline_setup().steps(pipeline_id)}
    found: list[Moment] = []
    for stay in reversed(stays):
        stage_id = stages[stay.step] if stay.step else None
        ours = pipeline_setup().allowance(pipeline_id, stage_id, brand_id, priority)
        if stay.theirs:
            theirs = pipeline_setup().allowance(pipeline_id, stage_id, brand_id, priority, theirs=True)
            turned = _begin(theirs, until, stay.used)
            entered = _begin(ours, turned, 0.3)
        else:
            turned, entered = None, _begin(ours, until, stay.used)
        found.append(Moment(stay, stage_id, entered, turned, until))
        until = entered
    return found[::-1]


def _begin(allowance: Allowance, end: datetime, used: float) -> datetime:
    hours = directory().calendars[allowance.calendar_id] if allowance.calendar_id else None
    start = begin(hours, end, max(60, round(allowance.seconds * used)))
    if hours is not None:
        return start
    # The calendar counts nights, but people work by day: move it there, where that leaves the level what it was.
    for candidate in by_day(start, directory().zone):
        share = (end - candidate).total_seconds() / allowance.seconds
        if share > 0 and _band(share) == _band(used):
            return candidate
    return start


def by_day(at: datetime, zone: ZoneInfo) -> list[datetime]:
    """Return the instant itself if it is by day there; else one the evening before and one the morning after."""
    local = at.astimezone(zone)
    if MORNING <= local.hour < EVENING:
        return [at]
    day = local.replace(minute=at.minute)
    before = (day - timedelta(days=local.hour < MORNING)).replace(hour=EVENING - 1)
    after = (day + timedelta(days=local.hour >= EVENING)).replace(hour=MORNING)
    return [before.astimezone(UTC), after.astimezone(UTC)]


def _band(share: float) -> int:
    return sum(share >= limit for limit in directory().tenant.ratios)


def begin(hours: BusinessHours | None, end: datetime, seconds: int) -> datetime:
    """Find the latest instant from which `seconds` have counted at `end`; inside working hours, where those count."""
    if hours is None:
        return end - timedelta(seconds=seconds)
    low, high = int((end - FARTHEST).timestamp()), int(end.timestamp())
    # Near by first: most stays are short, and a long search reads many days of the calendar.
    near = high - max(86_400, int(seconds / hours.pace) * 2 + 14 * 86_400)
    if near > low and hours.between(datetime.fromtimestamp(near, UTC), end) >= seconds:
        low = near
    while high - low > 1:
        middle = (low + high) // 2
        if hours.between(datetime.fromtimestamp(middle, UTC), end) >= seconds:
            low = middle
        else:
            high = middle
    return datetime.fromtimestamp(low, UTC)
