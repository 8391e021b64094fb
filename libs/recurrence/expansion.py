"""Expand a recurrence rule: its local times by python-dateutil, then their instants in a time zone."""

from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, date, datetime, time
from itertools import islice
from zoneinfo import ZoneInfo

from dateutil import rrule

from libs.recurrence.rule import RecurrenceRule
from libs.recurrence.within_days import FREQUENCY_CODES, SECONDS, rule_weekdays, times_within_days

# More instants are not computed at once.
MAX_COUNT = 10_000
# The Gregorian calendar repeats after this many years: days of week, leap days and week numbers.
_CYCLE = 400
# A rule without an occurrence in so many years has none.
_HORIZON = 100
_LAST_YEAR = 9999


def expand_rule(
    rule: RecurrenceRule,
    start: datetime,
    zone: ZoneInfo,
    *,
    added: Collection[datetime] = (),
    excluded: Collection[datetime] = (),
) -> Iterator[datetime]:
    """Yield the occurrences of a rule in order, as times of `zone`. `start`, `added`, `excluded`: its local times.

    A local time that a clock change leaves out moves by the offset before it (02:30 becomes 03:30); one that is there
    twice is the first. COUNT and UNTIL end the rule, before `added` and `excluded` apply.
    """
    instants = _in_order(_attach_zone(local_times(rule, start), rule.until, zone))
    extra = sorted({_resolve(local, zone) for local in added}, key=_utc)
    left_out = {_utc(_resolve(local, zone)) for local in excluded}
    for instant in _merge(instants, extra):
        if _utc(instant) not in left_out:
            yield instant


def local_times(rule: RecurrenceRule, start: datetime) -> Iterator[datetime]:
    """Yield the local times of a rule from `start` on, until its COUNT. UNTIL is an instant and not applied.

    `start` is an occurrence only if it matches the rule; RFC 5545 leaves the other case undefined. The search ends
    after at most 500 years: dateutil searches to the year 9999 and nothing else stops it, so the rule is expanded in
    the equal years before that.
    """
    cycles = (_LAST_YEAR - _HORIZON - start.year) // _CYCLE
    shift = max(cycles, 0) * _CYCLE
    shifted = start.replace(year=start.year + shift)
    if rule.freq in SECONDS:
        times = times_within_days(rule, shifted)
    else:
        times = _times_on_days(rule, shifted)
    for local in islice(times, rule.count):
        yield local.replace(year=local.year - shift)


def _times_on_days(rule: RecurrenceRule, start: datetime) -> Iterator[datetime]:
    weekdays = rule_weekdays(rule)
    if rule.by_week_number and not (rule.by_day or rule.by_month_day or rule.by_year_day):
        # What a rule does not say comes from its start; dateutil would take every day of the week.
        weekdays = [rrule.weekday(start.weekday())]
    yield from rrule.rrule(
        FREQUENCY_CODES[rule.freq],
        dtstart=start,
        interval=rule.interval,
        wkst=rule.week_start,
        bymonth=rule.by_month or None,
        byweekno=rule.by_week_number or None,
        byyearday=rule.by_year_day or None,
        bymonthday=rule.by_month_day or None,
        byweekday=weekdays or None,
        byhour=rule.by_hour or None,
        byminute=rule.by_minute or None,
        bysecond=rule.by_second or None,
        bysetpos=rule.by_set_position or None,
    )


def _attach_zone(
    locals_: Iterable[datetime], until: date | datetime | None, zone: ZoneInfo
) -> Iterator[tuple[datetime, bool]]:
    """Yield each instant, and whether a clock change has moved it, while it is not after `until`."""
    for local in locals_:
        instant = _resolve(local, zone)
        if _is_after(instant, local, until):
            return
        yield instant, instant.replace(tzinfo=None) != local


def _is_after(instant: datetime, local: datetime, until: date | datetime | None) -> bool:
    if until is None:
        return False
    if not isinstance(until, datetime):
        return local > datetime.combine(until, time.max)
    if until.tzinfo is None:
        return local > until
    return _utc(instant) > until


def _resolve(local: datetime, zone: ZoneInfo) -> datetime:
    """Return the instant of a local time; the way through UTC moves one that a clock change leaves out."""
    return local.replace(tzinfo=zone, fold=0).astimezone(UTC).astimezone(zone)


def _in_order(moments: Iterable[tuple[datetime, bool]]) -> Iterator[datetime]:
    """Yield instants in order and once each, where a clock change has moved some behind those after them."""
    moved: list[datetime] = []
    last = None
    for instant, is_moved in moments:
        if is_moved:
            moved.append(instant)
            continue
        while moved and _utc(moved[0]) <= _utc(instant):
            first = moved.pop(0)
            if last is None or _utc(first) > last:
                last = _utc(first)
                yield first
        if last is None or _utc(instant) > last:
            last = _utc(instant)
            yield instant
    yield from moved


def _merge(instants: Iterator[datetime], extra: list[datetime]) -> Iterator[datetime]:
    """Yield both in order, equal ones once. `extra` is short and sorted."""
    for instant in instants:
        while extra and _utc(extra[0]) <= _utc(instant):
            first = extra.pop(0)
            if _utc(first) < _utc(instant):
                yield first
        yield instant
    yield from extra


def _utc(instant: datetime) -> datetime:
    return instant.astimezone(UTC)
