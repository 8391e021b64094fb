"""Reassign an absent member's open replies to their cover, or by the rules, and return them afterwards."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from crm.jobs.assignment import engine
from crm.jobs.assignment.pool import Pool
from crm.jobs.assignment.ranking import CandidateVerdict
from crm.jobs.assignment.wake import drain_all_soon
from crm.jobs.assignment.work import AssignableWork, kinds, work_of
from crm.jobs.models.assignment import Absence, AssignmentPolicy, Placement, Tier
from crm.jobs.models.assignment.setup import assignment_setup
from crm.kernel import clock
from crm.platform.models import Member
from crm.platform.organization.configuration import directory


def begin(absence_ids: Sequence[int]) -> None:
    """Reassign work that awaits our action, for members whose absence begins. Idempotent."""
    now = clock.now()
    for absence in Absence.objects.filter(pk__in=absence_ids, began_at=None).order_by("pk"):
        if absence.is_on(now):
            absence.began_at = now
            absence.save(update_fields=["began_at"])
            member = directory().members[absence.member_id]
            for work in kinds():
                _reassign_rows(work, work.model.lock_all(work.held(member)), absence)


def end(absence_ids: Sequence[int]) -> None:
    """Return the still open work of the absence to the member, and drain the queues as they are available again."""
    now = clock.now()
    ended = Absence.objects.filter(pk__in=absence_ids, began_at__isnull=False, ends_at__lte=now)
    for absence in ended.filter(gives_back=True).order_by("pk"):
        for work in kinds():
            _give_back(work, absence)
    drain_all_soon()


@transaction.atomic
def relieve(kind: str, row: Any) -> None:
    """Reassign one row whose member is absent now, e.g. when the customer replies to them. Other rows stay.

    The row is locked by the caller, and waits on us. Call it last, as `engine.assign`.
    """
    work = work_of(kind)
    facts = work.facts([row])[0]
    absence = None
    if facts.member_id:
        absence = assignment_setup().absence_of(facts.member_id, clock.now())
    if absence is not None:
        _reassign_rows(work, [row], absence)


def _reassign_rows(work: AssignableWork, rows: Sequence[Any], absence: Absence) -> None:
    waits_on_us = []
    if rows:
        waits_on_us = [facts for facts in work.facts(rows) if not facts.is_waiting]
    moved = [facts.row for facts in waits_on_us]
    cover = _available_cover(work, absence)
    if moved and cover is not None:
        _assign_rows(work, moved, cover, absence, Tier.COVER, engine.BY_ABSENCE)
    elif moved and assignment_setup().rules_of(work.kind):
        engine.place(work, moved, relieve=True, absence=absence)


def _available_cover(work: AssignableWork, absence: Absence) -> Member | None:
    """Return the covering member, unless they are absent too or may not have such work."""
    cover = None
    if absence.cover_id:
        cover = directory().members.get(absence.cover_id)
    if cover is None:
        return None
    pool = Pool(work, AssignmentPolicy(kind=work.kind), clock.now(), {})
    if pool.presence(cover) in (CandidateVerdict.GONE, CandidateVerdict.BARRED, CandidateVerdict.ABSENT):
        return None
    return cover


def _give_back(work: AssignableWork, absence: Absence) -> None:
    handed = Placement.objects.filter(kind=work.kind, absence=absence).exclude(tier=Tier.RETURNED).order_by("pk")
    # The last word on each: who got it by this absence.
    holders = {one.subject_id: one.member_id for one in handed}
    member = directory().members[absence.member_id]
    if not holders or not member.active:
        return
    locked = []
    for holder_id in sorted({pk for pk in holders.values() if pk is not None}):
        mine = [subject for subject, pk in holders.items() if pk == holder_id]
        locked += work.model.lock_all(work.held(directory().members[holder_id]).filter(pk__in=mine))
    if locked:
        _assign_rows(work, locked, member, absence, Tier.RETURNED, engine.BACK_FROM_ABSENCE)


def _assign_rows(
    work: AssignableWork, rows: Sequence[Any], member: Member, absence: Absence, tier: Tier, cause: str
) -> None:
    work.assign_all([(row, member) for row in rows], cause)
    engine.log(
        work,
        [
            Placement(kind=work.kind, subject_id=row.pk, member_id=member.pk, absence_id=absence.pk, tier=tier)
            for row in rows
        ],
    )
