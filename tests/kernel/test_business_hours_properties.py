"""What must hold for any calendar, at any change of the clock; checked against a walk minute by minute."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from crm.kernel.business_hours import BusinessHours, build_hours

# Instants at which the local clock is changed: by an hour, by half of one, over midnight, by a whole day.
CHANGES = [
    ("America/New_York", datetime(2026, 3, 8, 7, tzinfo=UTC)),
    ("America/New_York", datetime(2026, 11, 1, 6, tzinfo=UTC)),
    ("Europe/Amsterdam", datetime(2026, 3, 29, 1, tzinfo=UTC)),
    ("Europe/Amsterdam", datetime(2026, 10, 25, 1, tzinfo=UTC)),
    ("America/Sao_Paulo", datetime(2018, 11, 4, 3, tzinfo=UTC)),
    ("America/Sao_Paulo", datetime(2018, 2, 18, 2, tzinfo=UTC)),
    ("Asia/Beirut", datetime(2022, 3, 26, 22, tzinfo=UTC)),
    ("Asia/Beirut", datetime(2022, 10, 29, 21, tzinfo=UTC)),
    ("Africa/Cairo", datetime(2024, 4, 25, 22, tzinfo=UTC)),
    ("Africa/Cairo", datetime(2024, 10, 31, 21, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 4, 4, 15, tzinfo=UTC)),
    ("America/St_Johns", datetime(2009, 11, 1, 2, 31, tzinfo=UTC)),
    ("Pacific/Apia", datetime(2011, 12, 30, 10, tzinfo=UTC)),
    ("Pacific/Chatham", datetime(2026, 4, 4, 14, tzinfo=UTC)),
    ("Asia/Kolkata", datetime(2026, 6, 1, tzinfo=UTC)),
    ("UTC", datetime(2024, 2, 29, tzinfo=UTC)),
]

no_hours = st.just(())
round_the_clock = st.just(((0, 1440),))
# Even numbers of distinct minutes, in order, pair up to disjoint shifts.
shifts = st.sets(st.integers(0, 96), min_size=2, max_size=6).map(
    lambda quarters: tuple(
        (a * 15, b * 15) for a, b in zip(sorted(quarters)[::2], sorted(quarters)[1::2], strict=False)
    )
)
weeks = st.lists(st.one_of(no_hours, round_the_clock, shifts), min_size=7, max_size=7).filter(any)


@st.composite
def calendars(draw: st.DrawFn) -> tuple[BusinessHours, datetime]:
    """A calendar with some closings, and an instant within days of a change of its clock."""
    zone, change = draw(st.sampled_from(CHANGES))
    shut = {change.date() + timedelta(days=n): f"closing {n}" for n in draw(st.sets(st.integers(-4, 4), max_size=3))}
    start = change + timedelta(seconds=draw(st.integers(-3 * 86_400, 3 * 86_400)))
    return build_hours(zone, draw(weeks), shut.get), start


seconds = st.integers(0, 40 * 86_400)


def walked(calendar: BusinessHours, start: datetime, minutes: int) -> int:
    """Seconds counted by looking at the local clock once a minute."""
    return sum(60 for n in range(minutes) if is_open(calendar, start + timedelta(minutes=n)))


def is_open(calendar: BusinessHours, at: datetime) -> bool:
    reads = at.astimezone(ZoneInfo(calendar.zone.key))
    day = date(reads.year, reads.month, reads.day)
    minute = reads.hour * 60 + reads.minute
    return calendar.closed(day) is None and any(a <= minute < b for a, b in calendar.week[day.weekday()])


@given(calendars(), st.integers(0, 60 * 60))
@settings(max_examples=60, deadline=None)
def test_counts_what_a_walk_minute_by_minute_counts(drawn: tuple[BusinessHours, datetime], minutes: int) -> None:
    calendar, start = drawn[0], drawn[1].replace(second=0)
    assert calendar.between(start, start + timedelta(minutes=minutes)) == walked(calendar, start, minutes)


@given(calendars(), seconds)
@settings(max_examples=200, deadline=None)
def test_between_undoes_add(drawn: tuple[BusinessHours, datetime], n: int) -> None:
    calendar, start = drawn
    end = calendar.add(start, n)
    assert end >= start
    assert calendar.between(start, end) == n


@given(calendars(), st.integers(1, 40 * 86_400))
@settings(max_examples=100, deadline=None)
def test_add_gives_the_earliest_instant(drawn: tuple[BusinessHours, datetime], n: int) -> None:
    calendar, start = drawn
    assert calendar.between(start, calendar.add(start, n) - timedelta(seconds=1)) == n - 1


@given(calendars(), seconds, seconds)
@settings(max_examples=100, deadline=None)
def test_more_seconds_never_end_earlier(drawn: tuple[BusinessHours, datetime], n: int, m: int) -> None:
    calendar, start = drawn
    assert calendar.add(start, min(n, m)) <= calendar.add(start, max(n, m))


@given(calendars(), seconds, seconds)
@settings(max_examples=100, deadline=None)
def test_adding_twice_is_adding_the_sum(drawn: tuple[BusinessHours, datetime], n: int, m: int) -> None:
    calendar, start = drawn
    once, twice = calendar.add(start, n + m), calendar.add(calendar.add(start, n), m)
    assert once == twice


@given(calendars(), seconds, seconds)
@settings(max_examples=100, deadline=None)
def test_stretches_add_up(drawn: tuple[BusinessHours, datetime], first: int, second: int) -> None:
    calendar, a = drawn
    b, c = a + timedelta(seconds=first), a + timedelta(seconds=first + second)
    assert calendar.between(a, c) == calendar.between(a, b) + calendar.between(b, c)


@given(calendars(), st.integers(0, 12 * 86_400))
@settings(max_examples=100, deadline=None)
def test_intervals_and_days_sum_to_what_lies_between(drawn: tuple[BusinessHours, datetime], length: int) -> None:
    calendar, a = drawn
    b = a + timedelta(seconds=length)
    intervals, days, counted = list(calendar.intervals(a, b)), calendar.days(a, b), calendar.between(a, b)
    assert sum(interval.seconds for interval in intervals) == sum(day.seconds for day in days) == counted
    assert sorted(interval for day in days for interval in day.intervals) == intervals
    assert all(a <= interval.start < interval.end <= b for interval in intervals)
    assert all(one.end <= other.start for one, other in pairwise(intervals))
    assert all(bool(day.seconds) == (day.reason == "counted") for day in days)
