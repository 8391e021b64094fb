"""The part of Google's Calendar API (v3) that is used, as its reference describes it."""

from typing import Any

from tests.integrations.rest_peer import RestPeer

ACCOUNT = "rita@suncoast.example"


class Google(RestPeer):
    """One primary calendar, with changes numbered for sync tokens, in pages of two."""

    def __init__(self) -> None:
        super().__init__()
        self.events: dict[str, dict[str, Any]] = {}
        self.changes: list[str] = []
        # Tokens up to this one are forgotten: 410.
        self.forgotten = -1
        self.version = 0

    def put(self, event_id: str, **values: Any) -> dict[str, Any]:
        """Store an event as another device would."""
        self.version += 1
        before = self.events.get(event_id, {"id": event_id, "iCalUID": f"{event_id}@google.com", "status": "confirmed"})
        self.events[event_id] = before | values | {"etag": f'"{self.version}"'}
        self.changes.append(event_id)
        return self.events[event_id]

    def delete(self, event_id: str) -> None:
        self.put(event_id, status="cancelled")

    def answer(self, method: str, path: str, query: dict[str, str], body: Any, headers: Any) -> tuple[int, Any]:
        if path == "/v3/users/me/calendarList":
            return 200, {
                "items": [
                    {"id": ACCOUNT, "summary": ACCOUNT, "accessRole": "owner", "primary": True},
                    {"id": "holidays", "summary": "Holidays", "accessRole": "reader"},
                ]
            }
        if not path.startswith(f"/v3/calendars/{ACCOUNT}/events"):
            return 404, {"error": "notFound"}
        event_id = path.removeprefix(f"/v3/calendars/{ACCOUNT}/events").strip("/")
        if not event_id:
            return self._insert(body) if method == "POST" else self._list(query)
        return self._one(method, event_id, body, headers)

    def _insert(self, body: Any) -> tuple[int, Any]:
        if body["id"] in self.events:
            return 409, {"error": "duplicate"}
        if "conferenceData" in body:
            body["hangoutLink"] = f"https://meet.google.com/{body['conferenceData']['createRequest']['requestId'][:8]}"
        return 200, self.put(body["id"], **body)

    def _list(self, query: dict[str, str]) -> tuple[int, Any]:
        since = 0
        if "syncToken" in query:
            if "timeMin" in query:
                return 400, {"error": "timeMin with a sync token"}
            since = int(query["syncToken"])
            if since <= self.forgotten:
                return 410, {"error": "fullSyncRequired"}
            ids = list(dict.fromkeys(self.changes[since:]))
        else:
            ids = [event_id for event_id, event in self.events.items() if event["status"] != "cancelled"]
        start = int(query.get("pageToken", 0))
        page: dict[str, Any] = {"items": [self.events[event_id] for event_id in ids[start : start + 2]]}
        if start + 2 < len(ids):
            page["nextPageToken"] = str(start + 2)
        else:
            page["nextSyncToken"] = str(len(self.changes))
        return 200, page

    def _one(self, method: str, event_id: str, body: Any, headers: Any) -> tuple[int, Any]:
        event = self.events.get(event_id)
        if event is None:
            return 404, {"error": "notFound"}
        if method == "GET":
            return 200, event
        if method == "DELETE":
            if event["status"] == "cancelled":
                return 410, {"error": "deleted"}
            self.delete(event_id)
            return 204, None
        if headers.get("If-Match") not in (None, event["etag"]):
            return 412, {"error": "conditionNotMet"}
        return 200, self.put(event_id, **body)
