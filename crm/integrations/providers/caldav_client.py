"""CalDAV calendars (Apple, Nextcloud, Radicale and others), on the `caldav` library.

Its session is replaced by one that reaches public addresses only. Nothing is looked up in DNS but host names.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, cast
from urllib.parse import urljoin, urlsplit
from zoneinfo import ZoneInfo

import requests
from caldav.collection import Calendar as DavCalendar
from caldav.davclient import DAVClient
from caldav.elements import dav
from caldav.lib import error as dav_error
from icalendar import Calendar

from crm.integrations.calendar_items import CalendarItem, item_event
from crm.integrations.models.connection_state import CalendarProblem
from crm.integrations.providers import recurrence
from crm.integrations.providers.interface import (
    CalendarChanges,
    CalendarError,
    CalendarGone,
    CalendarInfo,
    EntryChanged,
    EntryGone,
    EventVersion,
    SyncTokenExpired,
)
from crm.kernel import clock
from crm.platform.http.guarded_session import GuardedSession
from crm.platform.http.public_address import ForbiddenAddress

# Of servers without sync tokens: the library's own hash of all etags.
_OF_ETAGS = "fake-"
# What is read when everything is; when less is left of it, everything is read again.
_PAST = timedelta(days=1)
_AHEAD = timedelta(days=400)
_LEAST_AHEAD = timedelta(days=90)
# Events that are loaded with one request.
_BATCH = 50
_TOO_MANY_WAIT = timedelta(minutes=15)


class CalDavClient:
    """A CalDAV account."""

    def __init__(self, url: str, secrets: dict[str, Any], zone: ZoneInfo) -> None:
        self.account = str(secrets["username"])
        self.secrets = secrets
        self._zone = zone
        self._url = url
        self._client = DAVClient(
            url=url, username=self.account, password=str(secrets["password"]), enable_rfc6764=False, timeout=20
        )
        self._client.session = GuardedSession()

    def list_calendars(self) -> list[CalendarInfo]:
        """Find the calendars of the account, beginning at its address, else at the server's well-known one."""
        with _translated_errors():
            try:
                calendars = self._client.principal().get_calendars()
            except (dav_error.PropfindError, dav_error.NotFoundError):
                self._client.url = self._client.url.join("/.well-known/caldav")
                self._client._principal = None
                calendars = self._client.principal().get_calendars()
            return [
                CalendarInfo(str(calendar.url), self._name_of(calendar))
                for calendar in calendars
                if "VEVENT" in calendar.get_supported_components()
            ]

    def _name_of(self, calendar: DavCalendar) -> str:
        name = calendar.get_display_name()
        if name:
            return str(name)
        return urlsplit(str(calendar.url)).path.rstrip("/").rpartition("/")[2]

    def read_changes(self, calendar_id: str, token: str) -> CalendarChanges:
        """Return what changed: by sync token, else everything if the hash of all etags changed.

        Everything is what takes place from yesterday on: a calendar may hold decades. Its end moves on with time.
        """
        calendar = self._client.calendar(url=calendar_id)
        window = (clock.now() - _PAST, clock.now() + _AHEAD)
        until, sync_token = _split_token(token)
        with _translated_errors():
            listing = _read_listing(calendar, sync_token)
            next_token = str(listing.sync_token or "")
            is_complete = not sync_token or (_is_etags(sync_token) and next_token != sync_token)
            deleted = {str(url) for url in listing.deleted_urls}
            if is_complete:
                until = window[1]
                versions = list(self._search(calendar, listing, window))
            else:
                changed = [one.url for one in listing if str(one.url.canonical()) not in deleted]
                versions = [version for batch in _batches(changed) for version in self._load(calendar, batch)]
        gone = [EventVersion(remote_id=_path(url), is_deleted=True) for url in deleted]
        next_token = f"{until.isoformat()} {next_token}"
        return CalendarChanges((*versions, *gone), next_token, is_complete, window)

    def _search(self, calendar: DavCalendar, listing: Any, window: tuple[datetime, datetime]) -> Iterator[EventVersion]:
        """Yield the events that take place within a window, with their etags of the listing."""
        etags = {str(one.url.canonical()): str(one.props.get(dav.GetEtag.tag) or "") for one in listing}
        events: Any = calendar.search(start=window[0], end=window[1], event=True)
        for one in events:
            version = self._parse(_path(str(one.url)), etags.get(str(one.url.canonical()), ""), one.data)
            if version:
                yield version

    def _load(self, calendar: DavCalendar, urls: list[Any]) -> Iterator[EventVersion]:
        for one in cast("list[Any]", calendar.multiget(urls)):
            etag = one.props.get(dav.GetEtag.tag) or ""
            version = self._parse(_path(str(one.url)), str(etag), one.data)
            if version:
                yield version

    def _parse(self, remote_id: str, etag: str, data: str | bytes) -> EventVersion | None:
        """Read a calendar resource: an event with its exceptions. None if it holds no event that can be read."""
        try:
            calendar = Calendar.from_ical(data)
            events = calendar.walk("VEVENT")
            if not events:
                return None
            main = next((event for event in events if "RECURRENCE-ID" not in event), events[0])
            starts_at, ends_at = recurrence.event_times(main, self._zone)
        except (ValueError, KeyError, AttributeError):
            return None
        timing = ""
        if len(events) > 1 or "RRULE" in main or "RDATE" in main:
            timing = recurrence.timing_only(events, calendar.walk("VTIMEZONE"))
        return EventVersion(
            remote_id=remote_id,
            etag=etag,
            uid=str(main.get("UID", "")),
            is_busy=bool(timing) or recurrence.keeps_busy(main),
            starts_at=starts_at,
            ends_at=ends_at,
            title=str(main.get("SUMMARY", "")),
            timing=timing[: recurrence.LARGEST_TIMING],
        )

    def find(self, calendar_id: str, remote_id: str) -> EventVersion | None:
        """Return an event as it is now; None if it is gone."""
        url = urljoin(calendar_id, remote_id)
        with _translated_errors():
            try:
                response = self._client.request(url, "GET")
            except dav_error.NotFoundError:
                return None
        if response.status in (404, 410):
            return None
        _check_status(response.status)
        return self._parse(remote_id, response.headers.get("ETag", ""), response.raw)

    def write(
        self, calendar_id: str, item: CalendarItem, *, url: str, remote_id: str, etag: str, with_meeting: bool = False
    ) -> EventVersion:
        """Write an entry under an address made of its uid, so that writing it twice writes it once."""
        path = remote_id or urlsplit(f"{calendar_id.rstrip('/')}/{item.uid}.ics").path
        headers = {"Content-Type": "text/calendar; charset=utf-8"}
        if etag:
            headers["If-Match"] = etag
        address = urljoin(calendar_id, path)
        with _translated_errors():
            response = self._client.request(address, "PUT", _body(item, url), headers)
        if response.status in (409, 412):
            if etag and self.find(calendar_id, path) is None:
                raise EntryGone
            raise EntryChanged
        if response.status in (404, 410):
            raise EntryGone
        _check_status(response.status)
        written = response.headers.get("ETag", "")
        if not written:
            version = self.find(calendar_id, path)
            written = version.etag if version else ""
        return EventVersion(remote_id=path, etag=written, uid=item.uid, starts_at=item.starts_at, ends_at=item.ends_at)

    def delete(self, calendar_id: str, remote_id: str) -> None:
        """Delete an event. Idempotent."""
        with _translated_errors():
            try:
                response = self._client.request(urljoin(calendar_id, remote_id), "DELETE")
            except dav_error.NotFoundError:
                return
        if response.status not in (404, 410):
            _check_status(response.status)


