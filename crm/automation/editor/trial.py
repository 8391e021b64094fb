"""Trial: what a rule would do for one record, condition by condition and step by step. Everything is rolled back."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from crm.automation.definition import WaitStep
from crm.automation.editor import rule_text
from crm.automation.editor.matches import PresentMatches, RuleMatch
from crm.automation.engine.judgement import all_groups_hold, judge_conditions
from crm.automation.engine.runs import switched_off
from crm.automation.registry.actions import Firing
from crm.automation.registry.records import RecordKind
from crm.automation.setup import ReadRule, chosen_values, organization_viewer
from crm.jobs.list.search import search
from crm.kernel.refusal import Refused
from crm.kernel.whole_numbers import read_number
from crm.platform.models import Member

MOST = 8


class TrialLine(NamedTuple):
    """A line of a trial: whether the condition holds or the step would run, and its text."""

    holds: bool
    words: str
    why: str = ""


@dataclass(frozen=True)
class RuleTrial:
    """Trial of a rule for one record: which conditions hold, the steps, and why it would be refused."""

    match: RuleMatch
    # Conditions, each with those of which one is enough.
    conditions: list[list[TrialLine]]
    holds: bool
    steps: list[TrialLine]
    # Why nothing would be done at all, such as a switch; blank for nothing.
    refusal: str


def find_records(kind: RecordKind, member: Member, text: str) -> list[Any]:
    """Return the records that match a search text, best first, limited to those the member may see."""
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
    """Return the record that a form names; None if the member may not see it."""
    return kind.seen_by(member).filter(pk=read_number(pk) or 0).first()


def try_rule(read: ReadRule, row: Any, member: Member, slug: str) -> RuleTrial:
    """Return what a rule would do for a record now. All writes are rolled back."""
    assert read.kind is not None, "asked of a rule about something"
    present = PresentMatches(read, member, slug)
    results = judge_conditions(read.kind, [row.pk], read.groups).get(row.pk, {})
    asker = organization_viewer()
    conditions = [
        [TrialLine(results.get(str(clause), False), clause.sentence(asker)) for clause in group]
        for group in read.groups
    ]
    with transaction.atomic():
        steps = [_foresee_step(read, row, at) for at in range(len(read.definition.steps))]
        transaction.set_rollback(True)
    match = present.match(row, {})
    fires = present.fires(row)
    return RuleTrial(
        RuleMatch(match.pk, match.title, match.url, match.line, fires),
        conditions,
        all_groups_hold(read.groups, results) if results or not read.groups else False,
        steps,
        switched_off(read.kind, row),
    )


def _foresee_step(read: ReadRule, row: Any, at: int) -> TrialLine:
    text = rule_text.step_texts(read)[at]
    step = read.definition.steps[at]
    entry = read.steps[at]
    if isinstance(step, WaitStep):
        return TrialLine(True, text)
    if entry is None or not entry[1].is_valid():
        return TrialLine(False, text, _("it is incomplete"))
    action, options = entry
    if action.foresee is None:
        return TrialLine(True, text)
    assert read.kind is not None, "asked of a rule about something"
    firing = Firing(read.kind, row, read.rule.pk or 0, read.rule.name, 0)
    try:
        with transaction.atomic():
            return TrialLine(True, f"{text}: {action.foresee(firing, chosen_values(options))}")
    except Refused as why:
        return TrialLine(False, text, str(why))
