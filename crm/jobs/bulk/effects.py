"""Preview a bulk action in words and counts: "23 move to Quote sent, 4 are there"."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple, Protocol

from django.utils.translation import ngettext


class BulkOutcome(StrEnum):
    CHANGES = "changes"
    ALREADY = "already"
    ENDED = "ended"
    ELSEWHERE = "elsewhere"
    UNACCEPTED = "unaccepted"
    BLOCKED = "blocked"


class BulkVerdict(NamedTuple):
    """What happens to one lead; `name`: its new value, or why it cannot change."""

    outcome: BulkOutcome
    name: str = ""
    # What its step warns of, and it goes on all the same.
    despite: str = ""


class JobLike(Protocol):
    """The columns an action needs of a job, or of a row of values."""

    pk: int
    pipeline_id: int
    stage_id: int | None
    state: str
    member_id: int | None
    priority: int
    awaits_acceptance: bool


COLUMNS = ("pk", "pipeline_id", "stage_id", "state", "member_id", "priority", "awaits_acceptance")


@dataclass
class BulkEffect:
    """How many leads change to what, and how many do not change, and why."""

    changes: Counter[str] = field(default_factory=Counter)
    already: int = 0
    ended: int = 0
    unaccepted: int = 0
    elsewhere: Counter[str] = field(default_factory=Counter)
    # By what is missing: those that stay for it, and those that go on despite it.
    blocked: Counter[str] = field(default_factory=Counter)
    despite: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, verdicts: Iterable[BulkVerdict]) -> "BulkEffect":
        effect = cls()
        for (outcome, name, despite), count in Counter(verdicts).items():
            if outcome == BulkOutcome.CHANGES:
                effect.changes[name] += count
                if despite:
                    effect.despite[despite] += count
            elif outcome == BulkOutcome.BLOCKED:
                effect.blocked[name] += count
            elif outcome == BulkOutcome.ELSEWHERE:
                effect.elsewhere[name] += count
            elif outcome == BulkOutcome.ENDED:
                effect.ended += count
            elif outcome == BulkOutcome.UNACCEPTED:
                effect.unaccepted += count
            else:
                effect.already += count
        return effect

    def staying(self) -> list[str]:
        """Describe in sentences how many leads do not change, and why."""
        sentences = []
        if self.already:
            words = ngettext("%(count)s needs no change.", "%(count)s need no change.", self.already)
            sentences.append(words % {"count": self.already})
        if self.ended:
            words = ngettext(
                "%(count)s has ended and stays as it is.", "%(count)s have ended and stay as they are.", self.ended
            )
            sentences.append(words % {"count": self.ended})
        if self.unaccepted:
            words = ngettext(
                "%(count)s stays: it is sold, and service has not accepted it yet.",
                "%(count)s stay: they are sold, and service has not accepted them yet.",
                self.unaccepted,
            )
            sentences.append(words % {"count": self.unaccepted})
        for name, count in self.despite.most_common():
            words = ngettext(
                "%(count)s of them goes on despite: %(missing)s.",
                "%(count)s of them go on despite: %(missing)s.",
                count,
            )
            sentences.append(words % {"count": count, "missing": name})
        for name, count in self.blocked.most_common():
            words = ngettext(
                "%(count)s stays, its step asks for more: %(missing)s.",
                "%(count)s stay, their steps ask for more: %(missing)s.",
                count,
            )
            sentences.append(words % {"count": count, "missing": name})
        for name, count in self.elsewhere.most_common():
            words = ngettext(
                "%(count)s stays: “%(name)s” has no such step.", "%(count)s stay: “%(name)s” has no such step.", count
            )
            sentences.append(words % {"count": count, "name": name})
        return sentences
