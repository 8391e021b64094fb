"""Days as forms and addresses write them: read, refused when centuries off, and spans of them."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from crm.kernel.days import DayRange, parse_typed_day, read_day
from crm.kernel.refusal import Refused

MAY = date(2026, 5, 12)


@pytest.mark.parametrize("text", ["2026-05-12", " 2026-05-12 ", "2026-05-12T08:00"])
def test_a_day_is_read(text: str) -> None:
    assert read_day(text) == parse_typed_day(text) == MAY


@pytest.mark.parametrize("text", ["soon", "2026-02-30", "0001-01-01", "1899-12-31", "2200-01-01", "9999-12-31", "\0"])
def test_what_is_no_day_is_none_in_an_address_and_refused_in_a_form(text: str) -> None:
    assert read_day(text) is None
    with pytest.raises(Refused, match="That is not a valid date"):
        parse_typed_day(text)


@pytest.mark.parametrize("text", ["", "  "])
def test_an_empty_field_is_no_day(text: str) -> None:
    assert parse_typed_day(text) is None


@pytest.mark.parametrize(
    ("first", "last", "count"),
    [
        ("2026-05-12", "2026-05-12", 1),
        ("2026-05-01", "2026-05-30", 30),
        ("2026-05-01", "2026-05-31", None),
        ("2026-05-12", "2026-05-11", None),
        ("1999-12-31", "2000-01-02", None),
        ("", "2026-05-12", None),
    ],
)
def test_a_span_is_read_up_to_its_longest(first: str, last: str, count: int | None) -> None:
    days = DayRange.read(first, last, most=30)
    assert (days.count if days else None) == count


def test_a_span_knows_its_days_those_before_and_its_instants() -> None:
    days = DayRange.up_to(date(2026, 3, 9), 3)
    assert list(days) == [date(2026, 3, 7), date(2026, 3, 8), date(2026, 3, 9)]
    assert days.before == DayRange(date(2026, 3, 4), date(2026, 3, 6))
    # The clock is put forward on the eighth: these three days have 71 hours.
    begin, end = (at.astimezone(UTC) for at in days.instants(ZoneInfo("America/New_York")))
    assert (begin, end) == (datetime(2026, 3, 7, 5, tzinfo=UTC), datetime(2026, 3, 10, 4, tzinfo=UTC))
