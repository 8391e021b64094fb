"""Spread follow-ups over working days, most urgent first, so that no day is overfull. Pure: no query, no clock."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from followups.bulk.work_days import WorkDay


class SpreadRefusal(StrEnum):
    """Why a follow-up is left where it is."""

    LIMIT = "limit"
    ROOM = "room"


class SpreadItem(NamedTuple):
    """A follow-up to spread: smaller `urgency` goes first; it is never planned after `limit_at`."""

    pk: int
    member_id: int | None
    minutes: int
    urgency: tuple[int, datetime, int]
    limit_at: datetime | None = None


def spread_items(
    items: Iterable[SpreadItem], days: Mapping[int | None, Sequence[WorkDay]]
) -> dict[int, datetime | SpreadRefusal]:
    """Return the new time of each item, or why it stays. The minutes of the days are counted up.

    Each member's items are shared out in proportion to the room of their days. A day that has its share takes no more
    as long as a later one has room; one that is full takes no more at all.
    """
    by_member: dict[int | None, list[SpreadItem]] = defaultdict(list)
    for item in items:
        by_member[item.member_id].append(item)
    times: dict[int, datetime | SpreadRefusal] = {}
    for member_id, own in by_member.items():
        shares = _share_out(own, days[member_id])
        for item in sorted(own, key=lambda item: item.urgency):
            chosen = _choose_day(item, days[member_id], shares)
            if isinstance(chosen, SpreadRefusal):
                times[item.pk] = chosen
            else:
                times[item.pk] = chosen.take(item.minutes)
    return times


def _share_out(items: Sequence[SpreadItem], days: Sequence[WorkDay]) -> list[float]:
    """Return how many minutes each day is to get."""
    rooms = [max(day.room_minutes, 0) for day in days]
    total = sum(item.minutes for item in items)
    available = sum(rooms) or 1
    return [total * room / available for room in rooms]


def spread_among(
    items: Sequence[SpreadItem], days: Mapping[int | None, Sequence[WorkDay]], owner_id: int
) -> dict[int, tuple[int, datetime] | SpreadRefusal]:
    """Return the member and time of each item of one owner, or why it stays, over the days of several members.

    On the same day the owner comes first.
    """
    owned = [(day, member_id) for member_id, own in days.items() if member_id for day in own]
    owned.sort(key=lambda one: (one[0].day, one[1] != owner_id, one[1]))
    members = {id(day): member_id for day, member_id in owned}
    merged = [day for day, _member_id in owned]
    shares = _share_out(items, merged)
    places: dict[int, tuple[int, datetime] | SpreadRefusal] = {}
    for item in sorted(items, key=lambda item: item.urgency):
        chosen = _choose_day(item, merged, shares)
        if isinstance(chosen, SpreadRefusal):
            places[item.pk] = chosen
        else:
            places[item.pk] = (members[id(chosen)], chosen.take(item.minutes))
    return places


def _choose_day(item: SpreadItem, days: Sequence[WorkDay], shares: Sequence[float]) -> WorkDay | SpreadRefusal:
    fitting = [(day, share) for day, share in zip(days, shares, strict=True) if day.room_minutes >= item.minutes]
    if not fitting:
        return SpreadRefusal.ROOM
    allowed = [(day, share) for day, share in fitting if item.limit_at is None or day.next_start() <= item.limit_at]
    if not allowed:
        return SpreadRefusal.LIMIT
    below_share = [day for day, share in allowed if day.added == 0 or day.added + item.minutes <= share + 1]
    if below_share:
        return below_share[0]
    return min((day for day, _share in allowed), key=lambda day: day.planned + day.added - day.capacity_minutes)
