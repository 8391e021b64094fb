"""CalendarSource: what an app above puts into members' calendars, by feed and by synchronization."""

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar

from django.utils.functional import Promise
from icalendar import Event, vUri

from crm.platform import features
from crm.platform.access.permissions import missing_permission
from crm.platform.features import Feature
from crm.platform.models import Member

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
    # Whether it takes place by video, and the link to join; blank while there is none.
    is_video: bool = False
    meeting_url: str = ""
    # Where the meeting is created (MeetingProvider), if that was chosen for this entry; blank: as its member prefers.
    meeting_provider: str = ""

    @property
    def place(self) -> str:
        """Where calendars say that it is: the link of a meeting by video, else the location."""
        return self.meeting_url or self.location

    @property
    def key(self) -> tuple[str, int]:
        return self.source, self.pk

    @property
    def fingerprint(self) -> str:
        """Hash of what calendars show of it; another one means that it has to be written again."""
        visible = [self.summary, self.place, self.starts_at.isoformat(), self.ends_at.isoformat()]
        if self.meeting_provider:
            visible.append(self.meeting_provider)
        return hashlib.sha256("\n".join(visible).encode()).hexdigest()[:32]


@dataclass(frozen=True, kw_only=True)
class CalendarSource(Feature):
    """Calendar entries of an app, read inside the tenant, and its verbs for what a member does in their calendar.

    `read` gets member ids, start and end; `find` gets ids, and returns those that are still in calendars. `reschedule`
    and `cancel` act as the member, who needs `permission`, and raise Refused. `keeps_length`: whether the end is ours
    too. `events`: after these kinds, calendars are written.
    """

    unique: ClassVar[tuple[str, ...]] = ("name",)

    name: str
    label: str | Promise
    permission: str
    read: Callable[[Collection[int], datetime, datetime], Iterable[CalendarItem]]
    find: Callable[[Collection[int]], Iterable[CalendarItem]]
    reschedule: Callable[[int, datetime, datetime, Member], None]
    cancel: Callable[[int, Member], None]
    events: tuple[str, ...]
    keeps_length: bool = True

    def check(self) -> Iterator[str]:
        yield from missing_permission(self.permission)


@features.cached_index
def sources_by_name() -> dict[str, CalendarSource]:
    return {source.name: source for source in features.of(CalendarSource)}


def read_items(
    member_ids: Collection[int], first: datetime, last: datetime, names: Collection[str] | None = None
) -> list[CalendarItem]:
    """Return the entries of these members, of all sources or the named ones.

    The number of queries does not grow with the members.
    """
    sources = [source for source in features.of(CalendarSource) if names is None or source.name in names]
    return [item for source in sources for item in source.read(member_ids, first, last)]


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
    add_place(event, item.location, item.meeting_url)
    return event


def add_place(event: Event, location: str, meeting_url: str) -> None:
    """Add where an event is; a meeting by video also as CONFERENCE (RFC 7986), which calendars show as a button."""
    if meeting_url:
        event.add("conference", vUri(meeting_url), parameters={"VALUE": "URI", "FEATURE": "VIDEO"})
    if meeting_url or location:
        event.add("location", meeting_url or location)
