"""Options of triggers and actions about follow-ups: type, outcome, assignee and due time."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.automation.notices import recipient_choices
from crm.automation.registry.options import Options
from crm.automation.registry.stops import stop_signals
from crm.automation.span import MOST, SpanUnit
from crm.jobs.models import Priority
from followups.models import FollowUpOutcome
from followups.models.kind_setup import kinds

ANY = ""


def _kind_choices() -> list[tuple[str, str]]:
    return [(kind.code, kind.label) for kind in kinds().live]


class PlanOptions(Options):
    """Options of a planned follow-up: type, title, assignee, due time and stop signal."""

    span = ("count", "unit")

    kind = forms.ChoiceField(
        label="",
        error_messages={
            "required": _("Choose a follow-up type; add one in Settings, “Follow-up types”."),
            "invalid_choice": _("Its follow-up type no longer exists."),
        },
    )
    title = forms.CharField(label=_("called"), required=False, max_length=120)
    who = forms.ChoiceField(
        label=_("for"), error_messages={"invalid_choice": _("Whoever it is planned for no longer exists.")}
    )
    count = forms.IntegerField(label=_("due in"), min_value=0, max_value=MOST, initial=2)
    unit = forms.ChoiceField(label="", choices=SpanUnit.choices, initial=SpanUnit.DAYS)
    priority = forms.TypedChoiceField(
        label=_("priority"), choices=Priority.choices, coerce=int, initial=Priority.NORMAL
    )
    until = forms.ChoiceField(label=_("cancel if"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = _kind_choices()  # type: ignore[attr-defined]
        self.fields["who"].choices = recipient_choices()  # type: ignore[attr-defined]
        signals = [(signal.name, signal.label) for signal in stop_signals()]
        self.fields["until"].choices = [("", _("nothing")), *signals]  # type: ignore[attr-defined]


class CompletedOptions(Options):
    """Options of a trigger on a completed follow-up: type and outcome."""

    kind = forms.ChoiceField(
        label="",
        required=False,
        error_messages={"invalid_choice": _("Its follow-up type no longer exists.")},
    )
    outcome = forms.ChoiceField(
        label=_("with the outcome"), required=False, choices=[(ANY, _("any")), *FollowUpOutcome.choices]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(ANY, _("any type")), *_kind_choices()]  # type: ignore[attr-defined]


class MissedOptions(Options):
    """Options of a trigger on a missed follow-up: type."""

    kind = CompletedOptions.base_fields["kind"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(ANY, _("any type")), *_kind_choices()]  # type: ignore[attr-defined]
