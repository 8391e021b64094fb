"""Form of a template of follow-ups."""

from datetime import time
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.jobs.models import Priority
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.web.settings.fields import select_field, set_choices, text_field
from followups.details.detail_fields import length_choices
from followups.models import FollowUpTemplate
from followups.models.kind_setup import kinds
from followups.models.template import TemplateAssignee, TemplateUnit
from followups.planning_templates.reminders_field import RemindersField

MOST_DAYS = 365
# The template has reminders of its own.
OWN = "own"


class FollowUpTemplateForm(forms.Form):
    """The fields of a template; `assignee` is a rule, or a member's id."""

    name = text_field(gettext_lazy("Name"), 60)
    kind = select_field(gettext_lazy("Type"))
    subject = text_field(gettext_lazy("Subject"), 120)
    after = forms.IntegerField(
        label=gettext_lazy("Due after"),
        min_value=0,
        max_value=MOST_DAYS,
        widget=forms.NumberInput({"class": "input", "min": 0, "max": MOST_DAYS}),
    )
    unit = select_field(gettext_lazy("Counted in"), TemplateUnit.choices)
    clock = forms.TimeField(
        label=gettext_lazy("Time of day"), widget=forms.TimeInput({"class": "input", "type": "time"}, format="%H:%M")
    )
    minutes = select_field(gettext_lazy("How long it takes"), required=False)
    assignee = select_field(gettext_lazy("Who gets it"))
    priority = select_field(gettext_lazy("Priority"), required=False)
    notes = forms.CharField(
        label=gettext_lazy("Notes"),
        required=False,
        max_length=4000,
        widget=forms.Textarea({"class": "textarea", "rows": 3}),
    )
    reminded = select_field(gettext_lazy("Reminders"), required=False)
    times = RemindersField(label=gettext_lazy("Before it is due"), required=False)

    def __init__(self, posted: Any = None, *, template: FollowUpTemplate | None = None, **more: Any) -> None:
        super().__init__(posted, initial=_initial_values(template), **more)
        kind_setup = kinds()
        offered = [kind for kind in kind_setup.live if template is None or kind.code != template.kind]
        if template:
            offered.insert(0, kind_setup.of(template.kind))
        set_choices(self, "kind", [(kind.code, kind.label) for kind in offered])
        rules = [(rule.value, rule.label) for rule in (TemplateAssignee.OWNER, TemplateAssignee.PLANNER)]
        members = [(str(row.pk), row.name) for row in directory().members.values() if row.active]
        set_choices(self, "assignee", [*rules, *members])
        set_choices(self, "priority", [("", _("same as the lead")), *Priority.choices])
        set_choices(self, "minutes", length_choices(str((template and template.own_minutes) or "")))
        set_choices(self, "reminded", [("", _("as usual for the type")), (OWN, _("these"))])

    @property
    def field_values(self) -> dict[str, Any]:
        """Return the values to save, by model field."""
        values = dict(self.cleaned_data)
        whose = values.pop("assignee")
        values["member_id"] = None
        values["assignee_rule"] = whose
        if whose.isdigit():
            values |= {"member_id": int(whose), "assignee_rule": TemplateAssignee.MEMBER}
        values["priority"] = int(values["priority"]) if values["priority"] else None
        minutes = values.pop("minutes")
        values["own_minutes"] = int(minutes) if minutes else None
        times = values.pop("times")
        values["own_reminders"] = times if values.pop("reminded") == OWN else None
        return values


def _initial_values(template: FollowUpTemplate | None) -> dict[str, Any]:
    if template is None:
        return {"after": 1, "unit": TemplateUnit.WORKING_DAYS, "clock": time(9)}
    values = {name: getattr(template, name) for name in FollowUpTemplate.FIELDS}
    return values | {
        "assignee": str(template.member_id or template.assignee_rule),
        "minutes": str(template.own_minutes or ""),
        "reminded": "" if template.own_reminders is None else OWN,
        "times": template.own_reminders or [],
    }


def owner_of_new(posted: Any, member: Member, *, may_share: bool) -> Member | None:
    """Return the owner of a new template; None for a template of the team, which needs a permission."""
    if may_share and posted.get("whose") == "team":
        return None
    return member
