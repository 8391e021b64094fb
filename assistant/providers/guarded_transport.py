"""GuardedTransport: carries the requests of the model libraries by `crm.platform.http`: public addresses only.

The libraries speak httpx2. Here each of their requests becomes one call with a checked address, no redirect, no proxy,
a limit of time and of size, and the few headers that a model server needs.
"""

import time

import httpx2

from assistant.models import CallVerdict
from assistant.providers.port import LARGEST_ANSWER, SECONDS, ModelFailure
from crm.platform.http.outgoing import NoAnswer, post
from crm.platform.http.public_address import ForbiddenAddress

_HEADERS = ("authorization", "x-api-key", "anthropic-version", "content-type", "accept")


class GuardedTransport(httpx2.BaseTransport):
    """One request to a model's server. `failure`: why it had no answer; the libraries wrap what is raised here."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self.seconds = seconds
        self.failure: ModelFailure | None = None

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send a request. Raises httpx2.TransportError, and sets `failure`, without a usable response."""
        headers = {name: request.headers[name] for name in _HEADERS if name in request.headers}
        began = time.monotonic()
        try:
            answer = post(str(request.url), request.read(), headers, seconds=self.seconds, most=LARGEST_ANSWER + 1)
        except ForbiddenAddress:
            self._fail(CallVerdict.ADDRESS, was_sent=False)
        except NoAnswer as why:
            is_late = time.monotonic() - began >= self.seconds
            self._fail(CallVerdict.SLOW if is_late else CallVerdict.DOWN, was_sent=why.was_sent)
        if len(answer.body) > LARGEST_ANSWER:
            self._fail(CallVerdict.OVERSIZED, was_sent=True)
        kind = answer.headers.get("content-type", "application/json")
        return httpx2.Response(answer.status, headers={"content-type": kind}, content=answer.body, request=request)

    def _fail(self, verdict: CallVerdict, *, was_sent: bool) -> None:
        self.failure = ModelFailure(verdict, was_sent=was_sent)
        raise httpx2.TransportError(str(verdict))
