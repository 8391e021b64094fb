"""Forecast of load: follow-ups planned for the next four weeks, and those typically added on each weekday."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Count, F
from django.db.models.functions import TruncDate

from crm.kernel.days import DayRange
from crm.web.reader import Reader
from followups.filters import TYPICAL_WEEKS, typical_days
from followups.models import FollowUpQuerySet
from followups.models.kind_setup import kinds, minutes_of

WEEKS = 4


@dataclass
class LoadCount:
    """A number of follow-ups, and the minutes they take by their types."""

    count: int = 0
    minutes: int = 0

    def add(self, count: int, minutes_each: int) -> None:
        self.count += count
        self.minutes += count * minutes_each


@dataclass
class LoadForecast:
    """Follow-ups planned for each of the coming weeks, and those added on each weekday of the last eight weeks."""

    weeks: list[DayRange]
    planned: list[LoadCount]
    # By weekday, Monday first: the sums of the eight weeks.
    added: list[LoadCount] = field(default_factory=list)

    @property
    def added_count(self) -> int:
        """How many were added in the eight weeks."""
        return sum(one.count for one in self.added)

    @property
    def typical_count(self) -> float:
        """How many are typically added in a week."""
        return self.added_count / TYPICAL_WEEKS

    @property
    def typical_minutes(self) -> float:
        return sum(one.minutes for one in self.added) / TYPICAL_WEEKS

    def typical_on(self, weekday: int) -> tuple[float, float]:
        """Return how many are typically added on a weekday, 0 for Monday, and their minutes."""
        added = self.added[weekday]
        return added.count / TYPICAL_WEEKS, added.minutes / TYPICAL_WEEKS


def coming_weeks(today: date) -> list[DayRange]:
    """Return four weeks of seven days; the first begins today, so that each has all weekdays."""
    starts = [today + timedelta(weeks=nth) for nth in range(WEEKS)]
    return [DayRange(start, start + timedelta(days=6)) for start in starts]


def forecast_load(rows: FollowUpQuerySet, reader: Reader) -> LoadForecast:
    """Return the forecast, by the reader's days. Two statements."""
    weeks = coming_weeks(reader.today)
    forecast = LoadForecast(weeks, _planned_in(rows, weeks, reader))
    forecast.added = _added_on(rows, reader)
    return forecast


def _planned_in(rows: FollowUpQuerySet, weeks: list[DayRange], reader: Reader) -> list[LoadCount]:
    since = weeks[0].instants(reader.zone)[0]
    until = weeks[-1].instants(reader.zone)[1]
    ahead = rows.open().filter(sort_at__gte=since, sort_at__lt=until).order_by()
    local_day = TruncDate("sort_at", tzinfo=reader.zone)
    days = ahead.values_list(local_day, "kind", "own_minutes").annotate(count=Count("pk"))
    planned = [LoadCount() for _week in weeks]
    for day, kind, own_minutes, count in days:
        planned[(day - reader.today).days // 7].add(count, minutes_of(kind, own_minutes))
    return planned


def _added_on(rows: FollowUpQuerySet, reader: Reader) -> list[LoadCount]:
    since, until = typical_days(reader.today).instants(reader.zone)
    made = rows.filter(created_at__gte=since, created_at__lt=until).order_by()
    days = made.values_list(TruncDate(F("created_at"), tzinfo=reader.zone), "kind").annotate(count=Count("pk"))
    by_weekday: dict[int, Counter[str]] = defaultdict(Counter)
    for day, kind, count in days:
        by_weekday[day.weekday()][kind] += count
    added = [LoadCount() for _weekday in range(7)]
    for weekday, counts in by_weekday.items():
        for kind, count in counts.items():
            added[weekday].add(count, kinds().of(kind).minutes)
    return added
