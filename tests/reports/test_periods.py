"""Weeks, months and when a mailed report leaves: plain dates."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from crm.kernel.days import DayRange
from reports.models.report_mail import next_time, period_of
from reports.periods import before, month_before, month_of, week_before

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@pytest.mark.parametrize(
    ("found", "first", "last"),
    [
        (month_of(date(2028, 2, 10)), date(2028, 2, 1), date(2028, 2, 29)),
        (month_of(date(2026, 12, 31)), date(2026, 12, 1), date(2026, 12, 31)),
        (month_before(date(2026, 3, 31)), date(2026, 2, 1), date(2026, 2, 28)),
        (month_before(date(2026, 1, 1)), date(2025, 12, 1), date(2025, 12, 31)),
        # On a Sunday the week is not over, on a Monday the last one is.
        (week_before(date(2026, 3, 8)), date(2026, 2, 23), date(2026, 3, 1)),
        (week_before(date(2026, 3, 9)), date(2026, 3, 2), date(2026, 3, 8)),
        (before(DayRange(date(2026, 3, 1), date(2026, 3, 31))), date(2026, 2, 1), date(2026, 2, 28)),
        (before(DayRange(date(2026, 3, 2), date(2026, 3, 8))), date(2026, 2, 23), date(2026, 3, 1)),
        (period_of("week", date(2026, 3, 9)), date(2026, 3, 2), date(2026, 3, 8)),
        (period_of("month", date(2026, 3, 9)), date(2026, 2, 1), date(2026, 2, 28)),
        (period_of("quarter", date(2026, 1, 9)), date(2025, 10, 1), date(2025, 12, 31)),
        (period_of("quarter", date(2028, 6, 30)), date(2028, 1, 1), date(2028, 3, 31)),
        (before(DayRange(date(2026, 1, 1), date(2026, 3, 31))), date(2025, 10, 1), date(2025, 12, 31)),
    ],
)
def test_periods(found: DayRange, first: date, last: date) -> None:
    assert found == DayRange(first, last)


@pytest.mark.parametrize(
    ("rhythm", "day", "hour", "after", "at"),
    [
        # Monday the 2nd, 7:00 there: before it, at it, after it.
        ("week", 1, 7, datetime(2026, 3, 2, 5, 59, tzinfo=UTC), datetime(2026, 3, 2, 6, tzinfo=UTC)),
        ("week", 1, 7, datetime(2026, 3, 2, 6, tzinfo=UTC), datetime(2026, 3, 9, 6, tzinfo=UTC)),
        # Over the change of the clocks it is still seven on the wall.
        ("week", 1, 7, datetime(2026, 3, 23, 7, tzinfo=UTC), datetime(2026, 3, 30, 5, tzinfo=UTC)),
        ("week", 7, 2, datetime(2026, 3, 28, 7, tzinfo=UTC), datetime(2026, 3, 29, 1, tzinfo=UTC)),
        ("month", 28, 7, datetime(2026, 1, 28, 8, tzinfo=UTC), datetime(2026, 2, 28, 6, tzinfo=UTC)),
        ("quarter", 3, 7, datetime(2026, 1, 3, 7, tzinfo=UTC), datetime(2026, 4, 3, 5, tzinfo=UTC)),
        ("quarter", 28, 7, datetime(2026, 12, 1, 7, tzinfo=UTC), datetime(2027, 1, 28, 6, tzinfo=UTC)),
        ("month", 1, 0, datetime(2026, 12, 31, 22, tzinfo=UTC), datetime(2026, 12, 31, 23, tzinfo=UTC)),
    ],
)
def test_a_report_leaves_at_an_hour_on_the_wall(
    rhythm: str, day: int, hour: int, after: datetime, at: datetime
) -> None:
    assert next_time(rhythm, day, hour, AMSTERDAM, after) == at
