"""Local times of HOURLY, MINUTELY and SECONDLY rules, one day at a time.

dateutil steps through such a rule one hour or second after the other, also over years in which no day matches. Here
the days are found first, so that a rule without an occurrence costs a search of days only.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from dateutil import rrule

from libs.recurrence.rule import FREQUENCIES, RecurrenceRule

SECONDS = {"HOURLY": 3600, "MINUTELY": 60, "SECONDLY": 1}
FREQUENCY_CODES = {name: getattr(rrule, name) for name in FREQUENCIES}
_DAY = timedelta(days=1)
# A rule without an occurrence on so many matching days one after the other has none.
_MOST_EMPTY_DAYS = 400


def rule_weekdays(rule: RecurrenceRule) -> list[Any]:
    """Return BYDAY as dateutil takes it."""
    return [rrule.weekday(day.weekday, day.nth or None) for day in rule.by_day]


def times_within_days(rule: RecurrenceRule, start: datetime) -> Iterator[datetime]:
    """Yield the local times of such a rule from `start` on."""
    minutes, seconds = _minutes_and_seconds(rule, start)
    largest_set = len(minutes or (0,)) * len(seconds or (0,))
    if rule.by_set_position and min(map(abs, rule.by_set_position)) > largest_set:
        return
    step = timedelta(seconds=SECONDS[rule.freq]) * rule.interval
    first = _floor(start, rule.freq)
    empty_days = 0
    for day in _matching_days(rule, start):
        behind = max(day - first, timedelta())
        point = first + -(-behind // step) * step
        if point >= day + _DAY:
            continue
        times = [local for local in _times_of_day(rule, point, day, minutes, seconds) if local >= start]
        yield from times
        empty_days = 0 if times else empty_days + 1
        if empty_days > _MOST_EMPTY_DAYS:
            return


def _matching_days(rule: RecurrenceRule, start: datetime) -> Iterator[datetime]:
    yield from rrule.rrule(
        rrule.DAILY,
        dtstart=start.replace(hour=0, minute=0, second=0),
        bymonth=rule.by_month or None,
        byyearday=rule.by_year_day or None,
        bymonthday=rule.by_month_day or None,
        byweekday=rule_weekdays(rule) or None,
    )


def _times_of_day(
    rule: RecurrenceRule, point: datetime, day: datetime, minutes: tuple[int, ...], seconds: tuple[int, ...]
) -> Iterator[datetime]:
    try:
        yield from rrule.rrule(
            FREQUENCY_CODES[rule.freq],
            dtstart=point,
            until=day + _DAY - timedelta(seconds=1),
            interval=rule.interval,
            byhour=rule.by_hour or None,
            byminute=minutes or None,
            bysecond=seconds or None,
            bysetpos=rule.by_set_position or None,
        )
    except ValueError:
        # Hours, minutes or seconds that this interval never reaches.
        return


def _minutes_and_seconds(rule: RecurrenceRule, start: datetime) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return BYMINUTE and BYSECOND; where the rule has none and expands them, those of the start."""
    minutes = rule.by_minute
    seconds = rule.by_second
    if rule.freq == "HOURLY":
        minutes = minutes or (start.minute,)
    if rule.freq != "SECONDLY":
        seconds = seconds or (start.second,)
    return minutes, seconds


def _floor(start: datetime, freq: str) -> datetime:
    if freq == "HOURLY":
        return start.replace(minute=0, second=0)
    if freq == "MINUTELY":
        return start.replace(second=0)
    return start
