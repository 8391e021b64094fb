"""Options of sending a template: which one, by which channels in turn, and how long it is useful."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from comms.library.catalogue import catalogue
from comms.models import Medium
from comms.models.template import WRITTEN
from crm.automation.registry.options import Options

# The channel they last wrote to us by.
FAVOURITE = "favourite"


def _medium_choices() -> list[tuple[str, Any]]:
    return [(medium.value, medium.label) for medium in WRITTEN]


class SendOptions(Options):
    """A template, its channels in the order they are tried, and how long it is useful (docs/rules.md#k3)."""

    template = forms.ChoiceField(
        label="",
        error_messages={
            "required": _("Choose a template; add one in Settings, “Templates”."),
            "invalid_choice": _("Its template no longer exists."),
        },
    )
    first = forms.ChoiceField(label=_("by"))
    second = forms.ChoiceField(label=_("or else by"), required=False)
    third = forms.ChoiceField(label=_("or else by"), required=False)
    hours = forms.IntegerField(label=_("don’t send after (hours)"), required=False, min_value=1, max_value=720)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["template"].choices = template_choices()  # type: ignore[attr-defined]
        favourite = (FAVOURITE, _("the customer’s last channel"))
        self.fields["first"].choices = [favourite, *_medium_choices()]  # type: ignore[attr-defined]
        for name in ("second", "third"):
            self.fields[name].choices = [("", _("nothing")), *_medium_choices()]  # type: ignore[attr-defined]


def template_choices() -> list[tuple[str, str]]:
    """Return the templates in use, each key once: a rule stores the key, not a brand's template."""
    return [(key, template_name(key)) for key in dict.fromkeys(template.key for template in catalogue().live())]


def template_name(key: str) -> str:
    """Return the name of a template, or its key if it doesn't exist any more."""
    return next((template.name for template in catalogue().live() if template.key == key), key)


def media_of(first: str, second: str, third: str, favourite: str) -> list[Medium]:
    """Return the media in the order they are tried, with the preferred one in its place."""
    chosen = [favourite if each == FAVOURITE else each for each in (first, second, third)]
    return [Medium(each) for each in dict.fromkeys(chosen) if each in WRITTEN]
