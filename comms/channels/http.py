"""HTTP calls to providers: one session, timeouts, and the meaning of errors for the message.

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
    """Send a request and return a response below 300. Raises Transient, Permanent or Unknown.

    `repeatable`: the call carries an idempotency key, or only reads, so that nothing happens twice by trying again.
    `errors`: raises what the JSON of a refusal means, where the provider's own codes say more than the status.
    """
    try:
        response = _send_request(method, url, LARGEST_ANSWER, **kwargs)
    except requests.RequestException as error:
        raise_for(error, repeatable=repeatable)
    if errors and 400 <= response.status_code < 500 and response.status_code not in NOT_TAKEN:
        errors(json_of(response))
    check_status(response.status_code, response.headers, words_of(response), repeatable=repeatable)
    return response


def download(url: str, **kwargs: Any) -> bytes:
    """Return the bytes of a provider's file, following one redirect. Raises Transient or Permanent."""
    try:
        response = _send_request("GET", url, LARGEST_FILE, **kwargs)
        elsewhere = ""
        if response.is_redirect:
            elsewhere = response.headers.get("Location", "")
    except requests.RequestException as error:
        raise_for(error, repeatable=True)
    if elsewhere.startswith(("https://", "http://")):
        return download_public(elsewhere)
    check_status(response.status_code, response.headers, "", repeatable=True)
    if len(response.content) > LARGEST_FILE:
        raise Permanent(_("The file is too large."))
    return response.content


def download_public(url: str) -> bytes:
    """Download a file from a public address, without credentials. Raises Transient or Permanent."""
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
    """Raise the meaning of an exception of a library that uses requests."""
    never_left = isinstance(error, requests.ConnectTimeout | requests.exceptions.SSLError) or _never_left(error)
    if never_left or repeatable:
        raise Transient(_("The provider could not be reached.")) from None
    raise Unknown(_("The provider did not answer.")) from None


def check_status(status: int, headers: Mapping[str, str], words: str, *, repeatable: bool = False) -> None:
    """Raise the meaning of an HTTP status; none below 300."""
    if status < 300:
        return
    if words:
        description = f"{status}: {words}"
    else:
        description = f"It answered {status}"
    if status in NOT_TAKEN or (status in IN_BETWEEN and repeatable):
        raise Transient(description, after=retry_after(headers), code=str(status))
    if status in IN_BETWEEN or status >= 500:
        raise Unknown(description)
    raise Permanent(description, code=str(status))


def retry_after(headers: Mapping[str, str]) -> timedelta | None:
    """Return the pause of a Retry-After header, in seconds or as a date; None without a usable one."""
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
    """Return the error message of a JSON response, shortened; never a page of HTML."""
    payload = json_of(response)
    for key in ("message", "detail", "description", "error_message", "title"):
        for place in (payload, payload.get("error"), _first_value(payload.get("errors"))):
            if isinstance(place, dict) and isinstance(place.get(key), str):
                return str(place[key])[:200]
    return ""


def json_of(response: requests.Response) -> dict[str, Any]:
    """Return the JSON object of a response; {} for anything else."""
    try:
        payload = json.loads(response.content)
    except (ValueError, RecursionError):
        return {}
    if isinstance(payload, dict):
        return payload
    return {}


def _first_value(values: Any) -> Any:
    if isinstance(values, list) and values:
        return values[0]
    return None


def _send_request(method: str, url: str, most: int, **kwargs: Any) -> requests.Response:
    """Send a request and read at most `most` bytes of the response within the time limit."""
    ends = time.monotonic() + WHOLE
    with requests.Session() as session:
        response = session.request(method, url, timeout=TIMEOUT, allow_redirects=False, stream=True, **kwargs)
        body = bytearray()
        for piece in _read_pieces(response):
            body += piece
            if len(body) > most:
                break
            if time.monotonic() > ends:
                raise requests.ReadTimeout
        response._content = bytes(body)
        return response


def _read_pieces(response: requests.Response) -> Iterator[bytes]:
    """Yield the response as it arrives, without waiting for a full block."""
    try:
        while piece := response.raw.read1(PIECE, decode_content=True):
            yield piece
    except HTTPError as error:
        raise requests.ConnectionError(error) from error


def _never_left(error: Exception) -> bool:
    """True if no connection was made, so that the request can't have been received."""
    cause = None
    if error.args:
        cause = error.args[0]
    reason = getattr(cause, "reason", cause)
    return type(reason).__name__ in {"NewConnectionError", "ConnectTimeoutError", "NameResolutionError"}
