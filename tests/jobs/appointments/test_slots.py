"""Free times: within open hours, around what is booked with its road, on the zone's own full and half hours."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from crm.jobs.appointments.days.calendar_query import CalendarQuery
from crm.jobs.appointments.days.day_grid import gaps, lay_out, shown_hours
from crm.jobs.appointments.slots import free_starts, without

NEW_YORK = ZoneInfo("America/New_York")
HOUR = timedelta(hours=1)


def at(hour: float, day: int = 12) -> datetime:
    return datetime(2026, 5, day, tzinfo=UTC) + timedelta(hours=hour)


def test_what_fits_is_offered_and_its_own_road_is_kept_free() -> None:
    open_ = [(at(12.2), at(16)), (at(17), at(17.5))]
    found = list(free_starts(open_, [(at(14), at(15.1))], HOUR, HOUR / 2, NEW_YORK))
    # Before two o'clock only what is back on the road by then; behind it the next half hour; no end after four.
    assert found == [at(12.5)]
    assert list(free_starts(open_, [(at(14), at(15))], HOUR, HOUR / 2, NEW_YORK)) == [at(12.5), at(15)]
    assert list(free_starts(open_, [], HOUR, timedelta(), NEW_YORK)) == [at(12.5 + half / 2) for half in range(6)]


@pytest.mark.parametrize(
    ("away", "left"),
    [
        ([(at(10), at(11))], [(at(9), at(10)), (at(11), at(17))]),
        ([(at(16), None)], [(at(9), at(16))]),
        ([(at(1), at(9)), (at(17), None)], [(at(9), at(17))]),
        ([(at(1), at(20))], []),
    ],
)
def test_absences_are_cut_out(away: list[tuple[datetime, datetime]], left: list[tuple[datetime, datetime]]) -> None:
    assert without([(at(9), at(17))], away) == left


def test_blocks_of_a_column_never_lie_on_one_another() -> None:
    parts = [("slot", at(9), at(10.1), 1), ("slot", at(10.1), at(10.4), 2), ("slot", at(23), at(26), 3)]
    blocks = lay_out(at(8), 64, parts)
    assert [(one.row, one.span) for one in blocks] == [(5, 5), (10, 1), (61, 4)]
    assert gaps([(at(9), at(12))], [(at(9.5), at(10)), (at(11.8), at(14))], HOUR / 2) == [
        (at(9), at(9.5)),
        (at(10), at(11.8)),
    ]


def test_a_day_is_shown_from_its_first_hour_to_its_last() -> None:
    assert shown_hours(at(4), []) == (at(11), 44)
    assert shown_hours(at(4), [(at(9.5), at(10)), (at(23), at(25.2))]) == (at(9), 68)


def test_an_address_says_which_days() -> None:
    today = date(2026, 5, 13)
    month = CalendarQuery("month", today)
    assert (month.days()[0], month.days()[-1], len(month.days())) == (date(2026, 4, 27), date(2026, 5, 31), 35)
    assert [month.step(by) for by in (-1, 1)] == [date(2026, 4, 1), date(2026, 6, 1)]
    assert CalendarQuery("week", today).days()[0] == date(2026, 5, 11)
    assert CalendarQuery("day", today).step(-1) == date(2026, 5, 12)
