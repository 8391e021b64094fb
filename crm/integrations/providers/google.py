"""Google Calendar, by its REST API (v3): https://developers.google.com/workspace/calendar/api/v3/reference."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import quote
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from icalendar import Calendar, Event

from crm.integrations.calendar_items import OUR_SUFFIX, CalendarItem
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
from crm.integrations.providers.rest import GONE, RestClient, iso, read_json
from crm.kernel import clock

# Events before are not read.
_PAST = timedelta(days=1)
_PAGE = 250
_MOST_PAGES = 100
# The property of an event that names our entry.
_MARK = "throughline"


class GoogleClient(RestClient):
    """A Google account."""

    def list_calendars(self) -> list[CalendarInfo]:
        """Return the calendars of the account's list; the id of the primary one is the account's address."""
        answer = self.request("GET", f"{_base()}/users/me/calendarList", params={"maxResults": _PAGE})
        infos = [
            CalendarInfo(
                str(row["id"]),
                str(row.get("summaryOverride") or row.get("summary") or row["id"]),
                may_write=row.get("accessRole") in ("owner", "writer"),
                is_primary=bool(row.get("primary")),
            )
            for row in read_json(answer).get("items", ())
            if not row.get("deleted")
        ]
        self.account = next((info.remote_id for info in infos if info.is_primary), "")
        return infos

    def read_changes(self, calendar_id: str, token: str) -> CalendarChanges:
        """Return what changed since a token. 410 means that the token expired."""
        first = clock.now() - _PAST
        params: dict[str, Any] = {"maxResults": _PAGE}
        if token:
            params["syncToken"] = token
        else:
            params["timeMin"] = iso(first)
        versions: list[EventVersion] = []
        for _page in range(_MOST_PAGES):
            answer = self.request("GET", _events_url(calendar_id), params=params, expected=(200, 400, *GONE))
            if token and answer.status_code in (400, 410):
                raise SyncTokenExpired
            if answer.status_code in GONE:
                raise CalendarGone
            page = read_json(answer)
            versions += self._parse_all(page.get("items", ()))
            if page.get("nextSyncToken"):
                window = (first, datetime.max.replace(tzinfo=UTC))
                return CalendarChanges(tuple(versions), str(page["nextSyncToken"]), not token, window)
            params["pageToken"] = page.get("nextPageToken", "")
        raise CalendarError(CalendarProblem.ANSWER, is_passing=True)

    def _parse_all(self, rows: Iterable[dict[str, Any]]) -> list[EventVersion]:
        versions = []
        for row in rows:
            try:
                versions.append(self._parse(row))
            except (KeyError, ValueError, TypeError):
                continue
        return versions

    def _parse(self, row: dict[str, Any]) -> EventVersion:
        """Read an event. A cancelled time of a repeated event is an exception of it."""
        remote_id = str(row["id"])
        series_id = str(row.get("recurringEventId") or "")
        is_cancelled = row.get("status") == "cancelled"
        if is_cancelled and not series_id:
            return EventVersion(remote_id=remote_id, is_deleted=True)
        uid = str(row.get("iCalUID", ""))
        if mark := row.get("extendedProperties", {}).get("private", {}).get(_MARK):
            uid = f"{mark}{OUR_SUFFIX}"
        event = self._event(row, is_cancelled=is_cancelled)
        starts_at, ends_at = recurrence.event_times(event, self.zone)
        timing = ""
        if series_id or row.get("recurrence"):
            timing = recurrence.timing_only([event])[: recurrence.LARGEST_TIMING]
        return EventVersion(
            remote_id=remote_id,
            etag=str(row.get("etag", "")),
            uid=uid,
            is_busy=not is_cancelled and _keeps_busy(row),
            starts_at=starts_at,
            ends_at=ends_at,
            title=str(row.get("summary", "")),
            timing=timing,
            series_id=series_id,
            meeting_url=str(row.get("hangoutLink", "")),
        )

    def _event(self, row: dict[str, Any], *, is_cancelled: bool) -> Event:
        """Return the times and rules of an event as iCalendar."""
        event = Event()
        original = row.get("originalStartTime")
        event.add("dtstart", _moment(row.get("start") or original or {}, self.zone))
        if row.get("end"):
            event.add("dtend", _moment(row["end"], self.zone))
        if original:
            event.add("recurrence-id", _moment(original, self.zone))
        if is_cancelled:
            event.add("status", "CANCELLED")
        elif not _keeps_busy(row):
            event.add("transp", "TRANSPARENT")
        lines = event.to_ical().decode().splitlines()
        rules = [str(line) for line in row.get("recurrence", ())]
        text = "\r\n".join(["BEGIN:VCALENDAR", *lines[:-1], *rules, lines[-1], "END:VCALENDAR", ""])
        parsed: Event = Calendar.from_ical(text).walk("VEVENT")[0]
        return parsed

    def find(self, calendar_id: str, remote_id: str) -> EventVersion | None:
        """Return an event as it is now; None if it is gone."""
        answer = self.request("GET", _event_url(calendar_id, remote_id), expected=(200, *GONE))
        if answer.status_code in GONE:
            return None
        versions = self._parse_all([read_json(answer)])
        return next((version for version in versions if not version.is_deleted), None)

    def write(
        self, calendar_id: str, item: CalendarItem, *, url: str, remote_id: str, etag: str, with_meeting: bool = False
    ) -> EventVersion:
        """Write an entry. A new one has an id made of its uid, so that writing it twice writes it once."""
        body = _body(item, url)
        params = {}
        if with_meeting:
            params["conferenceDataVersion"] = 1
            body["conferenceData"] = {
                "createRequest": {"requestId": item.uid, "conferenceSolutionKey": {"type": "hangoutsMeet"}}
            }
        if not remote_id:
            remote_id = _new_id(item)
            created = body | {"id": remote_id}
            answer = self.request(
                "POST", _events_url(calendar_id), params=params, json=created, expected=(200, 201, 409)
            )
            if answer.status_code != 409:
                return self._parse(read_json(answer))
        headers = {}
        if etag:
            headers["If-Match"] = etag
        answer = self.request(
            "PATCH",
            _event_url(calendar_id, remote_id),
            params=params,
            json=body | {"status": "confirmed"},
            headers=headers,
            expected=(200, 412, *GONE),
        )
        if answer.status_code == 412:
            raise EntryChanged
        if answer.status_code in GONE:
            raise EntryGone
        return self._parse(read_json(answer))

    def delete(self, calendar_id: str, remote_id: str) -> None:
        """Delete an event. Idempotent."""
        self.request("DELETE", _event_url(calendar_id, remote_id), expected=(200, 204, *GONE))


def _base() -> str:
    return str(settings.GOOGLE_CALENDAR_URL)


def _events_url(calendar_id: str) -> str:
    return f"{_base()}/calendars/{quote(calendar_id, safe='')}/events"


def _event_url(calendar_id: str, remote_id: str) -> str:
    return f"{_events_url(calendar_id)}/{quote(remote_id, safe='')}"


def _new_id(item: CalendarItem) -> str:
    """Return an id that Google accepts: a to v and digits."""
    return f"tl{UUID(item.uid).hex}"


def _body(item: CalendarItem, url: str) -> dict[str, Any]:
    return {
        "summary": item.summary,
        "location": item.place,
        "start": {"dateTime": iso(item.starts_at.astimezone(UTC))},
        "end": {"dateTime": iso(item.ends_at.astimezone(UTC))},
        "source": {"title": "Throughline", "url": url},
        "extendedProperties": {"private": {_MARK: item.uid}},
    }


def _keeps_busy(row: dict[str, Any]) -> bool:
    """Return True if an event takes time: not shown as free, not declined, no place of work."""
    is_declined = any(one.get("self") and one.get("responseStatus") == "declined" for one in row.get("attendees", ()))
    is_free = row.get("transparency") == "transparent" or row.get("eventType") == "workingLocation"
    return not is_free and not is_declined


def _moment(value: dict[str, Any], zone: ZoneInfo) -> date:
    """Return a start or an end: a day, or a time in the zone that it is repeated in."""
    if "dateTime" not in value:
        return date.fromisoformat(value["date"])
    at = datetime.fromisoformat(str(value["dateTime"]).replace("Z", "+00:00"))
    if value.get("timeZone"):
        zone = ZoneInfo(value["timeZone"])
    if at.tzinfo is None:
        return at.replace(tzinfo=zone)
    return at.astimezone(zone)
