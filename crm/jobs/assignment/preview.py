"""Preview a rule on recent rows of its kind: who would get each row, and why. Nothing is assigned.

As if nobody had anything open before the first of them, and everybody at work had been seen lately: the hours, the
absences and the pauses are those of the instant each row came in at.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from crm.jobs.assignment.engine import rule_for
from crm.jobs.assignment.explanation import why
from crm.jobs.assignment.pool import Pool
from crm.jobs.assignment.ranking import AssignmentCandidate
from crm.jobs.assignment.work import AssignableWork
from crm.jobs.models.assignment import AssignmentPolicy, AssignmentRule
from crm.jobs.models.assignment.setup import assignment_setup
from crm.kernel import clock
from crm.web.timeline.event_words import name_of

ROWS = 100


@dataclass(frozen=True)
class RulePreview:
    """Result of a rule preview. `asked`: number of rows tried; `matched`: number of rows the rule applies to."""

    asked: int
    matched: int
    # Name and how many, most first; those that would have waited are not among them.
    members: list[tuple[str, int]]
    # Why and how many, most first.
    reasons: list[tuple[str, int]]


def preview(work: AssignableWork, rule: AssignmentRule) -> RulePreview:
    """Preview a saved or unsaved rule at its position among the others; a disabled one as if it were enabled."""
    others = [other for other in assignment_setup().rules_of(work.kind) if other.pk != rule.pk]
    if rule.pk:
        position = rule.position
    else:
        position = len(others)
    order = [*(one for one in others if one.position < position), rule]
    facts = list(reversed(work.facts(list(work.recent(ROWS)))))
    mine = [one for one in facts if rule_for(one, order) is rule]
    members = Counter[int]()
    reasons = Counter[str]()
    policy = assignment_setup().policies.get(work.kind) or AssignmentPolicy(kind=work.kind)
    before: dict[int, AssignmentCandidate] = {}
    turns = 0
    for one in mine:
        pool = Pool.at_instant(work, policy, one.came_at or clock.now())
        _carry_loads(pool, before, turns)
        choice = pool.choose_for(one, rule)
        before = pool.candidates
        turns = pool.last_turn
        reason = why(choice.tier, is_sticky=choice.is_sticky, strategy=rule.strategy, lines=choice.lines)
        reasons[reason] += 1
        if choice.member_id is not None:
            members[choice.member_id] += 1
    return RulePreview(len(facts), len(mine), _name_counts(members), reasons.most_common())


def _carry_loads(pool: Pool, before: dict[int, AssignmentCandidate], turns: int) -> None:
    """Add the loads assigned by the previous rows to the members."""
    pool.last_turn = turns
    for pk, candidate in before.items():
        pool.candidates[pk].load = candidate.load
        pool.candidates[pk].turn = candidate.turn


def _name_counts(members: Counter[int]) -> list[tuple[str, int]]:
    named: Sequence[tuple[str, int]] = [(name_of(pk), count) for pk, count in members.items()]
    return sorted(named, key=lambda pair: (-pair[1], pair[0]))
