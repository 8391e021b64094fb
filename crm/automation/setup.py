"""The current tenant's rules, parsed for the engine and indexed by the events that concern them.

A rule whose trigger, conditions or steps name what is not there any more is not read as something else: it is broken,
says why, and does nothing.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from crm.automation.definition import Definition, DoStep
from crm.automation.models import Mode, Rule
from crm.automation.registry.actions import RuleAction, find_action
from crm.automation.registry.options import Options
from crm.automation.registry.records import RecordKind, record_kind
from crm.automation.registry.stops import StopSignal, stop_signals_of
from crm.automation.registry.triggers import Chosen, EventTrigger, TimeTrigger, Trigger, find_trigger
from crm.platform.models import Event, Member, Role
from crm.platform.organization.configuration import cached_per_tenant
from crm.platform.tenancy.context import required_tenant_id
from crm.web.lists.conditions.clause import Clause
from crm.web.lists.conditions.query import AddressReader, Filters
from crm.web.lists.conditions.viewer import Viewer

Group = tuple[Clause, ...]


def organization_member() -> Member:
    """Return an unsaved Member that represents the organization when conditions of rules are evaluated."""
    return Member(tenant_id=required_tenant_id(), role=Role.ADMIN)


@dataclass(frozen=True)
class ReadRule:
    """A parsed rule definition; conditions, steps and options are parsed on first use.

    Of most rules nobody does: each process knows them anew after each change of the configuration, to tell which events
    concern one.
    """

    rule: Rule
    definition: Definition
    kind: RecordKind | None
    trigger: Trigger | None

    @classmethod
    def of(cls, rule: Rule, definition: Definition) -> "ReadRule":
        """Parse a definition."""
        return cls(rule, definition, record_kind(definition.record), find_trigger(definition.trigger))

    @property
    def begins(self) -> bool:
        """True if the trigger and record kind exist and fit each other."""
        return self.kind is not None and self.trigger is not None and self.trigger.record == self.definition.record

    @cached_property
    def filters(self) -> Filters | None:
        """The conditions as list filters; None if the trigger is missing."""
        if self.kind and self.begins:
            return read_conditions(self.kind, self.definition.where)
        return None

    @cached_property
    def steps(self) -> tuple[tuple[RuleAction, Options] | None, ...]:
        """The parsed steps, each action with its options."""
        steps = self.definition.steps if self.begins else ()
        return tuple(_read_step(step) if isinstance(step, DoStep) else None for step in steps)

    @cached_property
    def problem(self) -> str:
        """The error that makes the rule invalid; blank if it is valid."""
        if self.trigger is None or self.filters is None:
            return _("What starts this trigger no longer exists.")
        problem = self.trigger.options(self.definition.options).problem()
        if not problem and self.filters.dropped:
            problem = _("One of its conditions no longer works.")
        return problem or _problem_of_steps(self.definition, self.steps)

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """The conditions as groups: every group needs at least one condition that holds."""
        if self.filters:
            return groups_of(self.filters)
        return ()

    @cached_property
    def chosen(self) -> Chosen:
        """The parsed options of the trigger."""
        assert self.trigger is not None
        return chosen_values(self.trigger.options(self.definition.options))

    def heeds(self, event: Event) -> bool:
        """True if an event starts the rule."""
        return isinstance(self.trigger, EventTrigger) and self.trigger.heeds(event, self.chosen)


def _read_step(step: DoStep) -> tuple[RuleAction, Options] | None:
    entry = find_action(step.action)
    if entry:
        return (entry, entry.options(step.options))
    return None


def _problem_of_steps(definition: Definition, steps: tuple[tuple[RuleAction, Options] | None, ...]) -> str:
    if not any(isinstance(step, DoStep) for step in definition.steps):
        return _("This trigger does nothing yet. Add a step.")
    for step, read in zip(definition.steps, steps, strict=True):
        if isinstance(step, DoStep) and (read is None or not read[0].fits(definition.record)):
            return _("One of its steps no longer exists.")
        if read is not None and (problem := read[1].problem()):
            return problem
    return ""


def chosen_values(options: Options) -> Chosen:
    """Return the cleaned data of an option form; empty if it is not valid."""
    if options.is_valid():
        return options.cleaned_data
    return {}


def read_conditions(kind: RecordKind, where: str) -> Filters:
    """Parse the conditions of a rule about a kind of record."""
    reader = AddressReader(kind.filterset, QueryDict(where.removeprefix("?")), organization_member())
    filters = reader.filters()
    return Filters(kind.filterset, filters.values, filters.where, dropped=tuple(reader.dropped))


def groups_of(filters: Filters) -> tuple[Group, ...]:
    """Return all conditions as groups. At least one condition of each group must hold."""
    return (*((clause,) for clause in filters.plain()), *filters.where)


def organization_viewer() -> Viewer:
    """Return the Viewer for evaluating conditions now."""
    return Viewer(organization_member())


@dataclass(frozen=True)
class WorkingRules:
    """The active rules of a tenant."""

    rules: Mapping[int, ReadRule] = field(default_factory=dict)
    # By the kind of event: those it may start, and those whose instant it may move.
    started_by: Mapping[str, list[ReadRule]] = field(default_factory=dict)
    moved_by: Mapping[str, list[ReadRule]] = field(default_factory=dict)
    # By the kind of event: the signals that end a wait.
    stopped_by: Mapping[str, list[StopSignal]] = field(default_factory=dict)

    @cached_property
    def kinds(self) -> frozenset[str]:
        """The kinds of events that concern the rule."""
        return frozenset({*self.started_by, *self.moved_by, *self.stopped_by})


@cached_per_tenant
def working_rules() -> WorkingRules:
    """Return the tenant's rules that are active, in any mode; invalid ones too, with their `problem`."""
    rows = Rule.objects.filter(archived_at__isnull=True, paused_at__isnull=True).exclude(mode=Mode.OFF)
    read = [read_rule(rule) for rule in rows.select_related("version").order_by("pk")]
    started = defaultdict[str, list[ReadRule]](list)
    moved = defaultdict[str, list[ReadRule]](list)
    stopped = defaultdict[str, list[StopSignal]](list)
    for one in read:
        if isinstance(one.trigger, EventTrigger):
            for kind in one.trigger.events:
                started[kind].append(one)
        elif isinstance(one.trigger, TimeTrigger):
            for kind in one.trigger.events:
                moved[kind].append(one)
    for record in {one.definition.record for one in read if one.kind}:
        for signal in stop_signals_of(record):
            for kind in signal.events:
                stopped[kind].append(signal)
    return WorkingRules({one.rule.pk: one for one in read}, dict(started), dict(moved), dict(stopped))


def read_rule(rule: Rule) -> ReadRule:
    """Parse a rule's current version."""
    assert rule.version is not None, "a rule is added with a version"
    stored: Mapping[str, Any] = rule.version.definition
    return ReadRule.of(rule, Definition.from_json(stored))


def wanted_events() -> frozenset[str]:
    """Return the kinds of events the engine needs in the current tenant."""
    return working_rules().kinds
