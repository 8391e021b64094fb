"""What can be set on sending a template: which, by which channels in turn, and how long it is of use."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from comms.library.catalogue import catalogue
from comms.models import Medium
from comms.models.template import WRITTEN
from crm.automation.registry.options import Options

# The channel they last wrote to us by.
FAVOURITE = "favourite"


def _media() -> list[tuple[str, Any]]:
    return [(medium.value, medium.label) for medium in WRITTEN]


class SendOptions(Options):
    """A template, the channels in the order they are tried, and how long it is of use (docs/rules.md#k3)."""

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
        self.fields["first"].choices = [favourite, *_media()]  # type: ignore[attr-defined]
        for name in ("second", "third"):
            self.fields[name].choices = [("", _("nothing")), *_media()]  # type: ignore[attr-defined]


def template_choices() -> list[tuple[str, str]]:
    """Return the templates in use, each key once: of a brand's own and the one for all, a rule names the key."""
    return [(key, template_name(key)) for key in dict.fromkeys(template.key for template in catalogue().live())]


def template_name(key: str) -> str:
    """Return what a template is called; its key where there is none any more."""
    return next((template.name for template in catalogue().live() if template.key == key), key)


def media_of(first: str, second: str, third: str, favourite: str) -> list[Medium]:
    """Return the channels in the order they are tried, the favourite one in its place."""
    chosen = [favourite if each == FAVOURITE else each for each in (first, second, third)]
    return [Medium(each) for each in dict.fromkeys(chosen) if each in WRITTEN]