def _body(item: CalendarItem, url: str) -> str:
    calendar = Calendar()
    calendar.add("prodid", "-//Throughline//Calendar//EN")
    calendar.add("version", "2.0")
    calendar.add_component(item_event(item, url))
    return str(calendar.to_ical().decode())


def _split_token(token: str) -> tuple[datetime, str]:
    """Return until when everything was read, and the server's token. Raises SyncTokenExpired if that ends soon."""
    if not token:
        return clock.now(), ""
    until_text, _space, sync_token = token.partition(" ")
    try:
        until = datetime.fromisoformat(until_text)
    except ValueError as error:
        raise SyncTokenExpired from error
    if until < clock.now() + _LEAST_AHEAD:
        raise SyncTokenExpired
    return until, sync_token


def _read_listing(calendar: DavCalendar, sync_token: str) -> Any:
    """Return the addresses and etags that changed since a token; all for a blank one. Raises SyncTokenExpired."""
    try:
        return calendar.get_objects_by_sync_token(sync_token or None, disable_fallback=not _is_etags(sync_token))
    except (dav_error.DAVError, NotImplementedError) as error:
        _check_calendar_is_there(error)
        if sync_token:
            raise SyncTokenExpired from error
        return calendar.get_objects_by_sync_token()


def _is_etags(token: str) -> bool:
    return token.startswith(_OF_ETAGS)


def _path(url: str) -> str:
    """Return the path of an address: servers write the same one with and without their host."""
    return urlsplit(url).path


def _batches(urls: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(urls), _BATCH):
        yield urls[start : start + _BATCH]


def _check_calendar_is_there(error: Exception) -> None:
    if isinstance(error, dav_error.NotFoundError) or getattr(error, "status", None) in (404, 410):
        raise CalendarGone from error


def _check_status(status: int) -> None:
    """Raise CalendarError for an answer that is no success."""
    if 200 <= status < 300:
        return
    if status >= 500:
        raise CalendarError(CalendarProblem.UNREACHABLE, is_passing=True)
    raise CalendarError(CalendarProblem.ANSWER, is_passing=True)


@contextmanager
def _translated_errors() -> Iterator[None]:
    """Context manager: raise the errors of the library, of HTTP and of the address check as CalendarError."""
    try:
        yield
    except ForbiddenAddress as error:
        raise CalendarError(CalendarProblem.ADDRESS, is_passing=False) from error
    except dav_error.AuthorizationError as error:
        raise CalendarError(CalendarProblem.SIGN_IN, is_passing=False) from error
    except dav_error.RateLimitError as error:
        raise CalendarError(CalendarProblem.TOO_MANY, is_passing=True, wait=_TOO_MANY_WAIT) from error
    except requests.RequestException as error:
        raise CalendarError(CalendarProblem.UNREACHABLE, is_passing=True) from error
    except dav_error.DAVError as error:
        raise CalendarError(CalendarProblem.ANSWER, is_passing=True) from error
