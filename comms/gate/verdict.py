"""GateVerdict: the answer of the gate, with the result of every rule."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from comms.models.decision import Decision
from comms.stored_words import StoredSentence, StoredWords

Outcome = Decision.Outcome


@dataclass(frozen=True)
class GateCheck:
    """The result of one rule. Passed unless it has an outcome; `reason` is its code."""

    words: StoredWords
    outcome: str = ""
    reason: str = ""
    # Of a message that waits: until when; None: until somebody does something about it.
    until: datetime | None = None

    @property
    def passed(self) -> bool:
        return not self.outcome


@dataclass(frozen=True)
class GateVerdict:
    """The answer: send, defer, drop or needs_human. `rule`: the deciding one, blank if all passed."""

    outcome: str
    reason: str = ""
    until: datetime | None = None
    rule: str = ""
    checks: tuple[tuple[str, GateCheck], ...] = field(default=(), compare=False)
    purpose: str = ""

    @property
    def may_send(self) -> bool:
        return self.outcome == Outcome.SEND

    @property
    def words(self) -> str:
        """The reason in plain words, in the language in use."""
        if self.checks:
            return StoredSentence(self.checks[-1][1].words)
        return ""

    def stored_checks(self) -> list[dict[str, Any]]:
        """Return the results of the rules as stored with the decision."""
        return [{"rule": rule, "passed": check.passed, **check.words.to_json()} for rule, check in self.checks]
