"""Describe a rule in words: a one-line summary, and full sentences."""

from babel.dates import get_day_names
from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from crm.automation.definition import Definition, DoStep, Once, WaitStep
from crm.automation.editor.options import options_text
from crm.automation.registry.stops import stop_signal
from crm.automation.registry.triggers import RoundTrigger, TimeTrigger
from crm.automation.setup import Group, ReadRule, chosen_values, organization_viewer


def rule_summary(read: ReadRule) -> str:
    """Return a summary of the steps: "tell the managers, move it to Quote sent"."""
    return ", ".join(step for at, step in enumerate(step_texts(read)) if isinstance(read.definition.steps[at], DoStep))


def rule_sentences(read: ReadRule) -> list[str]:
    """Return the rule as sentences, one line per part; used to compare versions."""
    lines = [_("When %(what)s") % {"what": trigger_text(read)}]
    lines += [_("If %(condition)s") % {"condition": condition_text(group)} for group in read.groups]
    lines += [_("Then %(step)s") % {"step": _full_step_text(read, at)} for at in range(len(read.definition.steps))]
    return [*lines, _("At most %(limit)s") % {"limit": limit_text(read.definition)}]


def trigger_text(read: ReadRule) -> str:
    """Describe the trigger: "a lead stays in step Quote sent for 3 days"."""
    if read.trigger is None or read.kind is None:
        return _("(deleted)")
    parts = [str(read.kind.noun), str(read.trigger.label)]
    parts.append(options_text(read.trigger.options(read.definition.options)))
    return " ".join(filter(None, [*parts, _timing_text(read)]))


def _timing_text(read: ReadRule) -> str:
    definition = read.definition
    parts = []
    if isinstance(read.trigger, TimeTrigger):
        words = definition.span.words()
        if definition.before:
            parts.append(_("%(span)s before") % {"span": words})
        elif definition.span.count:
            if read.trigger.before:
                after = _("%(span)s after")
            else:
                after = _("for %(span)s")
            parts.append(after % {"span": words})
    if isinstance(read.trigger, RoundTrigger):
        parts.append(", ".join(day_name(day) for day in definition.weekdays))
    if definition.at_hour is not None:
        parts.append(_("at %(hour)s:00") % {"hour": definition.at_hour})
    return " ".join(parts)


def day_name(day: int) -> str:
    """Return the name of a weekday; Monday is 0."""
    return str(get_day_names("wide", locale=(get_language() or "en").replace("-", "_"))[day])


def condition_text(group: Group) -> str:
    """Describe a condition, or a group of alternatives."""
    asker = organization_viewer()
    return _(" or ").join(clause.sentence(asker) for clause in group)


def step_texts(read: ReadRule) -> list[str]:
    """Describe each step."""
    return [_step_text(read, at) for at in range(len(read.definition.steps))]


def _step_text(read: ReadRule, at: int) -> str:
    step = read.definition.steps[at]
    if isinstance(step, WaitStep):
        return _wait_text(step)
    entry = None
    if at < len(read.steps):
        entry = read.steps[at]
    if entry is None:
        return _("(deleted)")
    action, options = entry
    if options.is_valid():
        return action.words(chosen_values(options))
    return capfirst(str(action.label)) + "…"


def _full_step_text(read: ReadRule, at: int) -> str:
    """Describe a step with all its options, as in the editor."""
    entry = None
    if at < len(read.steps):
        entry = read.steps[at]
    if entry:
        return f"{entry[0].label} {options_text(entry[1])}".strip()
    return _step_text(read, at)


def _wait_text(step: WaitStep) -> str:
    words = _("wait %(span)s") % {"span": step.span.words()}
    signals = [str(signal.label) for name in step.stop_if if (signal := stop_signal(name))]
    if not signals:
        return words
    return _("%(wait)s, and stop if %(what)s") % {"wait": words, "what": _(" or ").join(signals)}


def limit_text(definition: Definition) -> str:
    """Describe the limit on how often the rule may fire for one record."""
    if definition.limit.once == Once.DAYS:
        days = definition.limit.days
        return ngettext("once every day", "once every %(days)s days", days) % {"days": days}
    return str(definition.limit.once.label)
