"""Verdict: what the gate answers, with every rule that was asked and what it said."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from comms.models.decision import Decision
from comms.stored_words import StoredSentence, Words

Outcome = Decision.Outcome


@dataclass(frozen=True)
class Check:
    """What one rule said. Passed, unless it has an outcome; then `reason` is a code that programs compare."""

    words: Words
    outcome: str = ""
    reason: str = ""
    # Of a message that waits: until when; None: until somebody does something about it.
    until: datetime | None = None

    @property
    def passed(self) -> bool:
        return not self.outcome


@dataclass(frozen=True)
class Verdict:
    """The answer: send, defer, drop or needs_human. `rule` is the one that decided, blank where all passed."""

    outcome: str
    reason: str = ""
    until: datetime | None = None
    rule: str = ""
    checks: tuple[tuple[str, Check], ...] = field(default=(), compare=False)
    purpose: str = ""

    @property
    def may_send(self) -> bool:
        return self.outcome == Outcome.SEND

    @property
    def words(self) -> str:
        """Why, in plain words, in the language in use."""
        if self.checks:
            return StoredSentence(self.checks[-1][1].words)
        return ""

    def stored_checks(self) -> list[dict[str, Any]]:
        """Return what the decision's row keeps of the rules."""
        return [{"rule": rule, "passed": check.passed, **check.words.to_json()} for rule, check in self.checks]
