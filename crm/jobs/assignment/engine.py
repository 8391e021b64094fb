"""Assign work to members by the rules: one new row, or a queue in batches, by several workers concurrently.

Rows are claimed first (a worker skips those another has), then the kind's policy is locked: from there to the commit
nobody else chooses for this kind, so loads and turns are true, and nobody gets two turns. Both orders are the same
everywhere, so two never wait for each other.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Q

from crm.jobs.assignment.pool import Pool
from crm.jobs.assignment.ranking import AssignmentChoice
from crm.jobs.assignment.retention import forget_later
from crm.jobs.assignment.work import AssignableWork, WorkFacts, work_of
from crm.jobs.models.assignment import Absence, AssignmentPolicy, AssignmentRule, Placement, Tier
from crm.jobs.models.assignment.setup import assignment_setup
from crm.platform.database import bulk_write
from crm.platform.models import Member

BATCH = 500
# A drain passes by so many rows that nobody can take before it gives up until the next one.
PASSED = 20_000
# The causes that events of assignments name.
BY_RULE = "rule"
BY_ABSENCE = "absence"
BACK_FROM_ABSENCE = "back"
UNANSWERED = "unanswered"


@transaction.atomic
def assign(kind: str, row: Any) -> Placement | None:
    """Assign one row by the rules, or leave it waiting. Return the decision; None if there are no rules.

    The row is locked by the caller. Call it last: until the commit nobody else chooses for the kind.
    """
    work = work_of(kind)
    if assignment_setup().rules_of(kind):
        return place(work, [row])[0]
    return None


def drain(kind: str, *, most: int | None = None) -> int:
    """Assign waiting rows, the oldest due first; return how many were assigned.

    `most` ends it after so many: until the caller's transaction ends, others who give out this kind wait. Any number
    of workers may drain one kind at once, each with `most` in a transaction of its own.
    """
    work = work_of(kind)
    drained = Drained()
    if not assignment_setup().rules_of(kind):
        return 0
    while (most is None or drained.placed < most) and len(drained.passed) < PASSED:
        if not _drain_batch(work, drained):
            break
    return drained.placed


@dataclass
class Drained:
    """Progress of a drain: the number of rows placed, and the ids of rows that no member could take."""

    placed: int = 0
    passed: list[int] = field(default_factory=list)


@transaction.atomic
def _drain_batch(work: AssignableWork, drained: Drained) -> bool:
    if drained.passed:
        waiting = work.queue().exclude(pk__in=drained.passed)
    else:
        waiting = work.queue()
    rows = list(waiting.select_for_update(skip_locked=True, of=("self",))[:BATCH])
    for row, placement in zip(rows, place(work, rows), strict=True):
        if placement.member_id is None:
            drained.passed.append(row.pk)
        else:
            drained.placed += 1
    return bool(rows)


@transaction.atomic
def place(
    work: AssignableWork,
    rows: Sequence[Any],
    *,
    relieve: bool = False,
    absence: Absence | None = None,
    cause: str = BY_ABSENCE,
) -> list[Placement]:
    """Assign locked rows by the rules; return the decisions row by row.

    `relieve`: those who have them do not get them again; what nobody else takes is nobody's, and waits in the queue.
    `cause`: what the events name, of what is relieved.
    """
    if not rows:
        return []
    work_facts = work.facts(rows)
    if relieve:
        gave_back = {}
    else:
        gave_back = _gave_back(work, rows)
    pool = Pool.of_now(work, _lock_policy(work.kind))
    placements = []
    assigned = list[tuple[Any, Member | None]]()
    for facts in work_facts:
        rule = rule_for(facts, assignment_setup().rules_of(work.kind))
        choice = AssignmentChoice(None, Tier.NO_RULE)
        if rule is not None:
            if relieve:
                had = facts.member_id
            else:
                had = gave_back.get(facts.row.pk)
            choice = pool.choose_for(facts, rule, relieve=had)
        placements.append(_build_placement(work, facts, rule, choice, absence))
        if choice.member_id is not None or relieve:
            assigned.append((facts.row, pool.here.members[choice.member_id] if choice.member_id else None))
    if assigned:
        work.assign_all(assigned, cause if relieve else BY_RULE)
    pool.save_turns()
    log(work, placements)
    return placements


def _gave_back(work: AssignableWork, rows: Sequence[Any]) -> dict[int, int | None]:
    """Return by row the last member who gave it back: they do not get it again.

    What an absence took from somebody, they did not give back.
    """
    was_decided = Q(member__isnull=False) | Q(absence__isnull=False)
    last = Placement.objects.filter(was_decided).latest_of(work.kind, [row.pk for row in rows])
    return dict(last.values_list("subject_id", "member_id"))


def rule_for(facts: WorkFacts, rules: Sequence[AssignmentRule]) -> AssignmentRule | None:
    """Return the first rule that applies to a row."""
    return next((rule for rule in rules if is_about(rule, facts)), None)


def is_about(rule: AssignmentRule, facts: WorkFacts) -> bool:
    """Return True if a rule's conditions hold for a row."""
    return rule.matches(
        brand_id=facts.brand_id,
        priority=facts.priority,
        channel=facts.channel,
        source_id=facts.source_id,
        pipeline_id=facts.pipeline_id,
        work_type=facts.work_type,
        tag_ids=facts.tag_ids,
        value=facts.value,
        is_sold=facts.is_sold,
    )


def _lock_policy(kind: str) -> AssignmentPolicy:
    """Lock the kind's policy until the transaction ends."""
    locked = AssignmentPolicy.objects.select_for_update(no_key=True)
    policy: AssignmentPolicy = locked.filter(kind=kind).first() or AssignmentPolicy.of(kind)
    return policy


def _build_placement(
    work: AssignableWork,
    facts: WorkFacts,
    rule: AssignmentRule | None,
    choice: AssignmentChoice,
    absence: Absence | None,
) -> Placement:
    return Placement(
        kind=work.kind,
        subject_id=facts.row.pk,
        member_id=choice.member_id,
        rule_id=rule.pk if rule else None,
        absence_id=absence.pk if absence else None,
        tier=choice.tier,
        is_sticky=choice.is_sticky,
        candidates=[list(line) for line in choice.lines],
    )


def log(work: AssignableWork, placements: Sequence[Placement]) -> None:
    """Record the decision. A row that still waits for the same reason is not recorded again."""
    waiting = [one.subject_id for one in placements if one.member_id is None]
    last_tiers = {}
    if waiting:
        last_tiers = dict(Placement.objects.latest_of(work.kind, waiting).values_list("subject_id", "tier"))
    news = [one for one in placements if one.member_id is not None or last_tiers.get(one.subject_id) != one.tier]
    bulk_write.insert_all(Placement, [bulk_write.values_of(one) for one in news])
    if news:
        forget_later()
