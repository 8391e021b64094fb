"""Reachability: whether a person may be contacted by a medium now, before there is a message.

The gate's own rules about the recipient decide. Those about the text and the sender wait until there is one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from comms.gate.candidate import SendCandidate
from comms.gate.facts import GateFacts
from comms.gate.recipients import facts_of
from comms.gate.rules import consent, quiet_hours, stops
from comms.gate.verdict import GateCheck
from crm.kernel import clock

RECIPIENT_RULES = (stops, consent, quiet_hours)


@dataclass(frozen=True)
class Reachability:
    """The gate's facts about a recipient, and the result of each rule about them by its key."""

    candidate: SendCandidate
    facts: GateFacts
    checks: Mapping[str, GateCheck]

    @property
    def refusal(self) -> GateCheck | None:
        """The first rule that objects; None if they may be contacted now."""
        return next((check for check in self.checks.values() if not check.passed), None)


def reach_all(candidates: Sequence[SendCandidate], at: datetime | None = None) -> list[Reachability]:
    """Return whether each may be contacted at an instant or now. One query. Stores and locks nothing."""
    facts = facts_of(candidates, at or clock.now())
    return [
        Reachability(candidate, own, {rule.KEY: rule.check(candidate, own) for rule in RECIPIENT_RULES})
        for candidate, own in zip(candidates, facts, strict=True)
    ]
