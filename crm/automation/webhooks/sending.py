"""Send the requests of a webhook: a few at a time, in threads that only wait for the other side."""

import base64
import hashlib
import hmac
import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from contextvars import copy_context
from dataclasses import dataclass
from datetime import datetime

from crm.platform.http.outgoing import KeptConnection, NoAnswer, OutgoingResponse, post
from crm.platform.http.public_address import ForbiddenAddress

# Requests to one webhook at the same time, and seconds that one of them may take.
AT_ONCE = 16
SECONDS = 10
# Seconds after which a batch begins no more requests: a slow webhook gives way to the others.
TURN_SECONDS = 2


@dataclass(frozen=True)
class CallRequest:
    """A signed request of a call."""

    call_id: int
    attempt: int
    url: str
    body: bytes
    headers: Mapping[str, str]
    # Whether the other side recognizes a second one, so that a connection may be kept for several.
    may_repeat: bool


@dataclass(frozen=True)
class CallResult:
    """The result of a request. `answer` is None if it was not sent: an earlier one had failed, or its turn was over."""

    call_id: int
    attempt: int
    answer: OutgoingResponse | ForbiddenAddress | NoAnswer | None
    milliseconds: int

    @property
    def status(self) -> int | None:
        if isinstance(self.answer, OutgoingResponse):
            return self.answer.status
        return None

    @property
    def is_accepted(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def is_trouble(self) -> bool:
        """True if the webhook itself seems not to work, and not only this one request."""
        if self.status is None:
            return self.answer is not None
        return self.status >= 500 or self.status in (408, 410, 429)


def signed_headers(call_uid: str, body: bytes, keys: Sequence[bytes], at: datetime) -> dict[str, str]:
    """Return the headers of a call: id, timestamp, and for each key a signature over both and the body."""
    stamp = str(int(at.timestamp()))
    signed = b".".join((call_uid.encode(), stamp.encode(), body))
    signatures = [base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode() for key in keys]
    return {
        "Content-Type": "application/json",
        "webhook-id": call_uid,
        "webhook-timestamp": stamp,
        "webhook-signature": " ".join(f"v1,{signature}" for signature in signatures),
    }


def send_all(requests: Sequence[CallRequest]) -> list[CallResult]:
    """Send requests to one webhook. Once one finds it in trouble, or its turn is over, no more are begun."""
    is_in_trouble = threading.Event()
    ends = time.monotonic() + TURN_SECONDS
    waiting = deque(requests)

    def send_waiting() -> list[CallResult]:
        """Send one after another what no other thread has begun, over one connection."""
        results = []
        with KeptConnection() as kept, suppress(IndexError):
            while True:
                request = waiting.popleft()
                result = CallResult(request.call_id, request.attempt, None, 0)
                if not is_in_trouble.is_set() and time.monotonic() < ends:
                    result = _send_one(request, kept)
                if result.is_trouble:
                    is_in_trouble.set()
                results.append(result)
        return results

    if len(requests) == 1:
        return send_waiting()
    threads = min(AT_ONCE, len(requests))
    with ThreadPoolExecutor(threads) as pool:
        # Each with a copy of the context, for the time limit around them all.
        sent = [pool.submit(copy_context().run, send_waiting) for _thread in range(threads)]
        return [result for future in sent for result in future.result()]


def _send_one(request: CallRequest, kept: KeptConnection) -> CallResult:
    answer: OutgoingResponse | ForbiddenAddress | NoAnswer
    began = time.monotonic()
    shared = None
    if request.may_repeat:
        shared = kept
    try:
        answer = post(request.url, request.body, request.headers, seconds=SECONDS, kept=shared)
    except (ForbiddenAddress, NoAnswer) as error:
        answer = error
    return CallResult(request.call_id, request.attempt, answer, round((time.monotonic() - began) * 1000))
