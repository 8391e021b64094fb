"""The port to a language model: what is asked, what is answered, and why there is no answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# Seconds for a whole call: less than due work may take (crm/platform/work/due_io.py).
SECONDS = 45
# Bytes of a response at most; an answer of 1 MB is refused unread.
LARGEST_ANSWER = 128 << 10


@dataclass(frozen=True)
class ModelEndpoint:
    """A model at a server, with the key that opens it."""

    provider: str
    base_url: str
    model: str
    key: str = ""


@dataclass(frozen=True)
class ModelPrompt:
    """A request to a model: our rules, fenced texts, and the JSON schema of the answer. `longest`: tokens of that."""

    system: str
    user: str
    schema: Mapping[str, Any]
    longest: int


@dataclass(frozen=True)
class ModelAnswer:
    """The text that a model answered, and the tokens it counted; 0 if it did not say."""

    text: str
    tokens_in: int = 0
    tokens_out: int = 0


class ModelFailure(Exception):
    """A model did not answer; `verdict`: a CallVerdict. `was_sent`: whether it may have read the request."""

    def __init__(self, verdict: str, *, was_sent: bool) -> None:
        super().__init__(verdict)
        self.verdict = verdict
        self.was_sent = was_sent
