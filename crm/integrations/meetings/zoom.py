"""Meetings at Zoom, by its REST interface with server-to-server OAuth: https://developers.zoom.us/docs/api/meetings/."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import requests
from django.conf import settings

from crm.integrations.calendar_items import CalendarItem
from crm.integrations.models import CalendarProblem
from crm.integrations.providers.interface import CalendarError
from crm.integrations.providers.rest import GONE, error_of, iso, read_json
from crm.platform.http.guarded_session import GuardedSession

_SCHEDULED = 2
_MOST_PAGES = 20


class ZoomClient:
    """An organization's app at Zoom. All methods raise CalendarError."""

    def __init__(self, account_id: str, client_id: str, client_secret: str) -> None:
        self._account_id = account_id
        self._credentials = (client_id, client_secret)
        self._session = GuardedSession()
        self._token = ""

    def create(self, host: str, item: CalendarItem) -> tuple[str, str]:
        """Create a meeting of a user, by their email address. Returns its id and the link to join."""
        answer = self._request("POST", f"/users/{quote(host, safe='@')}/meetings", json=_body(item), expected=(201,))
        return _id_and_url(read_json(answer))

    def find(self, host: str, item: CalendarItem) -> tuple[str, str] | None:
        """Return the meeting that was created for an entry; None if there is none."""
        params: dict[str, Any] = {"type": "upcoming", "page_size": 300}
        for _page in range(_MOST_PAGES):
            page = read_json(self._request("GET", f"/users/{quote(host, safe='@')}/meetings", params=params))
            for row in page.get("meetings", ()):
                if item.uid in str(row.get("agenda", "")):
                    return _id_and_url(row)
            params["next_page_token"] = page.get("next_page_token", "")
            if not params["next_page_token"]:
                break
        return None

    def update(self, meeting_id: str, item: CalendarItem) -> bool:
        """Change the time of a meeting. Returns False if it is gone."""
        expected = (200, 204, *GONE)
        answer = self._request("PATCH", f"/meetings/{quote(meeting_id)}", json=_body(item), expected=expected)
        return answer.status_code not in GONE

    def delete(self, meeting_id: str) -> None:
        """Delete a meeting. Idempotent."""
        self._request("DELETE", f"/meetings/{quote(meeting_id)}", expected=(200, 204, *GONE))

    def _request(self, method: str, path: str, *, expected: tuple[int, ...] = (200,), **values: Any) -> Any:
        url = f"{settings.ZOOM_API_URL}{path}"
        answer = self._send(method, url, headers={"Authorization": f"Bearer {self._access_token()}"}, **values)
        if answer.status_code not in expected:
            raise error_of(answer)
        return answer

    def _access_token(self) -> str:
        if not self._token:
            form = {"grant_type": "account_credentials", "account_id": self._account_id}
            answer = self._send("POST", settings.ZOOM_TOKEN_URL, data=form, auth=self._credentials)
            if answer.status_code in (400, 401, 403):
                raise CalendarError(CalendarProblem.SIGN_IN, is_passing=False)
            if answer.status_code != 200:
                raise error_of(answer)
            self._token = str(read_json(answer).get("access_token", ""))
        return self._token

    def _send(self, method: str, url: str, **values: Any) -> requests.Response:
        try:
            return self._session.request(method, url, allow_redirects=False, **values)
        except requests.RequestException as error:
            raise CalendarError(CalendarProblem.UNREACHABLE, is_passing=True) from error


def _body(item: CalendarItem) -> dict[str, Any]:
    return {
        "topic": item.summary[:200],
        "type": _SCHEDULED,
        "start_time": iso(item.starts_at.astimezone(UTC)),
        "duration": _minutes(item.starts_at, item.ends_at),
        "timezone": "UTC",
        # By which it is found again when a worker died after the call.
        "agenda": item.uid,
    }


def _minutes(starts_at: datetime, ends_at: datetime) -> int:
    return int((ends_at - starts_at).total_seconds() // 60)


def _id_and_url(row: dict[str, Any]) -> tuple[str, str]:
    try:
        return str(row["id"]), str(row["join_url"])
    except KeyError as error:
        raise CalendarError(CalendarProblem.ANSWER, is_passing=True) from error
