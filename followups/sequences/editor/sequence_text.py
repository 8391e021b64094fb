"""Describe the steps and rules of a sequence in words: for the editor, its versions and the page of an enrolment."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comms.automation.options import FAVOURITE, template_name
from comms.models import Medium
from comms.timeline import ICONS
from crm.automation.editor.rule_text import condition_text
from crm.automation.notices import who_words
from crm.automation.registry.actions import find_action
from crm.automation.setup import chosen_values, groups_of, read_conditions
from crm.automation.span import Span, SpanUnit
from crm.jobs.models import Priority
from followups.models.kind_setup import kinds
from followups.sequences.definition import (
    Otherwise,
    SequenceAct,
    SequenceDefinition,
    SequenceFork,
    SequenceStep,
    SequenceWait,
    Unanswered,
    all_steps,
)
from followups.sequences.models import Reentry, Sequence
from followups.sequences.registry import STOP_CHOICES, fork_questions, sequence_signals
from followups.sequences.setup import MESSAGE, TASK, job_kind


class StepText(NamedTuple):
    """A step as the editor shows it: an icon and its class, what it is in bold, the rest, and a smaller line."""

    icon: str
    css: str
    head: str
    rest: str = ""
    note: str = ""

    @property
    def line(self) -> str:
        """The step on one line."""
        return " ".join(filter(None, [self.head, self.rest]))


def step_text(step: SequenceStep) -> StepText:
    """Describe a step."""
    if isinstance(step, SequenceWait):
        return StepText("clock", "", step.span.words())
    if isinstance(step, SequenceFork):
        return StepText("split", "", fork_text(step))
    action = find_action(step.action)
    if action is None:
        return StepText("triangle-alert", "", _("(deleted)"))
    options = action.options(step.options)
    if not options.is_valid():
        return StepText(action.icon, "", capfirst(str(action.label)) + "…")
    chosen = chosen_values(options)
    if step.action == MESSAGE:
        return _message_text(chosen, step)
    if step.action == TASK:
        return _task_text(chosen, step)
    return StepText(action.icon, "", capfirst(action.words(chosen)))


def _message_text(chosen: Mapping[str, Any], step: SequenceAct) -> StepText:
    medium = chosen["first"]
    if medium == Medium.EMAIL:
        icon = "mail"
    else:
        icon = ICONS.get(medium, "send")
    others = [_channel_label(chosen[name]) for name in ("second", "third") if chosen[name]]
    if others:
        notes = [_("else by %(channels)s") % {"channels": _(" or ").join(others)}]
    else:
        notes = []
    if step.otherwise == Otherwise.CALL:
        notes.append(_("if no channel is allowed, a call is planned"))
    else:
        notes.append(_("skipped if no channel is allowed"))
    if medium == FAVOURITE:
        css = ""
    else:
        css = medium
    return StepText(icon, css, _channel_label(medium), f"“{template_name(chosen['template'])}”", ", ".join(notes))


def _channel_label(medium: str) -> str:
    if medium == FAVOURITE:
        return _("On the customer’s last channel")
    return str(Medium(medium).label)


def _task_text(chosen: Mapping[str, Any], step: SequenceAct) -> StepText:
    kind = kinds().of(chosen["kind"])
    rest = _("for %(who)s") % {"who": who_words(chosen["who"])}
    if chosen["title"]:
        rest = f"“{chosen['title']}”, {rest}"
    notes = [_("due in %(span)s") % {"span": Span(chosen["count"], SpanUnit(chosen["unit"])).words()}]
    if chosen["priority"] != Priority.NORMAL:
        notes.append(str(Priority(chosen["priority"]).label).lower())
    if step.holds:
        notes.append(_("the next step waits until it is done"))
    if step.unanswered == Unanswered.END:
        notes.append(_("no answer ends the sequence"))
    return StepText(kind.icon, "phone" if chosen["kind"] == "call" else "", kind.label, rest, ", ".join(notes))


def fork_text(step: SequenceFork) -> str:
    """Describe what a fork asks."""
    if step.question:
        question = fork_questions().get(step.question)
        if question:
            return str(question.label)
        return _("(deleted)")
    return _conditions_text(step.where) or _("(no condition yet)")


def _conditions_text(where: str) -> str:
    groups = groups_of(read_conditions(job_kind(), where))
    return _(" and ").join(condition_text(group) for group in groups)


def stop_label(name: str) -> str:
    """Return what ends a sequence, in words."""
    for choice in STOP_CHOICES:
        if choice.name == name:
            return str(choice.label)
    signal = sequence_signals().get(name)
    if signal:
        return capfirst(str(signal.label))
    return _("(deleted)")


def reentry_text(sequence: Sequence) -> str:
    """Describe how often a lead may enter."""
    if sequence.reentry == Reentry.DAYS:
        days = sequence.reentry_days
        return ngettext("again after %(count)s day", "again after %(count)s days", days) % {"count": days}
    return str(Reentry(sequence.reentry).label)


def definition_sentences(definition: SequenceDefinition) -> list[str]:
    """Return a version as sentences, one line a part; used to compare versions."""
    lines = list(_step_lines(definition.steps, ""))
    if definition.stays:
        lines.append(_("As long as %(conditions)s") % {"conditions": _conditions_text(definition.stays)})
    return [*lines, *(_("Ends if: %(what)s") % {"what": stop_label(name)} for name in definition.stops)]


def _step_lines(steps: tuple[SequenceStep, ...], before: str) -> Iterator[str]:
    for number, step in enumerate(steps, 1):
        text = step_text(step)
        place = f"{before}{number}. "
        if isinstance(step, SequenceWait):
            yield place + _("Wait %(span)s") % {"span": text.head}
        elif isinstance(step, SequenceFork):
            yield place + text.head
            yield from _step_lines(step.yes, before + _("If yes: "))
            yield from _step_lines(step.no, before + _("If no: "))
        else:
            yield place + ": ".join(filter(None, [text.line, text.note]))


# How many days a span takes at most, roughly: for the length of a sequence alone.
_DAYS = {
    SpanUnit.MINUTES: 1 / 1440,
    SpanUnit.HOURS: 1 / 24,
    SpanUnit.DAYS: 1.0,
    SpanUnit.WORKING_MINUTES: 1 / 480,
    SpanUnit.WORKING_HOURS: 1 / 8,
    SpanUnit.WORKING_DAYS: 7 / 5,
}


def span_days(definition: SequenceDefinition) -> int:
    """Return about how many days the longest way through a sequence takes, by its waits alone."""
    return round(_days_of(definition.steps))


def _days_of(steps: tuple[SequenceStep, ...]) -> float:
    days = 0.0
    for step in steps:
        if isinstance(step, SequenceWait):
            days += step.span.count * _DAYS[step.span.unit]
        elif isinstance(step, SequenceFork):
            days += max(_days_of(step.yes), _days_of(step.no))
    return days


def step_count(definition: SequenceDefinition) -> int:
    """Return how many steps do something."""
    return sum(isinstance(step, SequenceAct) for step in all_steps(definition.steps))
