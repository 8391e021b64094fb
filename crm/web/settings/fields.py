"""Styled form fields for settings. Each form sets its choices when it is created."""

from collections.abc import Iterable
from typing import Any, TypeVar

from django import forms
from django.utils.translation import gettext as _

from crm.kernel.refusal import Refused
from crm.web.settings import choices

F = TypeVar("F", bound=forms.Form)


def text_field(label: Any, most: int, *, required: bool = True, hint: Any = "", **attributes: Any) -> forms.CharField:
    """Return a one-line text field that normalizes whitespace."""
    widget = forms.TextInput({"class": "input", "maxlength": most} | attributes)
    return OneLineField(label=label, max_length=most, required=required, help_text=hint, widget=widget)


def select_field(label: Any, options: Any = (), *, required: bool = True, hint: Any = "") -> forms.ChoiceField:
    """Return a field with one choice."""
    widget = forms.Select({"class": "select"})
    return forms.ChoiceField(label=label, choices=options, required=required, help_text=hint, widget=widget)


def checkbox_field(label: Any, hint: Any = "") -> forms.MultipleChoiceField:
    """Return a field of checkboxes."""
    widget = forms.CheckboxSelectMultiple({"class": "check"})
    return forms.MultipleChoiceField(label=label, required=False, help_text=hint, widget=widget)


def hue_field(label: Any) -> forms.TypedChoiceField:
    """Return a choice of hues, each shown in its own colour."""
    widget = forms.RadioSelect({"class": "check"})
    return forms.TypedChoiceField(label=label, choices=choices.HUES, coerce=int, widget=widget)


def require_valid(form: F) -> F:
    """Return the form if valid. Raises Refused with its errors by field label."""
    if not form.is_valid():
        problems = [f"{form.fields[name].label}: {' '.join(map(str, errors))}" for name, errors in form.errors.items()]
        raise Refused(" ".join(problems))
    return form


def set_choices(form: forms.Form, name: str, options: Any) -> None:
    """Set the choices of one form's field."""
    fields: Any = form.fields
    fields[name].choices = options


def is_name_taken(form: forms.Form, rows: Iterable[Any], own: Any = None) -> bool:
    """True if another row has the name, ignoring case. Also adds the form error."""
    names = {row.name.casefold() for row in rows if row != own}
    taken = form.cleaned_data["name"].casefold() in names
    if taken:
        form.add_error("name", _("That name is taken."))
    return taken


class OneLineField(forms.CharField):
    def clean(self, value: Any) -> str:
        return " ".join(str(super().clean(value)).split())
