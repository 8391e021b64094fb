"""The options of triggers and actions as fields within a sentence."""

from typing import Any, NamedTuple

from django import forms
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from crm.automation.registry.options import Options, choice_values
from crm.automation.span import MOST, Span, SpanUnit
from crm.kernel.whole_numbers import read_number


class OptionField(NamedTuple):
    """An option field with the word before it and its error."""

    id: str
    label: str
    widget: SafeString
    problem: str
    is_check: bool


def option_fields(options: Options, spoken: str, *, judged: bool) -> list[OptionField]:
    """Return the fields of an option form. `spoken`: accessible name of unlabelled fields; `judged`: include errors."""
    return [_option_field(options[name], spoken, judged) for name in options.fields]


def _option_field(bound: forms.BoundField, spoken: str, judged: bool) -> OptionField:
    field: Any = bound.field
    problem = ""
    if judged and bound.errors:
        problem = str(bound.errors[0])
    is_check = isinstance(field.widget, forms.CheckboxInput)
    attributes: dict[str, Any] = {"class": _widget_css(field.widget), "id": f"id_{bound.html_name}"}
    if not bound.label:
        attributes["aria-label"] = spoken
    if problem:
        attributes |= {"aria-invalid": "true", "aria-describedby": f"id_{bound.html_name}_error"}
    if isinstance(field, forms.ChoiceField):
        _offer_what_is_set(field, str(bound.value() or ""))
    widget = bound.as_widget(attrs=attributes)
    return OptionField(attributes["id"], str(bound.label or ""), widget, problem, is_check)


def _widget_css(widget: forms.Widget) -> str:
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    if isinstance(widget, forms.Select):
        return "select"
    return "input"


def _offer_what_is_set(field: Any, value: str) -> None:
    """Add a choice for a stored value that no longer exists, or a blank one, so that no other appears selected."""
    if value in choice_values(field):
        return
    if value:
        words = _("(deleted)")
    else:
        words = _empty_choice_text(field)
    field.widget.choices = [(value, words), *field.choices]


def _empty_choice_text(field: forms.Field) -> str:
    """Return the label of the blank choice of a select, such as "Choose a template"."""
    words = str(field.error_messages["required"])
    if words == str(forms.Field.default_error_messages["required"]):
        return _("choose")
    return words.rstrip(".")


def options_text(options: Options) -> str:
    """Return the option values as they appear in the rule's sentence, such as "Quote sent"; blank if none are set."""
    parts = []
    span = _span_words(options)
    for name in options.fields:
        bound = options[name]
        if span and options.span and name in options.span:
            parts.append(f"{bound.label} {span}" if name == options.span[0] else "")
            continue
        field = options.fields[name]
        value = str(bound.value() or "")
        if isinstance(field, forms.BooleanField):
            parts.append(str(bound.label) if value == "True" else "")
            continue
        if isinstance(field, forms.ChoiceField):
            words = _label_of(field, value)
        else:
            words = value
        # A choice left at "nothing" says nothing: no "else by nothing" behind a channel.
        is_said = bool(words) and (bool(value) or words != _("nothing"))
        parts.append(f"{bound.label} {words}".strip() if is_said else "")
    return " ".join(filter(None, parts))


def _span_words(options: Options) -> str:
    """Return the length of time that two of the fields hold, such as "1 day"; blank without one, or if not valid."""
    if options.span is None:
        return ""
    count, unit = (str(options[name].value() or "") for name in options.span)
    number = read_number(count, most=MOST)
    if number is None or unit not in SpanUnit.values:
        return ""
    return Span(number, SpanUnit(unit)).words()


def _label_of(field: Any, value: str) -> str:
    for key, label in field.choices:
        if isinstance(label, list | tuple):
            inner = label
        else:
            inner = [(key, label)]
        for one, words in inner:
            if str(one) == value:
                return str(words)
    if value:
        return _("(deleted)")
    return ""
