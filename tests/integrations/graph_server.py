"""The part of Microsoft Graph (v1.0) that is used, as its reference describes it."""

from typing import Any

from tests.integrations.rest_peer import RestPeer

CALENDAR = "AAMk=="
BASE = "/v1.0/me"


class Graph(RestPeer):
    """One calendar, whose changes are numbered for delta links, in pages of two."""

    def __init__(self) -> None:
        super().__init__()
        self.events: dict[str, dict[str, Any]] = {}
        self.changes: list[str] = []
        self.forgotten = -1
        self.version = 0

    def put(self, event_id: str, **values: Any) -> dict[str, Any]:
        """Store an event as another device would."""
        self.version += 1
        before = self.events.get(event_id, {"id": event_id, "type": "singleInstance", "showAs": "busy"})
        self.events[event_id] = before | values | {"@odata.etag": f'W/"{self.version}"'}
        self.changes.append(event_id)
        return self.events[event_id]

    def delete(self, event_id: str) -> None:
        self.events.pop(event_id)
        self.changes.append(event_id)

    def answer(self, method: str, path: str, query: dict[str, str], body: Any, headers: Any) -> tuple[int, Any]:
        assert "ImmutableId" in headers.get("Prefer", "") or method == "DELETE"
        if path == f"{BASE}/calendars":
            owner = {"address": "rita@suncoast.example"}
            row = {"id": CALENDAR, "name": "Calendar", "canEdit": True, "isDefaultCalendar": True, "owner": owner}
            return 200, {"value": [row]}
        if path == f"{BASE}/calendars/{CALENDAR}/calendarView/delta":
            return self._delta(query)
        if path == f"{BASE}/calendars/{CALENDAR}/events":
            return self._create(body) if method == "POST" else self._find(query)
        if path.startswith(f"{BASE}/events/"):
            return self._one(method, path.removeprefix(f"{BASE}/events/"), body, headers)
        return 404, {"error": {"code": "ErrorItemNotFound"}}

    def _delta(self, query: dict[str, str]) -> tuple[int, Any]:
        link = f"{self.origin}{BASE}/calendars/{CALENDAR}/calendarView/delta"
        if "$deltatoken" in query:
            since = int(query["$deltatoken"])
            if since <= self.forgotten:
                return 410, {"error": {"code": "SyncStateNotFound"}}
            ids = list(dict.fromkeys(self.changes[since:]))
        elif "$skiptoken" in query:
            ids = query["$skiptoken"].split(",")
        else:
            assert query["startDateTime"] < query["endDateTime"]
            ids = list(self.events)
        rows = [self.events.get(one, {"id": one, "@removed": {"reason": "deleted"}}) for one in ids[:2]]
        page: dict[str, Any] = {"value": rows}
        if ids[2:]:
            page["@odata.nextLink"] = f"{link}?$skiptoken={','.join(ids[2:])}"
        else:
            page["@odata.deltaLink"] = f"{link}?$deltatoken={len(self.changes)}"
        return 200, page

    def _create(self, body: Any) -> tuple[int, Any]:
        return 201, self.put(f"event-{self.version + 1}", **body)

    def _find(self, query: dict[str, str]) -> tuple[int, Any]:
        uids = {
            event["id"]: prop["value"]
            for event in self.events.values()
            for prop in event.get("singleValueExtendedProperties", ())
        }
        return 200, {"value": [{"id": one} for one, uid in uids.items() if f"eq '{uid}'" in query["$filter"]]}

    def _one(self, method: str, event_id: str, body: Any, headers: Any) -> tuple[int, Any]:
        event = self.events.get(event_id)
        if event is None:
            return 404, {"error": {"code": "ErrorItemNotFound"}}
        if method == "GET":
            return 200, event
        if method == "DELETE":
            self.delete(event_id)
            return 204, None
        if headers.get("If-Match") not in (None, event["@odata.etag"]):
            return 412, {"error": {"code": "ErrorIrresolvableConflict"}}
        return 200, self.put(event_id, **body)
