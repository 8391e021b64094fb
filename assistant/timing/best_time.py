"""BestTime: the span in which a customer is best called, within the hours they may be called in, and the next one."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from assistant.timing.hour_table import SPAN, WEEKEND, WORKDAY, CallSpan, Cells, best_span, day_kind, mixed_shares
from comms.gate.hours import SendingHours

# Calls of the customer's own, or of their segment, before hours are named.
OWN_FLOOR = 4
SEGMENT_FLOOR = 30
# The hours that are drawn.
DRAWN = range(8, 20)
_QUARTER = timedelta(minutes=15)
_LOOKED_AHEAD = 8


@dataclass(frozen=True)
class HourBar:
    """An hour of the chart: the share of calls answered in twentieths, and whether it is in the best span."""

    hour: int
    twentieths: int
    is_best: bool


@dataclass(frozen=True)
class BestTime:
    """The best span of the day, and when it next comes; the chart of the hours of such days."""

    span: CallSpan
    begins: datetime
    ends: datetime
    bars: list[HourBar]


def find_best_time(
    own: Cells, segment: Cells, hours: SendingHours | None, zone: ZoneInfo, now: datetime
) -> BestTime | None:
    """Return the best time to call from an instant on; None if two hours in a row are permitted on no day."""
    span = best_span(own, segment, permitted_hours(hours, zone, now))
    if span is None:
        return None
    occurrence = next_occurrence(span, hours, zone, now)
    if occurrence is None:
        return None
    shares = mixed_shares(own, segment)[span.day]
    bars = [HourBar(hour, round(20 * shares[hour]), span.first <= hour < span.last) for hour in DRAWN]
    return BestTime(span, *occurrence, bars)


def permitted_hours(hours: SendingHours | None, zone: ZoneInfo, now: datetime) -> dict[str, tuple[time, time]]:
    """Return the hours in which a customer may be called on workdays and on weekends, by their clock."""
    permitted: dict[str, tuple[time, time]] = {}
    for ahead in range(7):
        noon = datetime.combine(now.astimezone(zone).date() + timedelta(days=ahead), time(12), zone)
        opens, closes = time(8), time(20)
        if hours is not None:
            _zone, opens, closes = hours.narrowest(noon)
        day = day_kind(noon)
        before = permitted.get(day, (opens, closes))
        permitted[day] = (max(before[0], opens), min(before[1], closes))
    return {day: permitted[day] for day in (WORKDAY, WEEKEND)}


def next_occurrence(
    span: CallSpan, hours: SendingHours | None, zone: ZoneInfo, now: datetime
) -> tuple[datetime, datetime] | None:
    """Return when a span next begins, now if it has begun, and when it ends; None if no call is permitted then."""
    for ahead in range(_LOOKED_AHEAD):
        day = now.astimezone(zone).date() + timedelta(days=ahead)
        begins = datetime.combine(day, time(span.first), zone)
        ends = begins + timedelta(hours=SPAN)
        if day_kind(begins) != span.day or ends - _QUARTER <= now:
            continue
        begins = max(begins, _next_quarter(now).astimezone(zone))
        if hours is None or hours.allow(begins):
            return begins, ends
    return None


def _next_quarter(at: datetime) -> datetime:
    minutes = -at.minute % 15
    return at.replace(second=0, microsecond=0) + timedelta(minutes=minutes)
