"""REST requests to a calendar provider with the tokens of an account, and its errors as CalendarError."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

import requests

from crm.integrations.models.connection_state import CalendarProblem
from crm.integrations.providers.interface import CalendarError
from crm.integrations.providers.oauth import OAuthProvider, OAuthTokens
from crm.platform.http.guarded_session import GuardedSession
from crm.platform.http.public_address import ForbiddenAddress

_WAIT = timedelta(minutes=15)
_LONGEST_WAIT = timedelta(hours=6)
# What a REST provider answers to an event that is gone.
GONE = (404, 410)


class AccessTokens(Protocol):
    """The tokens of an account: OAuthTokens, or a token that never changes."""

    values: dict[str, Any]

    def access_token(self, *, is_refused: bool = False) -> str: ...


class RestClient:
    """A signed-in account at a REST provider. `on_renewal` is called with renewed tokens, at once."""

    def __init__(
        self,
        provider: OAuthProvider,
        secrets: Mapping[str, Any],
        zone: ZoneInfo,
        on_renewal: Callable[[Mapping[str, Any]], object] = lambda values: None,
    ) -> None:
        self.account = ""
        self.zone = zone
        self._session = GuardedSession()
        self._tokens: AccessTokens = OAuthTokens(provider, secrets, self._session, on_renewal)

    @property
    def secrets(self) -> dict[str, Any]:
        return self._tokens.values

    def request(
        self,
        method: str,
        url: str,
        *,
        expected: Collection[int] = (200,),
        params: Mapping[str, Any] | None = None,
        json: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> requests.Response:
        """Send a request. Raises CalendarError for another answer than the expected ones."""
        answer = self._send(method, url, params, json, headers, self._tokens.access_token())
        if answer.status_code == 401:
            answer = self._send(method, url, params, json, headers, self._tokens.access_token(is_refused=True))
        if answer.status_code not in expected:
            raise error_of(answer)
        return answer

    def _send(
        self,
        method: str,
        url: str,
        params: Mapping[str, Any] | None,
        json: Any,
        headers: Mapping[str, str] | None,
        token: str,
    ) -> requests.Response:
        try:
            return self._session.request(
                method,
                url,
                params=params,
                json=json,
                headers={"Authorization": f"Bearer {token}", **(headers or {})},
                allow_redirects=False,
            )
        except ForbiddenAddress as error:
            raise CalendarError(CalendarProblem.ADDRESS, is_passing=False) from error
        except requests.RequestException as error:
            raise CalendarError(CalendarProblem.UNREACHABLE, is_passing=True) from error


def error_of(answer: requests.Response) -> CalendarError:
    """Return the error that an answer means."""
    status = answer.status_code
    is_limit = status == 403 and "imit" in answer.text[:2000]
    if status == 429 or is_limit:
        return CalendarError(CalendarProblem.TOO_MANY, is_passing=True, wait=_wait_of(answer))
    if status in (401, 403):
        return CalendarError(CalendarProblem.SIGN_IN, is_passing=False)
    if status >= 500:
        return CalendarError(CalendarProblem.UNREACHABLE, is_passing=True, wait=_wait_of(answer, timedelta()))
    return CalendarError(CalendarProblem.ANSWER, is_passing=True)


def _wait_of(answer: requests.Response, default: timedelta = _WAIT) -> timedelta:
    seconds = answer.headers.get("Retry-After", "")
    if seconds.isascii() and seconds.isdecimal() and len(seconds) < 8:
        return min(timedelta(seconds=int(seconds)), _LONGEST_WAIT)
    return default


def read_json(answer: requests.Response) -> dict[str, Any]:
    """Return the object of an answer. Raises CalendarError for anything else."""
    try:
        values = answer.json()
    except ValueError as error:
        raise CalendarError(CalendarProblem.ANSWER, is_passing=True) from error
    if not isinstance(values, dict):
        raise CalendarError(CalendarProblem.ANSWER, is_passing=True)
    return values


def iso(at: datetime) -> str:
    """Return an instant as REST providers write it."""
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")
