"""Compute the occurrences of a series: its rule on the wall clock, then holidays, then exceptions."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from crm.kernel.business_hours import BusinessHours
from crm.platform.organization.configuration import directory
from followups.models import FollowUpSeries, HolidayPolicy, SeriesException
from libs.recurrence import expand_rule

# A closing that is longer moves no occurrence.
_LONGEST_CLOSING = 60


@dataclass(frozen=True)
class Occurrence:
    """One occurrence. `original`: the instant of the rule; `at`: when it takes place, None if it is left out."""

    original: datetime
    at: datetime | None
    # The name of the holiday that moved it or left it out.
    holiday: str = ""
    exception: SeriesException | None = None


def list_exceptions(series: FollowUpSeries) -> dict[datetime, SeriesException]:
    """Return the exceptions of a saved series by original instant."""
    if series.pk is None:
        return {}
    return {row.original_start: row for row in SeriesException.objects.filter(series=series)}


def iterate_occurrences(
    series: FollowUpSeries, exceptions: Mapping[datetime, SeriesException] | None = None
) -> Iterator[Occurrence]:
    """Yield all occurrences of a series in the order of its rule, also those that are left out.

    An occurrence that a holiday moves onto another one is left out: nobody does it twice at the same time.
    """
    hours = find_hours(series)
    latest = None
    for local in expand_rule(series.recurrence, series.start, series.time_zone):
        original = local.astimezone(UTC)
        if series.cut_at and original >= series.cut_at:
            return
        at, holiday = _move_from_holiday(local, series.holidays, hours)
        if at is not None and latest is not None and at <= latest:
            at = None
        latest = at or latest
        exception = (exceptions or {}).get(original)
        if exception is not None:
            at = exception.moved_to
        yield Occurrence(original, at and at.astimezone(UTC), holiday, exception)


def find_hours(series: FollowUpSeries) -> BusinessHours | None:
    """Return the working hours whose holidays count: those of the job's brand, else the organization's."""
    organization = directory()
    calendar = organization.default_calendar_id
    if series.job is not None:
        calendar = organization.calendar_of(series.job.brand_id)
    return organization.calendars.get(calendar or 0)


def _move_from_holiday(local: datetime, policy: str, hours: BusinessHours | None) -> tuple[datetime | None, str]:
    """Return when an occurrence takes place, and the name of the holiday it would be on."""
    holiday = ""
    if hours is not None:
        holiday = hours.closed(local.date()) or ""
    if hours is None or not holiday or policy == HolidayPolicy.ANYWAY:
        return local, ""
    if policy == HolidayPolicy.SKIP:
        return None, holiday
    step = timedelta(days=1)
    if policy == HolidayPolicy.BEFORE:
        step = -step
    for days in range(1, _LONGEST_CLOSING):
        day = local.date() + days * step
        if _is_working_day(day, hours):
            return _same_clock_time(local, day), holiday
    return local, ""


def _is_working_day(day: date, hours: BusinessHours) -> bool:
    return bool(hours.week[day.weekday()]) and hours.closed(day) is None


def _same_clock_time(local: datetime, day: date) -> datetime:
    """Return the time of day on another day of the same zone; the way through UTC moves one that does not exist."""
    moved = datetime.combine(day, local.time(), local.tzinfo)
    return moved.astimezone(UTC).astimezone(local.tzinfo)
