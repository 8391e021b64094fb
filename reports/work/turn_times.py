"""Turns: how long leads were with us, with the customer and on hold in the steps they left lately."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from statistics import median
from typing import NamedTuple

from crm.jobs.models import Side, StageVisit
from reports.past.leads import facts_of
from reports.past.replay import ReplayFact, standings

# Stays that are looked at, the latest; and those whose events are in memory at once.
MOST = 20_000
BATCH = 2_000


class Turn(NamedTuple):
    """A period in which it was one side's turn, in elapsed seconds."""

    side: str
    seconds: int


def turns(entered_at: datetime, left_at: datetime, facts: Iterable[ReplayFact]) -> list[Turn]:
    """Return the turns of a stay in a step, in order. The first is ours; a hold belongs to neither side."""
    began: list[tuple[str, datetime]] = []
    within = (fact for fact in facts if entered_at <= fact.at < left_at)
    for at, standing in standings(entered_at, within):
        if standing.paused_at:
            side = str(Side.PAUSED)
        else:
            side = standing.side
        if not began or began[-1][0] != side:
            began.append((side, at))
    ends = [*(at for _side, at in began[1:]), left_at]
    stretches = (Turn(side, int((end - at).total_seconds())) for (side, at), end in zip(began, ends, strict=True))
    return [turn for turn in stretches if turn.seconds > 0]


class Turns(NamedTuple):
    """By step and side, the total seconds and the median of turns; by step (None: all) and side, the leads."""

    spent: dict[int, dict[str, list[int]]]
    leads: dict[tuple[int | None, str], set[int]]


def turns_by_step(since: datetime, until: datetime) -> Turns:
    """Return the turns of the latest stays that ended within a period."""
    rows = StageVisit.objects.filter(left_at__gte=since, left_at__lt=until, stage__isnull=False)
    latest = list(rows.order_by("-left_at").values_list("job_id", "stage_id", "entered_at", "left_at")[:MOST])
    by_step: dict[int, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    leads: dict[tuple[int | None, str], set[int]] = defaultdict(set)
    for begin in range(0, len(latest), BATCH):
        some = latest[begin : begin + BATCH]
        facts = facts_of([job_id for job_id, *_rest in some])
        for job_id, stage_id, entered_at, left_at in some:
            for turn in turns(entered_at, left_at, facts[job_id]):
                by_step[stage_id][turn.side].append(turn.seconds)
                for of in (stage_id, None):
                    leads[of, turn.side].add(job_id)
    spent = {
        stage: {side: [sum(seconds), int(median(seconds))] for side, seconds in sides.items()}
        for stage, sides in by_step.items()
    }
    return Turns(spent, leads)


def shares(sides: Mapping[str, int]) -> dict[str, int]:
    """Return each side's share of the total time in percent; empty if there was none."""
    whole = sum(sides.values())
    if whole:
        return {side: round(100 * seconds / whole) for side, seconds in sides.items()}
    return {}
