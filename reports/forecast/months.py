"""Forecast of a number by month, made from the months before it, and its comparison with what happened. Pure functions.

A forecast for a month is made when the month began, or one or two months earlier: `ahead` 0, 1 or 2. It uses months
that were over by then, at most the last twelve, and is not made at all with too little of them. The interval holds in
four of five cases: it covers chance and the uncertainty of the rates, and is widened where earlier forecasts were
further off.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from math import sqrt
from statistics import fmean, variance
from typing import NamedTuple, Protocol

AHEAD = 3
# Whole months, and leads or hours in them, that a forecast needs; and the most months that it uses.
LEAST_MONTHS = 6
LEAST = 20
MOST_MONTHS = 12
# Earlier forecasts that must have been checked before they widen the interval.
LEAST_CHECKED = 3
YEAR = 12
# Standard deviations of an interval that holds in four of five cases.
_EIGHTY = 1.2816


class Estimate(NamedTuple):
    """An expected number and the variance around it."""

    likely: float
    variance: float


class MonthForecast(NamedTuple):
    """An expected number, and its 80% interval."""

    likely: float
    low: float
    high: float

    def holds(self, actual: float) -> bool:
        """Return whether the actual number, rounded as it is shown, is within the interval."""
        return round(self.low) <= round(actual) <= round(self.high)


class MonthSeries(Protocol):
    """A number of each month, and how to estimate it. Months are counted from the first one."""

    def actual(self, month: int) -> float:
        """Return what the month came to."""
        ...

    def estimate(self, at: int, ahead: int) -> Estimate | None:
        """Estimate month `at + ahead` when month `at` began; None without enough history."""
        ...


class OpenLeads(NamedTuple):
    """Open leads of one phase and age when a month began: their number, amount, and what was won of them by month."""

    number: int
    amount: float
    squares: float
    won: Sequence[int]
    gained: Sequence[float]


class LeadSnapshot(NamedTuple):
    """A month's open leads by phase and age, and what was won of leads that came in after it began."""

    cells: Mapping[tuple[int, int], OpenLeads]
    later_won: Sequence[int]
    later_gained: Sequence[float]


class WonSeries:
    """Leads won in a month: of the open ones, by the rate of earlier ones of that phase and age; and of later leads."""

    def __init__(self, months: Sequence[LeadSnapshot]) -> None:
        self.months = months
        self.estimate = cache(self._estimate)

    def actual(self, month: int) -> float:
        snapshot = self.months[month]
        return sum(cell.gained[0] for cell in snapshot.cells.values()) + snapshot.later_gained[0]

    def _estimate(self, at: int, ahead: int) -> Estimate | None:
        past = self.months[max(0, at - ahead - MOST_MONTHS) : max(0, at - ahead)]
        won = sum(_won_of(month, ahead) for month in past)
        if len(past) < LEAST_MONTHS or won < LEAST:
            return None
        records = _records(past, ahead)
        overall = Estimate(0.0, 0.0)
        for key, cell in self.months[at].cells.items():
            count, times_won = records.get(key, (0, 0))
            if count < LEAST:
                count = sum(record[0] for record in records.values())
                times_won = sum(record[1] for record in records.values())
            share = (times_won + 0.5) / (count + 1)
            uncertainty = share * (1 - share) / (count + 2)
            spread = share * (1 - share) * cell.squares + uncertainty * cell.amount**2
            overall = Estimate(overall.likely + share * cell.amount, overall.variance + spread)
        later = [month.later_gained[ahead] for month in past]
        count = sum(month.later_won[ahead] for month in past)
        added = estimate_from(later, unit=sum(later) / count if count else 1.0)
        return Estimate(overall.likely + added.likely, overall.variance + added.variance)


class CountSeries:
    """A number without a stock: that of the month a year before times the growth; else the average of recent months."""

    def __init__(self, counts: Sequence[float]) -> None:
        self.counts = counts

    def actual(self, month: int) -> float:
        return self.counts[month]

    def estimate(self, at: int, ahead: int) -> Estimate | None:
        past = self.counts[:at]
        if len(past) < LEAST_MONTHS or sum(past[-LEAST_MONTHS:]) < LEAST:
            return None
        place = at + ahead - YEAR
        recent = sum(past[-3:])
        before = sum(past[at - YEAR - 3 : at - YEAR]) if at >= YEAR + 3 else 0
        if min(before, recent) < LEAST or place < 0 or past[place] < LEAST:
            return estimate_from(past[-LEAST_MONTHS:])
        likely = past[place] * recent / before
        return Estimate(likely, likely + likely**2 * (1 / past[place] + 1 / recent + 1 / before))


class BookedMonth(NamedTuple):
    """Hours booked when a month began, for it and the next two, and the hours it came to."""

    booked: Sequence[float]
    worked: float


class BookedSeries:
    """Hours of work: those that are booked, and what is usually added, or cancelled, until the month is over."""

    def __init__(self, months: Sequence[BookedMonth]) -> None:
        self.months = months

    def actual(self, month: int) -> float:
        return self.months[month].worked

    def estimate(self, at: int, ahead: int) -> Estimate | None:
        places = range(max(0, at - ahead - MOST_MONTHS), max(0, at - ahead))
        worked = sum(self.months[place + ahead].worked for place in places)
        if len(places) < LEAST_MONTHS or worked < LEAST:
            return None
        added = [self.months[place + ahead].worked - self.months[place].booked[ahead] for place in places]
        spread = variance(added) * (1 + 1 / len(added))
        return Estimate(max(0.0, self.months[at].booked[ahead] + fmean(added)), spread)


def estimate_from(amounts: Sequence[float], unit: float = 1.0) -> Estimate:
    """Estimate the next amount from earlier ones. `unit`: the amount of one, for the least that chance varies it."""
    usual = fmean(amounts)
    scatter = max(usual * unit, variance(amounts) if len(amounts) > 1 else 0.0)
    return Estimate(usual, scatter * (1 + 1 / len(amounts)))


def forecast_month(series: MonthSeries, at: int, ahead: int = 0) -> MonthForecast | None:
    """Return the forecast for month `at + ahead` when month `at` began; None without enough history."""
    estimate = series.estimate(at, ahead)
    if estimate is None:
        return None
    spread = _EIGHTY * sqrt(estimate.variance * _widening(series, at, ahead))
    return MonthForecast(estimate.likely, max(0.0, estimate.likely - spread), estimate.likely + spread)


def _widening(series: MonthSeries, at: int, ahead: int) -> float:
    """Return how much greater the squared errors of earlier forecasts were than their variance: 1 or more."""
    errors = []
    for month in range(max(0, at - ahead - MOST_MONTHS), at - ahead):
        estimate = series.estimate(month, ahead)
        if estimate is not None and estimate.variance > 0:
            errors.append((series.actual(month + ahead) - estimate.likely) ** 2 / estimate.variance)
    if len(errors) < LEAST_CHECKED:
        return 1.0
    return max(1.0, fmean(errors))


def _won_of(month: LeadSnapshot, ahead: int) -> int:
    return sum(cell.won[ahead] for cell in month.cells.values()) + month.later_won[ahead]


def _records(past: Sequence[LeadSnapshot], ahead: int) -> dict[tuple[int, int], tuple[int, int]]:
    """Return the number of open leads by phase and age in these months, and how many of them were won `ahead`."""
    records: dict[tuple[int, int], tuple[int, int]] = {}
    for month in past:
        for key, cell in month.cells.items():
            count, won = records.get(key, (0, 0))
            records[key] = (count + cell.number, won + cell.won[ahead])
    return records
