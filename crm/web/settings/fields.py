"""Fields of the settings' forms, in the look's classes; each form names what may be chosen when it is made."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from crm.web.settings import choices


def text(label: Any, most: int, *, required: bool = True, hint: Any = "", **attributes: Any) -> forms.CharField:
    """A line of text. Blanks around and doubled inside are nobody's intention."""
    widget = forms.TextInput({"class": "input", "maxlength": most} | attributes)
    return _Line(label=label, max_length=most, required=required, help_text=hint, widget=widget)


def select(label: Any, options: Any = (), *, required: bool = True, hint: Any = "") -> forms.ChoiceField:
    """A choice of one."""
    widget = forms.Select({"class": "select"})
    return forms.ChoiceField(label=label, choices=options, required=required, help_text=hint, widget=widget)


def checks(label: Any, hint: Any = "") -> forms.MultipleChoiceField:
    """A choice of any number."""
    widget = forms.CheckboxSelectMultiple({"class": "check"})
    return forms.MultipleChoiceField(label=label, required=False, help_text=hint, widget=widget)


def hues(label: Any) -> forms.TypedChoiceField:
    """A choice of the hue, each shown in itself."""
    widget = forms.RadioSelect({"class": "check"})
    return forms.TypedChoiceField(label=label, choices=choices.HUES, coerce=int, widget=widget)


def offer(form: forms.Form, name: str, options: Any) -> None:
    """Say what a field of one form offers."""
    fields: Any = form.fields
    fields[name].choices = options


def is_taken(form: forms.Form, rows: Iterable[Any], own: Any = None) -> bool:
    """Whether another of the rows than one's own has the name, in any spelling of case; the form says so then."""
    names = {row.name.casefold() for row in rows if row != own}
    taken = form.cleaned_data["name"].casefold() in names
    if taken:
        form.add_error("name", _("That name is taken."))
    return taken


class _Line(forms.CharField):
    def clean(self, value: Any) -> str:
        return " ".join(str(super().clean(value)).split())
