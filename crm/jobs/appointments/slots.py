"""Free times within working hours and between bookings. Pure."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

Stretch = tuple[datetime, datetime]

# Appointments are offered at the full and the half hour.
STEP = timedelta(minutes=30)


def free_starts(
    open_: Iterable[Stretch], busy: Iterable[Stretch], length: timedelta, travel: timedelta, zone: ZoneInfo
) -> Iterator[datetime]:
    """Yield the starts at which a duration fits in an open interval, with travel time before the next booking.

    `busy`: what is taken, each with the road behind it. Clock times are those of the zone.
    """
    taken = sorted(busy)
    for begins, ends in open_:
        at = round_up(begins, zone)
        while at + length <= ends:
            in_the_way = next((one for one in taken if one[0] < at + length + travel and one[1] > at), None)
            if in_the_way is None:
                yield at
                at += STEP
            else:
                at = round_up(max(in_the_way[1], at + STEP), zone)


def round_up(at: datetime, zone: ZoneInfo) -> datetime:
    """Return the instant itself, or the next full or half hour on the zone's clock."""
    local = at.astimezone(zone)
    past = timedelta(minutes=local.minute % 30, seconds=local.second, microseconds=local.microsecond)
    return (at + (STEP - past if past else timedelta())).astimezone(UTC)


def without(open_: Iterable[Stretch], away: Iterable[tuple[datetime, datetime | None]]) -> list[Stretch]:
    """Return the open intervals without the days of an absence; an absence without an end is open-ended."""
    left = list(open_)
    for begins, ends in away:
        cut: list[Stretch] = []
        for first, last in left:
            if last <= begins or (ends is not None and first >= ends):
                cut.append((first, last))
                continue
            if first < begins:
                cut.append((first, begins))
            if ends is not None and ends < last:
                cut.append((ends, last))
        left = cut
    return left
