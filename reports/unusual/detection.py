"""Detect unusual days: each morning compare the day before with the same weekday of the last eight weeks.

A late event may change a day, so the last few are looked at again; what somebody took note of stays. Days on which
the organization is closed are neither looked at nor compared with. At most MOST in a week: the rest is noise.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from django.db import transaction

from crm.kernel import clock
from crm.platform.organization.configuration import directory
from crm.platform.work import due
from reports.figures.days import ONE, ZonedDays, today
from reports.figures.measures import CALLED, CAME, LOST, WON, WROTE
from reports.figures.reading import FigureRequest, KeptFigures
from reports.figures.sums import Narrowed
from reports.models import UnusualDay
from reports.unusual.bands import UsualBand, usual

WATCH = "reports.unusual"
WATCHED = (CAME, WON, LOST, CALLED, WROTE)
WEEKS = 8
AGAIN = 3
MOST = 7
WEEK = timedelta(weeks=1)
EVERYBODYS = Narrowed()
# When the day before is looked at, where the organization is: its last events have been heard.
AT = time(4)


def with_weeks_before(days: ZonedDays) -> ZonedDays:
    """Return days extended by the earlier weeks that they are compared with."""
    return ZonedDays(days.first - WEEK * WEEKS, days.last)


def history(kept: KeptFigures, days: ZonedDays, narrowed: Narrowed = EVERYBODYS) -> dict[tuple[date, str], int]:
    """Return the count of each measure on each of these days; days without a count are missing."""
    sums = kept.sums(days, set(WATCHED), ("day", "measure"), narrowed)
    return {(day, measure): one.count for (day, measure), one in sums.items()}


def same_weekdays(counts: dict[tuple[date, str], int], day: date, measure: str) -> list[int]:
    """Return the counts of the same weekday in the weeks before, oldest first; without closed days.

    What came before the first of all days says nothing.
    """
    first = min((one for one, _measure in counts), default=day)
    days = [day - WEEK * weeks for weeks in range(WEEKS, 0, -1)]
    return [counts.get((one, measure), 0) for one in days if one >= first and not is_closed(one)]


def is_closed(day: date) -> bool:
    """True if a day is a holiday or a closing day of the organization; an ordinary weekend is not."""
    organization = directory()
    hours = organization.calendars.get(organization.default_calendar_id or 0)
    return bool(hours and hours.closed(day))


def band_of(counts: dict[tuple[date, str], int], day: date, measure: str) -> UsualBand | None:
    """Return the usual range for a day; None if the day is closed, or there are too few counts."""
    if is_closed(day):
        return None
    return usual(same_weekdays(counts, day, measure))


def watch(_subjects: Sequence[int]) -> None:
    """Check the last days, and schedule the next check (due work)."""
    last = today() - ONE
    look_at(ZonedDays(last - timedelta(days=AGAIN - 1), last))
    begin()


def begin() -> None:
    """Schedule the first check for the next morning."""
    this, next_one = (datetime.combine(day, AT, directory().zone) for day in (today(), today() + ONE))
    due.schedule(WATCH, 0, this if this > clock.now() else next_one)


@transaction.atomic
def look_at(days: ZonedDays) -> None:
    """Store the unusual days among these. Idempotent."""
    all_days = with_weeks_before(days)
    counts = history(KeptFigures(FigureRequest(all_days, WATCHED)), all_days)
    for day in days:
        for measure in WATCHED:
            _store_unusual(day, measure, counts.get((day, measure), 0), band_of(counts, day, measure))
    _leave_out_the_least(ZonedDays(days.last - timedelta(days=6), days.last))


def _store_unusual(day: date, measure: str, count: int, band: UsualBand | None) -> None:
    weight = 0.0
    if band:
        weight = band.weight(count)
    if band is None or not weight:
        UnusualDay.objects.filter(day=day, measure=measure, noted_at=None).delete()
        return
    values = {"count": count, "low": band.low, "high": band.high, "weight": weight}
    row, is_new = UnusualDay.objects.get_or_create(day=day, measure=measure, defaults=values)
    if not is_new and row.noted_at is None:
        UnusualDay.objects.filter(pk=row.pk).update(**values)


def _leave_out_the_least(week: ZonedDays) -> None:
    rows = UnusualDay.objects.filter(day__range=(week.first, week.last)).order_by("-weight", "-day", "measure")
    beyond = [row.pk for row in rows[MOST:] if row.noted_at is None]
    UnusualDay.objects.filter(pk__in=beyond).delete()
