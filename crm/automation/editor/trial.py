"""A trial: what a rule would do for one record, condition by condition and step by step. Nothing is done."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from crm.automation.definition import Wait
from crm.automation.editor import words
from crm.automation.editor.matches import Match, Present
from crm.automation.engine.judgement import holds, judge
from crm.automation.engine.runs import switched_off
from crm.automation.registry.actions import Firing
from crm.automation.registry.records import RecordKind
from crm.automation.setup import ReadRule, chosen, viewer
from crm.jobs.list.search import search
from crm.kernel.refusal import Refused
from crm.kernel.whole_numbers import read_number
from crm.platform.models import Member

MOST = 8


class Mark(NamedTuple):
    """A line of a trial: whether it holds, or would be done, and in words."""

    holds: bool
    words: str
    why: str = ""


@dataclass(frozen=True)
class Trial:
    """What a rule would do for a record."""

    match: Match
    # Conditions, each with those of which one is enough.
    conditions: list[list[Mark]]
    holds: bool
    steps: list[Mark]
    # Why nothing would be done at all, such as a switch; blank for nothing.
    refusal: str


def found(kind: RecordKind, member: Member, text: str) -> list[Any]:
    """Return the records a text means, best first, of those the member may see."""
    seen = kind.seen_by(member)
    if kind.find:
        ids = kind.find(member, text)[:MOST]
        rows = seen.in_bulk(ids)
        return [rows[pk] for pk in ids if pk in rows]
    if not any(field.name == "job" for field in kind.model._meta.fields):
        return []
    jobs = [hit.job_id for hit in search(text, by=member, most=MOST)]
    return list(seen.filter(job_id__in=jobs).order_by("-pk")[:MOST])


def row_of(kind: RecordKind, member: Member, pk: str) -> Any | None:
    """Return the record a form names; None for one that the member does not see."""
    return kind.seen_by(member).filter(pk=read_number(pk) or 0).first()


def tried(read: ReadRule, row: Any, member: Member, slug: str) -> Trial:
    """Return what a rule would do for a record now. Whatever an action might write is taken back."""
    assert read.kind is not None, "asked of a rule about something"
    present = Present(read, member, slug)
    held = judge(read.kind, [row.pk], read.groups).get(row.pk, {})
    asker = viewer()
    conditions = [
        [Mark(held.get(str(clause), False), clause.sentence(asker)) for clause in group] for group in read.groups
    ]
    with transaction.atomic():
        steps = [_foreseen(read, row, at) for at in range(len(read.definition.steps))]
        transaction.set_rollback(True)
    match = present.match(row, {})
    fires = present.fires(row)
    return Trial(
        Match(match.pk, match.title, match.url, match.line, fires),
        conditions,
        holds(read.groups, held) if held or not read.groups else False,
        steps,
        switched_off(read.kind, row),
    )


def _foreseen(read: ReadRule, row: Any, at: int) -> Mark:
    said = words.steps(read)[at]
    step = read.definition.steps[at]
    entry = read.steps[at]
    if isinstance(step, Wait):
        return Mark(True, said)
    if entry is None or not entry[1].is_valid():
        return Mark(False, said, _("it is incomplete"))
    action, options = entry
    if action.foresee is None:
        return Mark(True, said)
    assert read.kind is not None, "asked of a rule about something"
    firing = Firing(read.kind, row, read.rule.pk or 0, read.rule.name, 0)
    try:
        with transaction.atomic():
            return Mark(True, f"{said}: {action.foresee(firing, chosen(options))}")
    except Refused as why:
        return Mark(False, said, str(why))
