"""Explain why a member has a piece of work: the placement in words, with all candidates considered."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.jobs.assignment.ranking import AT_WORK, NEVER, CandidateLine, CandidateVerdict
from crm.jobs.models.assignment import AssignmentRule, Placement, Strategy, Tier
from crm.jobs.models.assignment.setup import assignment_setup
from crm.web.timeline.event_words import name_of

# Of more candidates, a page counts the rest.
SHOWN = 12

WHY = {
    Tier.TEAM: gettext_lazy("Nobody who qualifies is at work: assigned to the closest match in the team."),
    Tier.FALLBACK: gettext_lazy("Nobody in the team was available: assigned to the fallback team."),
    Tier.LAST: gettext_lazy("Nobody else was available: assigned to the rule’s fallback person."),
    Tier.RETURNED: gettext_lazy("Returned to them after their absence."),
    Tier.WAITS: gettext_lazy("Waiting for the first person at work."),
    Tier.NOBODY: gettext_lazy("Waiting: nobody has capacity."),
    Tier.NO_RULE: gettext_lazy("Waiting: no rule applies."),
}
VERDICTS = {
    CandidateVerdict.ACTIVE: gettext_lazy("at work, recently active"),
    CandidateVerdict.AWAY: gettext_lazy("at work, not recently active"),
    CandidateVerdict.OFF: gettext_lazy("outside working hours"),
    CandidateVerdict.SKILL: gettext_lazy("lacks the skill"),
    CandidateVerdict.TERRITORY: gettext_lazy("works in another territory"),
    CandidateVerdict.FULL: gettext_lazy("at capacity"),
    CandidateVerdict.PAUSED: gettext_lazy("paused"),
    CandidateVerdict.ABSENT: gettext_lazy("absent"),
    CandidateVerdict.BARRED: gettext_lazy("not permitted to own this"),
    CandidateVerdict.GONE: gettext_lazy("deactivated"),
    CandidateVerdict.HAD: gettext_lazy("previous owner"),
}


@dataclass(frozen=True)
class CandidateWords:
    """A member who was considered, and why they were kept or not."""

    name: str
    words: str
    # What they had open, as a number of a whole piece of work.
    load: float
    is_chosen: bool
    is_kept: bool


@dataclass(frozen=True)
class PlacementWords:
    """A placement in words. `name`: who got it; blank while it waits."""

    name: str
    why: str
    rule: str
    at: Any
    candidates: list[CandidateWords]
    # Candidates that are not listed.
    more: int
    # Who has it now was not chosen by this.
    is_past: bool = False


def explain_placement(placement: Placement, *, holder_id: int | None = None) -> PlacementWords:
    """Return a placement in words. `holder_id`: who has the work now."""
    rule = _find_rule(placement)
    lines = placement.candidates[:SHOWN]
    return PlacementWords(
        name_of(placement.member_id),
        _reason_words(placement, rule),
        rule.name if rule else "",
        placement.at,
        [_candidate_words(placement, *line) for line in lines],
        len(placement.candidates) - len(lines),
        holder_id is not None and holder_id != placement.member_id,
    )


def why(tier: str, *, is_sticky: bool, strategy: str, lines: Sequence[CandidateLine]) -> str:
    """Return a sentence that explains the choice. `lines`: all candidates considered, the chosen one first."""
    if tier in WHY:
        return str(WHY[Tier(tier)])
    if is_sticky:
        return _("Knows the customer, and is at work.")
    return _why_among(lines, strategy)


def _why_among(lines: Sequence[CandidateLine], strategy: str) -> str:
    """Compare the chosen member with the others at work. Recently active members rank before inactive ones."""
    at_work = [line for line in lines[1:] if line.verdict in AT_WORK]
    if not at_work:
        return _("The only one who qualifies and is at work.")
    chosen = lines[0]
    peers = [line for line in at_work if line.verdict == chosen.verdict]
    if not peers:
        return _("The only one who qualifies, is at work and was recently active.")
    lowest = min(line.load for line in peers)
    # A rule that was edited since may have gone by turns then: what they had open decides what is true.
    if strategy == Strategy.ROUND_ROBIN or chosen.load > lowest:
        return _turn_words(len(peers) == len(at_work))
    if chosen.load == lowest:
        return _("Least open work, and the longest since their last turn.")
    if len(peers) < len(at_work):
        return _("Least open work of those who qualify, are at work and were recently active.")
    return _("Least open work of those who qualify and are at work.")


def _turn_words(is_among_all: bool) -> str:
    if is_among_all:
        return _("Next in turn of those who qualify and are at work.")
    return _("Next in turn of those who qualify, are at work and were recently active.")


def _reason_words(placement: Placement, rule: AssignmentRule | None) -> str:
    if placement.tier == Tier.COVER:
        away = placement.absence
        return _("Covers for %(name)s, who is absent.") % {"name": name_of(away.member_id if away else None)}
    lines = [
        CandidateLine(member_id, CandidateVerdict(verdict), load) for member_id, verdict, load in placement.candidates
    ]
    if rule:
        strategy = rule.strategy
    else:
        strategy = Strategy.FEWEST
    return why(placement.tier, is_sticky=placement.is_sticky, strategy=strategy, lines=lines)


def _find_rule(placement: Placement) -> AssignmentRule | None:
    rules = assignment_setup().rules.get(placement.kind, ())
    return next((rule for rule in rules if rule.pk == placement.rule_id), None)


def _candidate_words(placement: Placement, member_id: int, verdict: str, load: int) -> CandidateWords:
    chosen = member_id == placement.member_id
    return CandidateWords(
        name_of(member_id),
        str(VERDICTS[CandidateVerdict(verdict)]),
        load / 100,
        chosen,
        chosen or CandidateVerdict(verdict) not in NEVER,
    )
