"""OriginCheck: a higher app's last word on the messages that it has queued, asked with every decision of the gate.

What a sequence queued an hour ago must not leave if the customer has answered a second ago.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from comms.gate.verdict import GateCheck, GateVerdict
from comms.models import Message
from crm.platform import features
from crm.platform.features import Feature

KEY = "origin"


@dataclass(frozen=True, kw_only=True)
class OriginCheck(Feature):
    """The check of messages whose origin begins with a prefix."""

    unique: ClassVar[tuple[str, ...]] = ("prefix",)

    prefix: str
    # By the id of a message, given with the origin of the first one it stands for: why it must not leave now.
    check_messages: Callable[[Mapping[int, str]], Mapping[int, GateCheck]]


def check_origins(messages: Sequence[Message], verdicts: Sequence[GateVerdict]) -> list[GateVerdict]:
    """Return the verdicts, where an app's check says no instead of it. The locks of the decision are held."""
    origins = {message.pk: origin for message in messages if (origin := first_origin(message))}
    checks: dict[int, GateCheck] = {}
    for entry in features.of(OriginCheck):
        if those := {pk: origin for pk, origin in origins.items() if origin.startswith(entry.prefix)}:
            checks |= entry.check_messages(those)
    return [
        _override_verdict(verdict, checks[message.pk]) if message.pk in checks else verdict
        for message, verdict in zip(messages, verdicts, strict=True)
    ]


def first_origin(message: Message) -> str:
    """Return the origin of a message, or of the one that it is sent in place of."""
    first = message
    while first.instead_of is not None:
        first = first.instead_of
    return first.origin


def _override_verdict(verdict: GateVerdict, check: GateCheck) -> GateVerdict:
    checks = (*verdict.checks, (KEY, check))
    return replace(verdict, outcome=check.outcome, reason=check.reason, until=check.until, rule=KEY, checks=checks)
