"""Lengths of time as rules say them: days on the wall, working time by the calendar, forward and back."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from crm.automation.span import Span, SpanUnit
from crm.kernel.business_hours import BusinessHours

NEW_YORK = ZoneInfo("America/New_York")
# Nine to five, Monday to Friday.
OFFICE = BusinessHours(NEW_YORK, (((540, 1020),),) * 5 + ((), ()))


def local(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=NEW_YORK).astimezone(UTC)


@pytest.mark.parametrize(
    ("span", "begins", "ends"),
    [
        # The clock is put forward on 8 March and back on 1 November: ten stays ten.
        (Span(3), local(3, 6, 10), local(3, 9, 10)),
        (Span(2), local(10, 31, 10), local(11, 2, 10)),
        # Hours are hours that pass.
        (Span(48, SpanUnit.HOURS), local(3, 7, 10), local(3, 9, 11)),
        (Span(4, SpanUnit.WORKING_HOURS), local(3, 6, 15), local(3, 9, 11)),
        (Span(2, SpanUnit.WORKING_DAYS), local(10, 30, 12), local(11, 3, 12)),
        (Span(90, SpanUnit.WORKING_MINUTES), local(3, 6, 16), local(3, 9, 9, 30)),
    ],
)
def test_so_long_after_and_so_long_before_meet(span: Span, begins: datetime, ends: datetime) -> None:
    assert span.after(begins, OFFICE) == ends
    assert span.before(ends, OFFICE) == begins


def test_nothing_is_no_time_and_working_time_without_a_calendar_passes_day_and_night() -> None:
    at = local(3, 6, 10)
    assert Span(0).after(at, OFFICE) == Span(0).before(at, OFFICE) == at
    assert Span(1, SpanUnit.WORKING_DAYS).before(at, None) == local(3, 6, 2)
