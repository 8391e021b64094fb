"""Times of iCalendar events: stored without words or people, and expanded into the intervals in which they are busy."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

import recurring_ical_events
from icalendar import Calendar, Component, Event

# What says when an event is, and nothing of what it is about.
_TIMES = ("DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "STATUS", "TRANSP")
# Busy times of one event that are stored at most.
MOST_TIMES = 1_000
LARGEST_TIMING = 64 << 10
# Rules of which a worker would list millions of times: no real event has them.
_TOO_OFTEN = frozenset({"SECONDLY", "MINUTELY"})
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)


def instant(value: date, zone: ZoneInfo) -> datetime:
    """Return the instant of an iCalendar date or time; without a time zone, and as a whole day, in the member's."""
    if not isinstance(value, datetime):
        value = datetime.combine(value, time())
    if value.tzinfo is None:
        value = value.replace(tzinfo=zone)
    return value.astimezone(UTC)


def event_times(event: Component, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return the start and the end of an event. Raises ValueError if it has no usable start."""
    if "DTSTART" not in event:
        raise ValueError("an event has a start")
    begins = event["DTSTART"].dt
    starts_at = instant(begins, zone)
    if "DTEND" in event:
        return starts_at, instant(event["DTEND"].dt, zone)
    if "DURATION" in event:
        return starts_at, starts_at + event["DURATION"].dt
    if isinstance(begins, datetime):
        return starts_at, starts_at
    return starts_at, instant(begins + timedelta(days=1), zone)


def keeps_busy(event: Component) -> bool:
    """Return True if an event takes time: it is not cancelled and not shown as free."""
    is_cancelled = str(event.get("STATUS", "")).upper() == "CANCELLED"
    return not is_cancelled and str(event.get("TRANSP", "")).upper() != "TRANSPARENT"


def timing_only(events: Iterable[Component], time_zones: Iterable[Component] = ()) -> str:
    """Return the times and rules of one repeated event as iCalendar, without its words and people."""
    stripped = Calendar()
    for zone in time_zones:
        stripped.add_component(zone)
    for event in events:
        copy = Event()
        copy.add("uid", "1")
        for name in _TIMES:
            if name in event:
                copy[name] = event[name]
        stripped.add_component(copy)
    return stripped.to_ical().decode()


def _is_countable(event: Component, zone: ZoneInfo) -> bool:
    """Return True if the times of an event can be listed: not every minute, and not since antiquity."""
    if "DTSTART" not in event or instant(event["DTSTART"].dt, zone) < EARLIEST:
        return False
    rules = event.get("RRULE") or []
    if not isinstance(rules, list):
        rules = [rules]
    return not any(_is_too_often(rule) for rule in rules)


def _is_too_often(rule: Mapping[str, Any]) -> bool:
    frequencies = {str(value).upper() for value in rule.get("FREQ", ())}
    return bool(frequencies & _TOO_OFTEN) or "BYSECOND" in rule or "BYMINUTE" in rule


def busy_intervals(
    timings: Iterable[str], first: datetime, last: datetime, zone: ZoneInfo
) -> list[tuple[datetime, datetime]]:
    """Return when a repeated event, given with its exceptions, keeps busy within an interval.

    Daylight saving is that of the event's own time zone: nine o'clock stays nine o'clock.
    """
    calendar = Calendar()
    for timing in timings:
        for component in Calendar.from_ical(timing).subcomponents:
            if component.name != "VEVENT" or _is_countable(component, zone):
                calendar.add_component(component)
    occurrences = recurring_ical_events.of(calendar).between(first.astimezone(zone), last.astimezone(zone))
    return sorted(islice(_busy_times(occurrences, zone), MOST_TIMES))


def _busy_times(occurrences: Iterable[Component], zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
    for occurrence in occurrences:
        if keeps_busy(occurrence):
            starts_at, ends_at = event_times(occurrence, zone)
            if ends_at > starts_at:
                yield starts_at, ends_at
