"""CalendarClient: what a calendar provider can do, and the errors that all of them raise."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from crm.integrations.calendar_items import CalendarItem


class CalendarError(Exception):
    """A provider refuses or does not answer. `problem` is a CalendarProblem; `is_passing`: trying again may help."""

    def __init__(self, problem: str, *, is_passing: bool, wait: timedelta = timedelta()) -> None:
        super().__init__(problem)
        self.problem = problem
        self.is_passing = is_passing
        self.wait = wait


class SyncTokenExpired(Exception):
    """The provider no longer knows the sync token: everything has to be read again."""


class EntryChanged(Exception):
    """The event at the provider is no longer the version that we know."""


class EntryGone(Exception):
    """The event is no longer at the provider."""


class CalendarGone(Exception):
    """The calendar is no longer at the provider."""


@dataclass(frozen=True)
class CalendarInfo:
    """A calendar of an account, as the provider lists it."""

    remote_id: str
    name: str
    may_write: bool = True
    is_primary: bool = False


@dataclass(frozen=True, kw_only=True)
class EventVersion:
    """A version of an event at the provider.

    `starts_at` and `ends_at` are those of its first time. `timing` is iCalendar without words, for a repeated event and
    an exception of one, whose `series_id` is the id of the repeated event. A deleted one has its id only.
    """

    remote_id: str
    etag: str = ""
    uid: str = ""
    is_deleted: bool = False
    is_busy: bool = True
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    title: str = ""
    timing: str = ""
    series_id: str = ""
    meeting_url: str = ""


@dataclass(frozen=True)
class CalendarChanges:
    """The events that changed since a token, and the next token. `is_complete`: these are all events there are.

    `window`: the interval that a complete list covers; None for all time.
    """

    events: tuple[EventVersion, ...]
    token: str
    is_complete: bool = False
    window: tuple[datetime, datetime] | None = None


class CalendarClient(Protocol):
    """A signed-in account. All methods raise CalendarError."""

    account: str

    def list_calendars(self) -> list[CalendarInfo]:
        """Return the calendars of the account."""

    def read_changes(self, calendar_id: str, token: str) -> CalendarChanges:
        """Return what changed since a token; everything for a blank one. Raises SyncTokenExpired, CalendarGone."""

    def find(self, calendar_id: str, remote_id: str) -> EventVersion | None:
        """Return an event as it is now; None if it is gone."""

    def write(
        self, calendar_id: str, item: CalendarItem, *, url: str, remote_id: str, etag: str, with_meeting: bool = False
    ) -> EventVersion:
        """Write an entry: a new one without `remote_id`, else over the version with this etag; blank: over any.

        Writing a new one twice writes it once. Raises EntryChanged and EntryGone. `with_meeting`: with a video meeting.
        """

    def delete(self, calendar_id: str, remote_id: str) -> None:
        """Delete an event. Idempotent."""

    @property
    def secrets(self) -> dict[str, object]:
        """The sign-in as it is to be stored, with tokens that were renewed."""
