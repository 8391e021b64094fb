"""Versions of sequences, parsed for the engine: actions, options, conditions and what no longer works."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.translation import gettext as _

from crm.automation.jobs.triggers import JOB
from crm.automation.registry.actions import RuleAction, find_action
from crm.automation.registry.records import RecordKind, record_kind
from crm.automation.registry.triggers import Chosen
from crm.automation.setup import Group, chosen_values, groups_of, read_conditions
from crm.platform.organization.configuration import cached_per_tenant
from followups.sequences.definition import SequenceAct, SequenceDefinition, SequenceFork, SequenceNode
from followups.sequences.models import Sequence, SequenceVersion
from followups.sequences.registry import STOP_CHOICES, fork_questions, sequence_signals

# The actions that the engine does itself, many at once.
MESSAGE = "message.send"
TASK = "followup.plan"


class SequenceStepRead(NamedTuple):
    """A step as the engine does it. `problem`: why it does not work; blank if it does."""

    node: SequenceNode
    action: RuleAction | None = None
    chosen: Chosen = {}
    # Of a fork: the conditions that mean yes.
    groups: tuple[Group, ...] = ()
    problem: str = ""


@dataclass(frozen=True)
class ReadSequence:
    """One version, parsed."""

    version: SequenceVersion
    definition: SequenceDefinition
    steps: tuple[SequenceStepRead, ...]
    # The conditions that must hold as long as a lead is in it.
    stays: tuple[Group, ...]

    @property
    def problems(self) -> Mapping[int, str]:
        """What does not work, by the position of the step; -1: the conditions or the stops."""
        problems = {step.node.position: step.problem for step in self.steps if step.problem}
        if problem := _problem_beside_steps(self.definition):
            problems[-1] = problem
        return problems


def job_kind() -> RecordKind:
    """Return the record kind of leads."""
    kind = record_kind(JOB)
    assert kind is not None, "crm.automation adds it"
    return kind


@cached_per_tenant
def _read_versions() -> dict[int, ReadSequence]:
    return {}


def read_version(version: SequenceVersion) -> ReadSequence:
    """Parse a version; cached until the tenant's configuration changes."""
    kept = _read_versions().get(version.pk)
    if kept is None:
        kept = parse_version(version)
        _read_versions()[version.pk] = kept
    return kept


def read_versions(ids: set[int]) -> dict[int, ReadSequence]:
    """Parse versions by id; those that are not cached are loaded with one query."""
    cache = _read_versions()
    missing = [pk for pk in ids if pk not in cache]
    if missing:
        for version in SequenceVersion.objects.filter(pk__in=missing):
            read_version(version)
    return {pk: cache[pk] for pk in ids}


def parse_version(version: SequenceVersion) -> ReadSequence:
    """Parse a version without the cache."""
    definition = version.parsed
    steps = tuple(_read_step(node) for node in version.nodes)
    return ReadSequence(version, definition, steps, groups_of(read_conditions(job_kind(), definition.stays)))


def problem_of(sequence: Sequence) -> str:
    """Return the first thing of a sequence that no longer works; blank if all of it does."""
    if sequence.version is None:
        return ""
    return next(iter(read_version(sequence.version).problems.values()), "")


def _read_step(node: SequenceNode) -> SequenceStepRead:
    step = node.step
    if isinstance(step, SequenceAct):
        action = find_action(step.action)
        if action is None or not action.fits(JOB):
            return SequenceStepRead(node, problem=_("One of its steps no longer exists."))
        options = action.options(step.options)
        return SequenceStepRead(node, action, chosen_values(options), problem=options.problem())
    if isinstance(step, SequenceFork):
        return _read_fork(node, step)
    return SequenceStepRead(node)


def _read_fork(node: SequenceNode, step: SequenceFork) -> SequenceStepRead:
    if step.question:
        if step.question in fork_questions():
            return SequenceStepRead(node)
        return SequenceStepRead(node, problem=_("The question of a fork no longer exists."))
    filters = read_conditions(job_kind(), step.where)
    groups = groups_of(filters)
    if filters.dropped or not groups:
        return SequenceStepRead(node, groups=groups, problem=_("The conditions of a fork no longer work."))
    return SequenceStepRead(node, groups=groups)


def _problem_beside_steps(definition: SequenceDefinition) -> str:
    if read_conditions(job_kind(), definition.stays).dropped:
        return _("One of its conditions no longer works.")
    names = {choice.name for choice in STOP_CHOICES} | set(sequence_signals())
    if not names.issuperset(definition.stops):
        return _("Something that should end it no longer exists.")
    return ""
