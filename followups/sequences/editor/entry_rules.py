"""The triggers that start a sequence: what they say, and the leads that they would start it for now."""

from collections.abc import Sequence as Rows
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _

from crm.automation.definition import DoStep
from crm.automation.editor.matches import PresentMatches
from crm.automation.editor.overview import RuleState, state_of
from crm.automation.editor.rule_text import condition_text, trigger_text
from crm.automation.engine.present_records import present_rows
from crm.automation.models import Mode, Rule
from crm.automation.registry.triggers import TimeTrigger
from crm.automation.setup import ReadRule, read_rule
from crm.jobs.models import Job
from crm.platform.models import Member
from followups.sequences.models import Sequence
from followups.sequences.rule_actions import START

# Leads looked at.
MOST = 500


class EntryRule(NamedTuple):
    """A trigger that starts a sequence, in words."""

    text: str
    url: str
    state: RuleState


def entry_rules(sequence: Sequence, slug: str) -> list[EntryRule]:
    """Return the triggers in use that start a sequence."""
    return [
        EntryRule(_describe_rule(read), reverse("automation:rule", args=[slug, read.rule.uid]), state_of(read.rule))
        for read in _rules_of(sequence)
    ]


def _rules_of(sequence: Sequence) -> list[ReadRule]:
    rules = Rule.objects.filter(archived_at__isnull=True).select_related("version").order_by("name", "pk")
    return [read for rule in rules if _starts(read := read_rule(rule), sequence)]


def _starts(read: ReadRule, sequence: Sequence) -> bool:
    return any(
        isinstance(step, DoStep) and step.action == START and step.options.get("sequence") == str(sequence.pk)
        for step in read.definition.steps
    )


def _describe_rule(read: ReadRule) -> str:
    conditions = [condition_text(group) for group in read.groups]
    return _(" and ").join([trigger_text(read), *conditions])


def present_leads(sequence: Sequence, member: Member, slug: str) -> list[Job]:
    """Return the visible leads for which the working triggers of a sequence hold now, oldest first."""
    ids = set[int]()
    for read in _rules_of(sequence):
        if (
            read.rule.mode in (Mode.ON, Mode.SHADOW)
            and not read.problem
            and (rows := _leads_of(read, member, slug)) is not None
        ):
            ids.update(rows.order_by("pk").values_list("pk", flat=True)[:MOST])
    jobs: Rows[Job] = Job.objects.visible_to(member).filter(pk__in=ids).order_by("pk")[:MOST]
    return list(jobs)


def _leads_of(read: ReadRule, member: Member, slug: str) -> Any:
    if isinstance(read.trigger, TimeTrigger):
        return PresentMatches(read, member, slug).rows()
    return present_rows(read)
