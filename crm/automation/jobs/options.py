"""Option forms of triggers and actions about jobs: a step, a member, a priority."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.automation.jobs.step_choices import listed_choice, step_choices
from crm.automation.registry.options import Options
from crm.jobs.models import CONTACTS, ContactOutcome, Priority, Side
from crm.jobs.models.tag import tags
from crm.jobs.next_step.kinds import step_name
from crm.platform.organization.configuration import directory

ANY = ""


class StepField(forms.ChoiceField):
    """A choice of steps. A choice stands for the steps of that name in all pipelines, so each of their ids is valid."""

    def prepare_value(self, value: Any) -> Any:
        if value:
            return listed_choice(str(value)) or value
        return value

    def to_python(self, value: Any) -> str:
        choice: str = super().to_python(value)
        return listed_choice(choice) or choice


class StepOptions(Options):
    """Options: one step."""

    step = StepField(
        label="",
        error_messages={
            "required": _("Choose a step."),
            "invalid_choice": _("Its step no longer exists."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["step"].choices = step_choices()  # type: ignore[attr-defined]


class AnyStepOptions(StepOptions):
    """Options: one step, or any step."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["step"].required = False
        self.fields["step"].choices = [(ANY, _("any step")), *step_choices()]  # type: ignore[attr-defined]


class PriorityOptions(Options):
    """Options: a priority, and whether it may be lowered."""

    priority = forms.TypedChoiceField(label="", choices=Priority.choices, coerce=int, initial=Priority.HIGH)
    raise_only = forms.BooleanField(label=_("never lower"), required=False)


class SideOptions(Options):
    """Options: whose turn it is."""

    side = forms.ChoiceField(label="", choices=[(Side.US, _("us")), (Side.CUSTOMER, _("the customer"))])


class MemberOptions(Options):
    """Options with one field: an active colleague."""

    asked: ClassVar = ("member",)

    member = forms.ChoiceField(
        label="",
        error_messages={"required": _("Choose a colleague."), "invalid_choice": _("Its member no longer exists.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = [(str(row.pk), row.name) for row in directory().members.values() if row.active]
        self.fields["member"].choices = members  # type: ignore[attr-defined]


class ContactOptions(Options):
    """Options: the kind of contact and its outcome, or any."""

    kind = forms.ChoiceField(label=_("by"), required=False)
    outcome = forms.ChoiceField(
        label=_("with the outcome"), required=False, choices=[(ANY, _("any")), *ContactOutcome.choices]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(kind, step_name(kind)) for kind in CONTACTS]
        self.fields["kind"].choices = [(ANY, _("any way")), *kinds]  # type: ignore[attr-defined]


class TagOptions(Options):
    """Options: a tag."""

    asked: ClassVar = ("tag",)

    tag = forms.ChoiceField(
        label="",
        error_messages={
            "required": _("Choose a tag; add one in Settings, “Tags”."),
            "invalid_choice": _("Its tag no longer exists."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tag"].choices = [  # type: ignore[attr-defined]
            (str(tag.pk), tag.name) for tag in tags().all.values() if tag.archived_at is None
        ]
