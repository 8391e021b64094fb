"""Outlook and Microsoft 365, by Microsoft Graph: https://learn.microsoft.com/graph/api/resources/calendar.

Changes are read by delta links of a calendar view, in which Microsoft expands repeated events. A view has a fixed end,
so a new one begins as time passes.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import quote

from django.conf import settings

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

_PAST = timedelta(days=1)
_AHEAD = timedelta(days=90)
# When less than this of the view is left, a new one begins.
_LEAST_AHEAD = timedelta(days=60)
_MOST_PAGES = 100
# Ids stay the same when an event is moved; times are in UTC.
_PREFER = 'IdType="ImmutableId", outlook.timezone="UTC", odata.maxpagesize=200'
# The property of an event that names our entry, and the category that members see.
_MARK = "String {6e0ad4e1-7d5b-4b5e-9d7b-1f1f3c1a8a51} Name ThroughlineUid"
_CATEGORY = "Throughline"
_FREE = ("free", "workingElsewhere")


class MicrosoftClient(RestClient):
    """A Microsoft account."""

    def list_calendars(self) -> list[CalendarInfo]:
        """Return the calendars of the account; the owner of the default one is the account."""
        rows = list(self._pages(f"{_base()}/me/calendars?$top=100"))
        owner = next((row.get("owner") for row in rows if row.get("isDefaultCalendar")), None)
        self.account = str((owner or {}).get("address", ""))
        return [
            CalendarInfo(
                str(row["id"]),
                str(row.get("name", "")),
                may_write=bool(row.get("canEdit")),
                is_primary=bool(row.get("isDefaultCalendar")),
            )
            for row in rows
        ]

    def _pages(self, url: str) -> Iterator[dict[str, Any]]:
        for _page in range(_MOST_PAGES):
            page = read_json(self.request("GET", url, headers={"Prefer": _PREFER}))
            yield from page.get("value", ())
            url = _own_link(page.get("@odata.nextLink", ""))
            if not url:
                return

    def read_changes(self, calendar_id: str, token: str) -> CalendarChanges:
        """Return what changed since a delta link; everything if the link expired, or its view ends soon."""
        now = clock.now()
        first = now - _PAST
        until = now + _AHEAD
        query = f"startDateTime={iso(first)}&endDateTime={iso(until)}"
        url = f"{_base()}/me/calendars/{quote(calendar_id, safe='')}/calendarView/delta?{query}"
        if token:
            url, until = _parse_token(token)
            if until < now + _LEAST_AHEAD:
                raise SyncTokenExpired
        rows: list[dict[str, Any]] = []
        for _page in range(_MOST_PAGES):
            answer = self.request("GET", url, headers={"Prefer": _PREFER}, expected=(200, 400, *GONE))
            if token and answer.status_code != 200:
                raise SyncTokenExpired
            if answer.status_code in GONE:
                raise CalendarGone
            page = read_json(answer)
            rows += page.get("value", ())
            if link := page.get("@odata.deltaLink"):
                next_token = json.dumps({"link": _own_link(link), "until": until.isoformat()})
                return CalendarChanges(tuple(self._parse_all(rows)), next_token, not token, (first, until))
            url = _own_link(page.get("@odata.nextLink", ""))
            if not url:
                break
        raise CalendarError(CalendarProblem.ANSWER, is_passing=True)

    def _parse_all(self, rows: Iterable[dict[str, Any]]) -> Iterator[EventVersion]:
        """Read events. Times of a repeated event come without its words, which the event itself has."""
        rows = list(rows)
        series = {row.get("id"): row for row in rows if row.get("type") == "seriesMaster"}
        for row in rows:
            if row.get("type") == "seriesMaster":
                continue
            try:
                yield self._parse(series.get(row.get("seriesMasterId"), {}) | row)
            except (KeyError, ValueError, TypeError):
                continue

    def _parse(self, row: dict[str, Any]) -> EventVersion:
        remote_id = str(row["id"])
        if "@removed" in row:
            return EventVersion(remote_id=remote_id, is_deleted=True)
        uid = str(row.get("iCalUId", ""))
        if _CATEGORY in row.get("categories", ()):
            uid = f"{remote_id}{OUR_SUFFIX}"
        is_declined = (row.get("responseStatus") or {}).get("response") == "declined"
        return EventVersion(
            remote_id=remote_id,
            etag=str(row.get("@odata.etag", "")),
            uid=uid,
            is_busy=not row.get("isCancelled") and not is_declined and row.get("showAs") not in _FREE,
            starts_at=self._instant(row, "start"),
            ends_at=self._instant(row, "end"),
            title=str(row.get("subject", "")),
        )

    def _instant(self, row: dict[str, Any], name: str) -> datetime:
        """Return a start or an end; a whole day is one of the member's zone."""
        text = str(row[name]["dateTime"])
        if row.get("isAllDay"):
            return recurrence.instant(date.fromisoformat(text[:10]), self.zone)
        return datetime.fromisoformat(text[:19]).replace(tzinfo=UTC)

    def find(self, calendar_id: str, remote_id: str) -> EventVersion | None:
        """Return an event as it is now; None if it is gone."""
        answer = self.request("GET", _event_url(remote_id), headers={"Prefer": _PREFER}, expected=(200, *GONE))
        if answer.status_code in GONE:
            return None
        return next(iter(self._parse_all([read_json(answer)])), None)

    def write(
        self, calendar_id: str, item: CalendarItem, *, url: str, remote_id: str, etag: str, with_meeting: bool = False
    ) -> EventVersion:
        """Write an entry. Before a new one is created, it is looked up by its uid, so that it is written once."""
        remote_id = remote_id or self._find_by_uid(calendar_id, item.uid)
        body = _body(item)
        if not remote_id:
            created = body | {
                "body": {"contentType": "text", "content": url},
                "categories": [_CATEGORY],
                "transactionId": item.uid,
                "singleValueExtendedProperties": [{"id": _MARK, "value": item.uid}],
            }
            answer = self.request(
                "POST", _events_url(calendar_id), json=created, headers={"Prefer": _PREFER}, expected=(200, 201)
            )
            return self._parse(read_json(answer))
        headers = {"Prefer": _PREFER}
        if etag:
            headers["If-Match"] = etag
        answer = self.request("PATCH", _event_url(remote_id), json=body, headers=headers, expected=(200, 412, *GONE))
        if answer.status_code == 412:
            raise EntryChanged
        if answer.status_code in GONE:
            raise EntryGone
        return self._parse(read_json(answer))

    def _find_by_uid(self, calendar_id: str, uid: str) -> str:
        condition = f"singleValueExtendedProperties/Any(ep: ep/id eq '{_MARK}' and ep/value eq '{uid}')"
        answer = self.request(
            "GET",
            _events_url(calendar_id),
            params={"$filter": condition, "$select": "id"},
            headers={"Prefer": _PREFER},
        )
        return next((str(row["id"]) for row in read_json(answer).get("value", ())), "")

    def delete(self, calendar_id: str, remote_id: str) -> None:
        """Delete an event. Idempotent."""
        self.request("DELETE", _event_url(remote_id), expected=(200, 204, *GONE))


def _base() -> str:
    return str(settings.MICROSOFT_GRAPH_URL)


def _events_url(calendar_id: str) -> str:
    return f"{_base()}/me/calendars/{quote(calendar_id, safe='')}/events"


def _event_url(remote_id: str) -> str:
    return f"{_base()}/me/events/{quote(remote_id, safe='')}"


def _own_link(url: str) -> str:
    """Return a link of an answer. Raises CalendarError for another server's, which must not get the token."""
    if url and not url.startswith(f"{_base()}/"):
        raise CalendarError(CalendarProblem.ANSWER, is_passing=True)
    return url


def _parse_token(token: str) -> tuple[str, datetime]:
    try:
        values = json.loads(token)
        return _own_link(values["link"]), datetime.fromisoformat(values["until"])
    except (ValueError, KeyError, TypeError) as error:
        raise SyncTokenExpired from error


def _body(item: CalendarItem) -> dict[str, Any]:
    return {
        "subject": item.summary,
        "location": {"displayName": item.place},
        "start": {"dateTime": f"{item.starts_at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}", "timeZone": "UTC"},
        "end": {"dateTime": f"{item.ends_at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}", "timeZone": "UTC"},
    }
