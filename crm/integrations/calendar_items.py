"""CalendarSource: what an app above puts into members' calendars, by feed and by synchronization."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar

from icalendar import Event

from crm.platform import features
from crm.platform.features import Feature

# How the UIDs of our entries end in iCalendar files.
OUR_SUFFIX = "@throughline"
# Entries that a source returns at most.
MOST = 2_000


@dataclass(frozen=True, kw_only=True)
class CalendarItem:
    """A dated entry of members' calendars. `url` is a path; `status` as in RFC 5545."""

    source: str
    pk: int
    uid: str
    member_ids: tuple[int, ...]
    starts_at: datetime
    ends_at: datetime
    summary: str
    url: str
    changed_at: datetime
    location: str = ""
    status: str = "CONFIRMED"
    sequence: int = 0


@dataclass(frozen=True, kw_only=True)
class CalendarSource(Feature):
    """Calendar entries of an app. `read` gets member ids, start and end, inside the tenant."""

    unique: ClassVar[tuple[str, ...]] = ("name",)

    name: str
    read: Callable[[Collection[int], datetime, datetime], Iterable[CalendarItem]]


def read_items(member_ids: Collection[int], first: datetime, last: datetime) -> list[CalendarItem]:
    """Return the entries of all sources for these members. The number of queries does not grow with the members."""
    return [item for source in features.of(CalendarSource) for item in source.read(member_ids, first, last)]


def is_ours(uid: str) -> bool:
    """Return True if an iCalendar UID has the form of our entries'."""
    return uid.strip().lower().endswith(OUR_SUFFIX)


def item_event(item: CalendarItem, url: str) -> Event:
    """Return an entry as an iCalendar event, in UTC, so that no time zone definitions are needed."""
    event = Event()
    event.add("uid", f"{item.uid}{OUR_SUFFIX}")
    event.add("sequence", item.sequence)
    event.add("summary", item.summary)
    event.add("dtstart", item.starts_at.astimezone(UTC))
    event.add("dtend", item.ends_at.astimezone(UTC))
    event.add("dtstamp", item.changed_at.astimezone(UTC))
    event.add("status", item.status)
    event.add("url", url)
    if item.location:
        event.add("location", item.location)
    return event
