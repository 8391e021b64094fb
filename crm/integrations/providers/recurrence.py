"""Times of iCalendar events: stored without words or people, and expanded into the intervals in which they are busy."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import recurring_ical_events  # type: ignore[import-not-found, import-untyped, unused-ignore]
from icalendar import Calendar, Component, Event

# What says when an event is, and nothing of what it is about.
_TIMES = ("DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "STATUS", "TRANSP")
# Busy times of one event that are stored at most.
MOST_TIMES = 1_000
LARGEST_TIMING = 64 << 10


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


def busy_intervals(
    timings: Iterable[str], first: datetime, last: datetime, zone: ZoneInfo
) -> list[tuple[datetime, datetime]]:
    """Return when a repeated event, given with its exceptions, keeps busy within an interval.

    Daylight saving is that of the event's own time zone: nine o'clock stays nine o'clock.
    """
    calendar = Calendar()
    for timing in timings:
        for component in Calendar.from_ical(timing).subcomponents:
            calendar.add_component(component)
    occurrences = recurring_ical_events.of(calendar).between(first.astimezone(zone), last.astimezone(zone))
    return sorted(islice(_busy_times(occurrences, zone), MOST_TIMES))


def _busy_times(occurrences: Iterable[Component], zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
    for occurrence in occurrences:
        if keeps_busy(occurrence):
            starts_at, ends_at = event_times(occurrence, zone)
            if ends_at > starts_at:
                yield starts_at, ends_at
