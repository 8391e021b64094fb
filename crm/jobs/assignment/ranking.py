"""Rank the members who may get a piece of work, with a verdict on each. Plain Python, without a database.

The order of docs/rules.md#assignment: whoever is at work, has the skill, the territory and room; who knows the
customer first; then the fewest open, or the next in turn; of equals the one whose last turn is longest ago. If that
finds nobody: the whole team, the fallback team, the last resort.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from crm.jobs.models.assignment.placement import Tier
from crm.jobs.models.assignment.rule import Strategy

# What work that waits on us weighs; loads and limits are counted in it.
WHOLE = 100


class CandidateVerdict(StrEnum):
    """Why a member was kept as a candidate, or not. The values are stored in the log, so they are short."""

    ACTIVE = "active"  # at work, seen lately
    AWAY = "away"  # at work, not seen lately
    OFF = "off"  # outside their working hours
    SKILL = "skill"  # lacks the skill
    TERRITORY = "area"  # works elsewhere
    FULL = "full"  # has as much as they take
    PAUSED = "paused"
    ABSENT = "absent"
    BARRED = "barred"  # their role does not have such work
    GONE = "gone"  # no account any more
    HAD = "had"  # had it, and is to be relieved of it


# Nobody gets work in spite of these.
NEVER = frozenset(
    {
        CandidateVerdict.FULL,
        CandidateVerdict.PAUSED,
        CandidateVerdict.ABSENT,
        CandidateVerdict.BARRED,
        CandidateVerdict.GONE,
        CandidateVerdict.HAD,
    }
)
AT_WORK = (CandidateVerdict.ACTIVE, CandidateVerdict.AWAY)


@dataclass
class AssignmentCandidate:
    """A member as the engine sees them now. `load` and `limit` in hundredths; `turn` is that of their last work."""

    member_id: int
    # ACTIVE, AWAY, OFF, or what keeps all work from them.
    presence: CandidateVerdict = CandidateVerdict.ACTIVE
    skills: frozenset[int] = frozenset()
    territories: frozenset[int] = frozenset()
    load: int = 0
    limit: int | None = None
    turn: int = 0

    @property
    def is_full(self) -> bool:
        return self.limit is not None and self.load >= self.limit


@dataclass(frozen=True)
class AssignmentNeeds:
    """Requirements of a rule for the member who gets a piece of work."""

    team: Collection[int]
    fallback: Collection[int] = ()
    last_resort: int | None = None
    skill: int | None = None
    # The territories that cover the work's address; None: the rule asks for none.
    territories: frozenset[int] | None = None
    # Who knows the customer; None also where the rule is not sticky.
    knows: int | None = None
    # Who has it now and is to be relieved of it.
    had: int | None = None
    strategy: str = Strategy.FEWEST
    waits_for_hours: bool = False


class CandidateLine(NamedTuple):
    """One member considered: the verdict and the load at that time."""

    member_id: int
    verdict: CandidateVerdict
    load: int


@dataclass(frozen=True)
class AssignmentChoice:
    """The chosen member; None: it waits, and `tier` gives the reason. `lines`: all candidates, best first."""

    member_id: int | None
    tier: Tier
    is_sticky: bool = False
    lines: list[CandidateLine] = field(default_factory=list)


def choose(wanted: AssignmentNeeds, pool: Mapping[int, AssignmentCandidate]) -> AssignmentChoice:
    """Choose who gets a piece of work."""
    considered = [JudgedCandidate(pool[pk], _judge_candidate(pool[pk], wanted)) for pk in wanted.team if pk in pool]
    considered.sort(key=lambda judged: _sort_key(judged, wanted))
    for tier, best in _iterate_tiers(wanted, pool, considered):
        if best is None:
            return AssignmentChoice(None, tier, lines=_log_lines(considered))
        others = [judged for judged in considered if judged.candidate is not best.candidate]
        sticky = tier in (Tier.ACTIVE, Tier.AWAY) and best.candidate.member_id == wanted.knows
        return AssignmentChoice(best.candidate.member_id, tier, sticky, _log_lines([best, *others]))
    raise AssertionError("the last tier waits")


class JudgedCandidate(NamedTuple):
    """A candidate and the verdict on them."""

    candidate: AssignmentCandidate
    verdict: CandidateVerdict


def _iterate_tiers(
    wanted: AssignmentNeeds, pool: Mapping[int, AssignmentCandidate], considered: list[JudgedCandidate]
) -> Iterator[tuple[Tier, JudgedCandidate | None]]:
    """Yield the tiers that have a candidate, best first. The candidate is None if the work must wait."""
    # By rank, so those at work stand first, seen lately before the others.
    if considered and considered[0].verdict in AT_WORK:
        yield Tier(considered[0].verdict.value), considered[0]
    if wanted.waits_for_hours and any(judged.verdict is CandidateVerdict.OFF for judged in considered):
        yield Tier.WAITS, None
    if considered and considered[0].verdict not in NEVER:
        yield Tier.TEAM, considered[0]
    fallback = [JudgedCandidate(pool[pk], _judge_candidate(pool[pk], wanted)) for pk in wanted.fallback if pk in pool]
    fallback.sort(key=lambda judged: _sort_key(judged, wanted))
    if fallback and fallback[0].verdict not in NEVER:
        yield Tier.FALLBACK, fallback[0]
    considered += [judged for judged in fallback if judged.candidate.member_id not in wanted.team]
    last = None
    if wanted.last_resort:
        last = pool.get(wanted.last_resort)
    if (
        last is not None
        and last.presence not in (CandidateVerdict.GONE, CandidateVerdict.BARRED)
        and last.member_id != wanted.had
    ):
        # Neither room nor hours are asked: somebody answers for it.
        yield Tier.LAST, JudgedCandidate(last, _judge_candidate(last, wanted))
    yield Tier.NOBODY, None


def _judge_candidate(candidate: AssignmentCandidate, wanted: AssignmentNeeds) -> CandidateVerdict:
    if candidate.member_id == wanted.had:
        return CandidateVerdict.HAD
    if candidate.presence in NEVER:
        return candidate.presence
    if candidate.is_full:
        return CandidateVerdict.FULL
    if wanted.skill is not None and wanted.skill not in candidate.skills:
        return CandidateVerdict.SKILL
    if wanted.territories is not None and candidate.territories.isdisjoint(wanted.territories):
        return CandidateVerdict.TERRITORY
    return candidate.presence


_ORDER = {verdict: at for at, verdict in enumerate(CandidateVerdict)}


def _sort_key(judged: JudgedCandidate, wanted: AssignmentNeeds) -> tuple[int, int, int, int]:
    """Sort key, best first: available members who know the customer, then by verdict, then by the strategy."""
    candidate, verdict = judged
    if candidate.member_id == wanted.knows and verdict in AT_WORK:
        place = -1
    else:
        place = _ORDER[verdict]
    least = 0
    if wanted.strategy == Strategy.FEWEST:
        least = candidate.load
    return place, least, candidate.turn, candidate.member_id


def _log_lines(judged: Iterable[JudgedCandidate]) -> list[CandidateLine]:
    return [CandidateLine(candidate.member_id, verdict, candidate.load) for candidate, verdict in judged]
