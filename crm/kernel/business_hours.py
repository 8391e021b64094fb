"""Business hours: count the working seconds between two instants, and add working seconds to an instant.
An instant counts when the local clock reads an open time at it; that one sentence decides every change of the clock.
All arithmetic is on intervals, one UTC day at a time, and every search has an end."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

Week = tuple[tuple[tuple[int, int], ...], ...]

DAY = 86_400
BLOCK = 28  # days whose total is kept, so that years are crossed in months
IDLE_DAYS = 731  # a calendar that never opens in two years is a mistake, not a long wait
CACHED_DAYS = 1_024  # a process keeps the calendars of many tenants
FIRST_YEAR = 1900
LAST_YEAR = 2200

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)
_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
_FIRST = (datetime(FIRST_YEAR, 1, 1, tzinfo=UTC) - _EPOCH) // _SECOND
_LAST = (datetime(LAST_YEAR, 1, 1, tzinfo=UTC) - _EPOCH) // _SECOND
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def gettext_noop(sentence: str) -> str:
    """Mark a sentence for the translation catalogue; the caller that shows it translates `HoursError.sentence`."""
    return sentence


class HoursError(ValueError):
    """An error with one sentence. `sentence % params` is the English text; translate `sentence` to show it."""

    def __init__(self, sentence: str, **params: object) -> None:
        self.sentence = sentence
        self.params = params
        super().__init__(sentence % params)


class WorkingInterval(NamedTuple):
    """A period of working time, from `start` up to but excluding `end`, both UTC."""

    start: datetime
    end: datetime

    @property
    def seconds(self) -> int:
        """Length in seconds."""
        return (self.end - self.start) // _SECOND


class DayReason(StrEnum):
    """Why a local day has working seconds, or has none."""

    COUNTED = "counted"
    CLOSED = "closed"  # a holiday or an own closing day, named in Day.closing
    NO_HOURS = "no_hours"  # the week has no hours on this weekday
    OUTSIDE = "outside"  # there are hours, but not within the range asked for
    SKIPPED = "skipped"  # a change of the clock left the hours, or the whole day, out


class LocalDay(NamedTuple):
    """The working intervals of one local day within a range of time."""

    day: date
    intervals: tuple[WorkingInterval, ...]
    seconds: int
    reason: DayReason
    closing: str | None


class _OpenSpan(NamedTuple):
    """An open period in epoch seconds, with the local day it belongs to (days since 1970)."""

    start: int
    end: int
    day: int


def always_open(day: date) -> str | None:
    """Return no closing for any day: a calendar without holidays."""
    return None


@dataclass(frozen=True)
class BusinessHours:
    """Opening hours of one calendar version; make it with `hours()`, which validates.

    `week`: seven weekdays, Monday first, each with disjoint sorted intervals in minutes since local midnight.
    `closed(day)`: the name of the closing on a local day, or None; pure, as its answers are kept.
    Instants are aware datetimes, taken at whole seconds (fractions are dropped), between 1900 and 2200.
    """

    zone: ZoneInfo
    week: Week
    closed: Callable[[date], str | None] = always_open
    _days: dict[int, tuple[int, tuple[_OpenSpan, ...]]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _blocks: dict[int, int] = field(default_factory=dict, init=False, repr=False, compare=False)

    @cached_property
    def weekly(self) -> int:
        """Working seconds in a week without closings or changes of the clock."""
        return sum(end - start for day in self.week for start, end in day) * 60

    @cached_property
    def workday(self) -> int:
        """Mean working seconds of a weekday that has hours: what "1 day" of work means here."""
        return self.weekly // sum(1 for day in self.week if day)

    @cached_property
    def pace(self) -> float:
        """Working seconds per second of a common week, above 0 up to 1."""
        return self.weekly / (7 * DAY)

    def add(self, start: datetime, seconds: int) -> datetime:
        """The earliest instant (UTC) at which `seconds` working seconds have passed since `start`.

        0 gives `start` itself, open or not. ValueError when negative; HoursError when nothing opens for two
        years or the instant lies after 2200.
        """
        if seconds < 0:
            raise ValueError("working seconds to add must not be negative")
        if seconds == 0:
            return start.astimezone(UTC)
        at = _to_epoch_second(start)
        day = at // DAY
        # Counting from the start of the UTC day makes the first day like every other.
        left = seconds + self._seconds_within(day * DAY, at)
        day, left = self._find_day(day, left)
        for span in self._utc_day(day)[1]:
            if left <= span.end - span.start:
                return _to_instant(span.start + left)
            left -= span.end - span.start
        raise AssertionError("a day's total is the sum of its spans")

    def opening(self, at: datetime) -> datetime:
        """The instant itself where it is open, else the next opening. HoursError when nothing opens for two years."""
        return max(at, self.add(at, 1) - timedelta(seconds=1))

    def between(self, a: datetime, b: datetime) -> int:
        """Working seconds from `a` up to `b`; 0 when `b` is not after `a`."""
        start = _to_epoch_second(a)
        end = _to_epoch_second(b)
        if end <= start:
            return 0
        first = start // DAY
        last = end // DAY
        return (
            self._days_total(first, last)
            + self._seconds_within(last * DAY, end)
            - self._seconds_within(first * DAY, start)
        )

    def intervals(self, a: datetime, b: datetime) -> Iterator[WorkingInterval]:
        """The counted stretches from `a` up to `b` in order, cut at local midnight; they sum to `between(a, b)`."""
        for span in self._open_spans(_to_epoch_second(a), _to_epoch_second(b)):
            yield WorkingInterval(_to_instant(span.start), _to_instant(span.end))

    def days(self, a: datetime, b: datetime) -> tuple[LocalDay, ...]:
        """Every local day from `a` to `b`, in order, with its working intervals or the reason that it has none."""
        start = _to_epoch_second(a)
        end = _to_epoch_second(b)
        if end <= start:
            return ()
        intervals_by_day: dict[int, list[WorkingInterval]] = {}
        for span in self._open_spans(start, end):
            intervals_by_day.setdefault(span.day, []).append(
                WorkingInterval(_to_instant(span.start), _to_instant(span.end))
            )
        # A clock set back over midnight reads yesterday again: the last day is not always the day of the last second.
        touched = {self._local_day(start), self._local_day(end - 1), *intervals_by_day}
        return tuple(
            self._explain_day(day, tuple(intervals_by_day.get(day, ())))
            for day in range(min(touched), max(touched) + 1)
        )

    def _explain_day(self, number: int, counted: tuple[WorkingInterval, ...]) -> LocalDay:
        day = _to_date(number)
        closing = self.closed(day)
        if counted:
            reason = DayReason.COUNTED
        elif closing is not None:
            reason = DayReason.CLOSED
        elif not self.week[day.weekday()]:
            reason = DayReason.NO_HOURS
        elif any(span.day == number for span in self._open_spans((number - 2) * DAY, (number + 3) * DAY)):
            reason = DayReason.OUTSIDE
        else:
            reason = DayReason.SKIPPED
        return LocalDay(day, counted, sum(interval.seconds for interval in counted), reason, closing)

    def _find_day(self, day: int, left: int) -> tuple[int, int]:
        """The UTC day in which `left` seconds, counted from the start of `day`, run out; and how many of that day."""
        idle = 0
        while left > (total := self._utc_day(day)[0]):
            days = 1
            if day % BLOCK == 0 and left > BLOCK // 7 * self.weekly and left > self._block_total(day // BLOCK):
                days = BLOCK
                total = self._block_total(day // BLOCK)
            day = day + days
            left = left - total
            if total:
                idle = 0
            else:
                idle = idle + days
            if idle > IDLE_DAYS:
                raise HoursError(
                    gettext_noop("The calendar is closed on every day for two years from %(day)s."),
                    day=_to_date(day - idle).isoformat(),
                )
            _check_range(day * DAY)
        return day, left

    def _days_total(self, first: int, last: int) -> int:
        """Working seconds of the UTC days `first` up to but without `last`."""
        total = 0
        day = first
        while day < last:
            if day % BLOCK == 0 and day + BLOCK <= last:
                total = total + self._block_total(day // BLOCK)
                day = day + BLOCK
            else:
                total = total + self._utc_day(day)[0]
                day = day + 1
        return total

    def _seconds_within(self, start: int, end: int) -> int:
        """Working seconds from `start` up to `end` of one and the same UTC day."""
        if start == end:
            return 0
        spans = self._utc_day(start // DAY)[1]
        return sum(max(0, min(span.end, end) - max(span.start, start)) for span in spans)

    def _open_spans(self, start: int, end: int) -> Iterator[_OpenSpan]:
        """Open spans clipped to the range, joined where only a UTC midnight parts them."""
        pending: _OpenSpan | None = None
        for number in range(start // DAY, -(-end // DAY)):
            for span in self._utc_day(number)[1]:
                span = _OpenSpan(max(span.start, start), min(span.end, end), span.day)
                if span.start >= span.end:
                    continue
                if pending and pending.end == span.start and pending.day == span.day:
                    pending = _OpenSpan(pending.start, span.end, span.day)
                    continue
                if pending:
                    yield pending
                pending = span
        if pending:
            yield pending

    def _block_total(self, number: int) -> int:
        if (total := self._blocks.get(number)) is None:
            total = sum(self._utc_day(day)[0] for day in range(number * BLOCK, (number + 1) * BLOCK))
            self._blocks[number] = total
        return total

    def _utc_day(self, number: int) -> tuple[int, tuple[_OpenSpan, ...]]:
        """Total and open spans of one UTC day. UTC days, unlike local ones, never overlap, repeat or go missing."""
        if (cached := self._days.get(number)) is not None:
            return cached
        spans: list[_OpenSpan] = []
        for start, end, offset in _split_by_offset(self.zone, number * DAY, (number + 1) * DAY):
            for day in range((start + offset) // DAY, (end + offset - 1) // DAY + 1):
                midnight = day * DAY - offset
                for a, b in self._opening_minutes(day):
                    span = _OpenSpan(max(midnight + a * 60, start), min(midnight + b * 60, end), day)
                    if span.start < span.end:
                        spans.append(span)
        if len(self._days) >= CACHED_DAYS:
            self._days.clear()
        total_and_spans = self._days[number] = (sum(span.end - span.start for span in spans), tuple(spans))
        return total_and_spans

    def _opening_minutes(self, number: int) -> tuple[tuple[int, int], ...]:
        opening = self.week[(number + 3) % 7]  # 1 January 1970 was a Thursday
        if not opening or self.closed(_to_date(number)) is not None:
            return ()
        return opening

    def _local_day(self, second: int) -> int:
        return (second + _utc_offset(self.zone, second)) // DAY


def build_hours(
    zone: str | ZoneInfo,
    week: Sequence[Sequence[Sequence[int]]],
    closed: Callable[[date], str | None] = always_open,
) -> BusinessHours:
    """Validated Hours. HoursError names an unknown zone, a wrong interval or a week without any hours."""
    if len(week) != 7:
        raise HoursError(gettext_noop("A week has seven days, these hours have %(days)s."), days=len(week))
    checked = tuple(_validate_day(name, day) for name, day in zip(_WEEKDAYS, week, strict=True))
    if not any(checked):
        raise HoursError(gettext_noop("The week has no hours at all: open at least one day."))
    return BusinessHours(_load_zone(zone), checked, closed)


def _load_zone(zone: str | ZoneInfo) -> ZoneInfo:
    if isinstance(zone, ZoneInfo):
        return zone
    try:
        return ZoneInfo(zone)
    # A folder ("America"), a path out of the database and an empty name each raise something else.
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise HoursError(gettext_noop("There is no time zone called “%(zone)s”."), zone=zone) from error


def _validate_day(weekday: str, day: Sequence[Sequence[int]]) -> tuple[tuple[int, int], ...]:
    checked: list[tuple[int, int]] = []
    for start, end in day:
        if not 0 <= start < end <= 1440:
            raise HoursError(
                gettext_noop("%(weekday)s: %(start)s to %(end)s is not a time span within one day, 00:00 to 24:00."),
                weekday=weekday,
                start=_wall_time(start),
                end=_wall_time(end),
            )
        if checked and start < checked[-1][1]:
            raise HoursError(
                gettext_noop("%(weekday)s: the hours from %(start)s overlap or precede those up to %(end)s."),
                weekday=weekday,
                start=_wall_time(start),
                end=_wall_time(checked[-1][1]),
            )
        checked.append((start, end))
    return tuple(checked)


def _wall_time(minutes: int) -> str:
    if 0 <= minutes <= 1440:
        return f"{minutes // 60:02d}:{minutes % 60:02d}"
    return f"{minutes} min"


def _split_by_offset(zone: ZoneInfo, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Split a range where the zone's offset to UTC changes: start, end, offset, all in seconds."""
    offset = _utc_offset(zone, start)
    if offset == _utc_offset(zone, end - 1):
        yield start, end, offset
        return
    middle = (start + end) // 2
    yield from _split_by_offset(zone, start, middle)
    yield from _split_by_offset(zone, middle, end)


def _utc_offset(zone: ZoneInfo, second: int) -> int:
    offset = _to_instant(second).astimezone(zone).utcoffset()
    assert offset is not None
    return offset // _SECOND


def _to_epoch_second(instant: datetime) -> int:
    second = (instant - _EPOCH) // _SECOND
    _check_range(second)
    return second


def _check_range(second: int) -> None:
    if not _FIRST <= second < _LAST:
        raise HoursError(
            gettext_noop("Business hours are counted between the years %(first)s and %(last)s only."),
            first=FIRST_YEAR,
            last=LAST_YEAR,
        )


def _to_instant(second: int) -> datetime:
    return _EPOCH + timedelta(seconds=second)


def _to_date(number: int) -> date:
    return date.fromordinal(number + _EPOCH_ORDINAL)
