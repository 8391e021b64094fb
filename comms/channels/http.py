"""Calls to providers over HTTP: one session, timeouts, and what an error means for the message.

A call that never left is Transient; one that left and got no answer, or a gateway's, is Unknown, unless the provider
tells a repeated call by its key (`repeatable`): then it is tried again.
"""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Any, NoReturn

import requests
from urllib3.exceptions import HTTPError

from comms.channels.interface import Permanent, Transient, Unknown
from comms.stored_words import stored_gettext as _
from crm.kernel import clock
from crm.kernel.whole_numbers import read_number
from crm.platform.http import outgoing
from crm.platform.http.public_address import ForbiddenAddress

# Seconds to connect, to answer, and for a whole answer, however slowly it comes.
TIMEOUT = (5, 20)
WHOLE = 60
# A pause longer than this is the provider's mistake.
LONGEST_PAUSE = timedelta(hours=6)
# An answer larger than this is not one of a provider's API.
LARGEST_ANSWER = 1 << 20
LARGEST_FILE = 64 << 20
PIECE = 64 << 10
NOT_TAKEN = {429, 500, 503}
IN_BETWEEN = {408, 502, 504}


def call(
    method: str,
    url: str,
    *,
    repeatable: bool = False,
    errors: Callable[[dict[str, Any]], None] | None = None,
    **kwargs: Any,
) -> requests.Response:
    """Make one request and return an answer below 300. Raises Transient, Permanent or Unknown.

    `repeatable`: the call carries an idempotency key, or only reads, so that nothing happens twice by trying again.
    `errors`: raises what the JSON of a refusal means, where the provider's own codes say more than the status.
    """
    try:
        response = _request(method, url, LARGEST_ANSWER, **kwargs)
    except requests.RequestException as error:
        raise_for(error, repeatable=repeatable)
    if errors and 400 <= response.status_code < 500 and response.status_code not in NOT_TAKEN:
        errors(json_of(response))
    check_status(response.status_code, response.headers, words_of(response), repeatable=repeatable)
    return response


def download(url: str, **kwargs: Any) -> bytes:
    """Return the bytes of a file at a provider, or behind one redirect of its. Raises Transient or Permanent."""
    try:
        response = _request("GET", url, LARGEST_FILE, **kwargs)
        elsewhere = ""
        if response.is_redirect:
            elsewhere = response.headers.get("Location", "")
    except requests.RequestException as error:
        raise_for(error, repeatable=True)
    if elsewhere.startswith(("https://", "http://")):
        return _download_elsewhere(elsewhere)
    check_status(response.status_code, response.headers, "", repeatable=True)
    if len(response.content) > LARGEST_FILE:
        raise Permanent(_("The file is too large."))
    return response.content


def _download_elsewhere(url: str) -> bytes:
    """Return the bytes of a file that a provider sent us on for: from the public network, telling nobody who we are."""
    try:
        answer = outgoing.get(url, seconds=WHOLE, most=LARGEST_FILE + 1)
    except ForbiddenAddress as error:
        raise Permanent(str(error)) from error
    except outgoing.NoAnswer as error:
        raise Transient(str(error)) from error
    check_status(answer.status, answer.headers, "", repeatable=True)
    if len(answer.body) > LARGEST_FILE:
        raise Permanent(_("The file is too large."))
    return answer.body


def raise_for(error: Exception, *, repeatable: bool = False) -> NoReturn:
    """Raise what an error of a library that uses requests means for the message."""
    never_left = isinstance(error, requests.ConnectTimeout | requests.exceptions.SSLError) or _never_left(error)
    if never_left or repeatable:
        raise Transient(_("The provider could not be reached.")) from None
    raise Unknown(_("The provider did not answer.")) from None


def check_status(status: int, headers: Mapping[str, str], words: str, *, repeatable: bool = False) -> None:
    """Raise what an HTTP status means; below 300 nothing."""
    if status < 300:
        return
    if words:
        said = f"{status}: {words}"
    else:
        said = f"It answered {status}"
    if status in NOT_TAKEN or (status in IN_BETWEEN and repeatable):
        raise Transient(said, after=retry_after(headers), code=str(status))
    if status in IN_BETWEEN or status >= 500:
        raise Unknown(said)
    raise Permanent(said, code=str(status))


def retry_after(headers: Mapping[str, str]) -> timedelta | None:
    """Return the pause a Retry-After header asks for, in seconds or as a date; None without a usable one."""
    text = (headers.get("Retry-After") or headers.get("retry-after", "")).strip()[:64]
    seconds = read_number(text)
    if seconds is not None:
        pause = timedelta(seconds=min(seconds, LONGEST_PAUSE.total_seconds()))
    else:
        try:
            pause = parsedate_to_datetime(text) - clock.now()
        except (TypeError, ValueError, OverflowError):
            return None
    return min(max(pause, timedelta()), LONGEST_PAUSE)


def words_of(response: requests.Response) -> str:
    """Return what an answer says went wrong: the message of its JSON, shortened; never a page of HTML."""
    payload = json_of(response)
    for key in ("message", "detail", "description", "error_message", "title"):
        for place in (payload, payload.get("error"), _first(payload.get("errors"))):
            if isinstance(place, dict) and isinstance(place.get(key), str):
                return str(place[key])[:200]
    return ""


def json_of(response: requests.Response) -> dict[str, Any]:
    """Return the JSON object of an answer; {} for anything else."""
    try:
        payload = json.loads(response.content)
    except (ValueError, RecursionError):
        return {}
    if isinstance(payload, dict):
        return payload
    return {}


def _first(values: Any) -> Any:
    if isinstance(values, list) and values:
        return values[0]
    return None


def _request(method: str, url: str, most: int, **kwargs: Any) -> requests.Response:
    """Make a request, reading a little more of its answer than `most` bytes at most, and for so long at most."""
    ends = time.monotonic() + WHOLE
    with requests.Session() as session:
        response = session.request(method, url, timeout=TIMEOUT, allow_redirects=False, stream=True, **kwargs)
        body = bytearray()
        for piece in _pieces(response):
            body += piece
            if len(body) > most:
                break
            if time.monotonic() > ends:
                raise requests.ReadTimeout
        response._content = bytes(body)
        return response


def _pieces(response: requests.Response) -> Iterator[bytes]:
    """Yield what an answer holds as it comes in, never waiting for a piece to be full."""
    try:
        while piece := response.raw.read1(PIECE, decode_content=True):
            yield piece
    except HTTPError as error:
        raise requests.ConnectionError(error) from error


def _never_left(error: Exception) -> bool:
    """Tell whether no connection came about at all, so that nobody has the request."""
    cause = None
    if error.args:
        cause = error.args[0]
    reason = getattr(cause, "reason", cause)
    return type(reason).__name__ in {"NewConnectionError", "ConnectTimeoutError", "NameResolutionError"}
