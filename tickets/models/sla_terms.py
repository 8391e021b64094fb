"""Response times as plain values: the policy of a ticket and its targets. No database.

Policies are read from the top; the first whose conditions match wins
(docs/rules.md#tickets). The default matrix is below them all.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from crm.jobs.models.job_record import Priority
from tickets.models.metric import Metric

HOUR = 3600
# The default matrix (docs/rules.md#defaults): hours in which we answer, by priority.
MATRIX = {Priority.URGENT: 1, Priority.HIGH: 4, Priority.NORMAL: 24, Priority.LOW: 48}
# Calendar hours after which a silent customer is asked again.
NUDGE = 72


class Target(NamedTuple):
    """Seconds allowed for a promise, counted around the clock or in the brand's working hours."""

    seconds: int
    working_hours: bool = False


Targets = Mapping[tuple[str, int], Target]


@dataclass(frozen=True)
class Case:
    """Attributes of a ticket that policies match on."""

    brand_id: int
    priority: int
    channel: str = ""
    team_id: int | None = None
    is_partner: bool = False
    # What its tags mean (crm/jobs/models/tag.py).
    tags: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Conditions:
    """Conditions of an SLA policy; an empty one matches every ticket."""

    brand_id: int | None = None
    channel: str = ""
    priorities: frozenset[int] = frozenset()
    team_id: int | None = None
    partners_only: bool = False
    tag_id: int | None = None

    def match(self, case: Case) -> bool:
        """True if a ticket meets the conditions."""
        return (
            self.brand_id in (None, case.brand_id)
            and self.channel in ("", case.channel)
            and (not self.priorities or case.priority in self.priorities)
            and self.team_id in (None, case.team_id)
            and (case.is_partner or not self.partners_only)
            and (self.tag_id is None or self.tag_id in case.tags)
        )


@dataclass(frozen=True)
class Policy:
    """A policy: its conditions, and targets by promise and priority."""

    name: str = ""
    conditions: Conditions = Conditions()
    targets: Targets = field(default_factory=dict)
    nudge_seconds: int = NUDGE * HOUR
    # A ticket that it is about is at least so urgent.
    raises_to: int | None = None

    def promises(self, priority: int) -> dict[Metric, Target]:
        """Return the targets at a priority."""
        targets = {metric: self.targets.get((metric.value, priority)) for metric in Metric}
        return {metric: target for metric, target in targets.items() if target}

    def turn(self, priority: int) -> Target:
        """Return the time allowed for our move if nothing else is promised: as for a reply, else a day."""
        promised = self.promises(priority)
        return promised.get(Metric.NEXT_REPLY) or promised.get(Metric.FIRST_REPLY) or Target(24 * HOUR)


def default_matrix(*, working_hours: bool = False) -> dict[tuple[str, int], Target]:
    """Return the default matrix: first and next reply by priority."""
    targets = {rank: Target(hours * HOUR, working_hours) for rank, hours in MATRIX.items()}
    metrics = (Metric.FIRST_REPLY, Metric.NEXT_REPLY)
    return {(metric.value, rank): target for metric in metrics for rank, target in targets.items()}


# What holds where no policy matches.
LAST = Policy(targets=default_matrix())


def choose_policy(policies: Iterable[Policy], case: Case) -> Policy:
    """Return the first policy that matches."""
    return next((policy for policy in policies if policy.conditions.match(case)), LAST)
