"""RuleFields: the choices in a rule's form: record kinds, grouped triggers, units, days and limits."""

from typing import Any

from django.utils.translation import gettext as _

from crm.automation.definition import MOST_STEPS, Once
from crm.automation.editor.options import OptionField, option_fields
from crm.automation.editor.rule_draft import RuleDraft
from crm.automation.editor.rule_text import day_name
from crm.automation.editor.steps import StepView, step_views
from crm.automation.registry.options import Options
from crm.automation.registry.records import RecordKind
from crm.automation.registry.triggers import RoundTrigger, TimeTrigger, Trigger, all_triggers
from crm.automation.span import SpanUnit
from crm.platform import features


class RuleFields:
    """The choices and fields of a draft's form. Templates read its properties."""

    def __init__(self, draft: RuleDraft) -> None:
        self.draft = draft

    @property
    def kinds(self) -> tuple[RecordKind, ...]:
        return features.of(RecordKind)

    @property
    def trigger_groups(self) -> list[tuple[str, list[Trigger]]]:
        """The triggers for the draft's kind of record, grouped."""
        mine = [entry for entry in all_triggers() if entry.record == self.draft.kind.key]
        rounds: list[Trigger] = [entry for entry in mine if isinstance(entry, RoundTrigger)]
        times: list[Trigger] = [entry for entry in mine if isinstance(entry, TimeTrigger)]
        others = [entry for entry in mine if entry not in rounds and entry not in times]
        named = [(_("When it happens"), others), (_("After some time"), times), (_("On days of the week"), rounds)]
        return [(words, entries) for words, entries in named if entries]

    @property
    def trigger_fields(self) -> list[OptionField]:
        """The option fields of the trigger."""
        entry = self.draft.trigger
        if entry is None:
            return []
        options: Options = entry.options(prefix="t")
        if self.draft.options is not None or self.draft.is_judged:
            set_on_it = {f"t-{name}": value for name, value in self.draft.trigger_options(entry).items()}
            options = entry.options(set_on_it, prefix="t")
        return option_fields(options, str(entry.label), judged=self.draft.is_judged)

    @property
    def step_views(self) -> list[StepView]:
        return step_views(self.draft.steps, self.draft.kind.key, judged=self.draft.is_judged)

    @property
    def is_full(self) -> bool:
        return len(self.draft.steps) >= MOST_STEPS

    @property
    def units(self) -> Any:
        return SpanUnit.choices

    @property
    def days_of_week(self) -> list[tuple[int, str, bool]]:
        """The weekdays of a round trigger: number, name, and whether it is selected."""
        return [(day, day_name(day), day in self.draft.weekdays) for day in range(7)]

    @property
    def limits(self) -> Any:
        return Once.choices
