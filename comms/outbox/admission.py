"""Whether a message may leave: asked of the gate immediately before each attempt."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from comms.models import Message


@dataclass(frozen=True)
class Verdict:
    """What the gate says of a message, and why in words. `headers`: what it adds to a mail (List-Unsubscribe …)."""

    outcome: Literal["send", "defer", "drop", "ask"]
    reason: str = ""
    until: datetime | None = None
    headers: dict[str, str] = field(default_factory=dict)


def decide(message: Message) -> Verdict:
    """Ask the gate."""
    return Verdict("send")
