"""Proration of monthly amounts to days. The parts of a month add up to its amount, to the cent."""

from calendar import monthrange
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from crm.kernel.days import DayRange


class Amount(NamedTuple):
    """An amount of a month, in minor units: for the whole month, or per lead."""

    month: date
    is_per_lead: bool
    amount: int


def part_of_month(amount: int, month: date, period: DayRange) -> int:
    """Return the share of a month's amount for the days of a period, prorated by days.

    What is spent until a day is rounded down, so that two periods that follow each other miss nothing.
    """
    length = monthrange(month.year, month.month)[1]
    begin = max((period.first - month).days, 0)
    end = min((period.last - month).days + 1, length)
    if end > begin:
        return amount * end // length - amount * begin // length
    return 0


def spent_by_month(
    amounts: Iterable[Amount],
    period: DayRange,
    *,
    unpriced: Mapping[date, int],
    paid: Mapping[date, int],
    covered: frozenset[date] = frozenset(),
) -> Counter[date]:
    """Return the cost of each month of a period: monthly amounts, prices per lead, and the leads' own costs.

    `unpriced`: by month, leads of the period that have no cost of their own; `paid`: what the others cost. A lead's own
    cost is part of an amount for all of its month, so it does not count beside one: `covered`, those months.
    """
    spent: Counter[date] = Counter()
    months = set(covered)
    for row in amounts:
        if row.is_per_lead:
            spent[row.month] += row.amount * unpriced.get(row.month, 0)
        else:
            spent[row.month] += part_of_month(row.amount, row.month, period)
            months.add(row.month)
    for month, cost in paid.items():
        if month not in months:
            spent[month] += cost
    return spent
