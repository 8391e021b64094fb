"""Form of a macro: its text and its actions."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.jobs.models import Priority
from crm.jobs.models.tag import tags
from crm.jobs.next_step.kinds import step_kinds
from crm.platform.organization.configuration import directory
from crm.web.settings import fields
from crm.web.settings.fields import checkbox_field, select_field, set_choices
from tickets.models import Macro
from tickets.models.macro import LONGEST, Unit

# Of whoever uses the macro, in the choice of whose it is.
USER = "user"
MOST_AFTER = 365


class MacroForm(forms.Form):
    """Form of a macro. A blank choice changes nothing."""

    name = fields.text_field(gettext_lazy("Name"), 60)
    brand_id = select_field(gettext_lazy("Brand"), required=False)
    text = forms.CharField(
        label=gettext_lazy("Text"),
        max_length=LONGEST,
        required=False,
        help_text=gettext_lazy(
            "The text is added to the draft, where you can edit it. Without a text, the other actions run immediately."
        ),
        widget=forms.Textarea({"class": "textarea", "rows": 8}),
    )
    status = select_field(gettext_lazy("Status"), required=False)
    priority = select_field(gettext_lazy("Priority"), required=False)
    assignee = select_field(gettext_lazy("Who gets it"), required=False)
    team_id = select_field(gettext_lazy("Team"), required=False)
    tag_ids = checkbox_field(gettext_lazy("Tags"))
    follow_up_kind = select_field(gettext_lazy("Follow-up"), required=False)
    follow_up_title = fields.text_field(gettext_lazy("Task"), 120, required=False)
    follow_up_after = forms.IntegerField(
        label=gettext_lazy("Due in"),
        required=False,
        min_value=1,
        max_value=MOST_AFTER,
        widget=forms.NumberInput({"class": "input", "min": 1, "max": MOST_AFTER}),
    )
    follow_up_unit = select_field(gettext_lazy("Unit"), Unit.choices)

    DOES = ("status", "priority", "assignee", "team_id", "tag_ids")
    FOLLOW_UP = ("follow_up_kind", "follow_up_title", "follow_up_after", "follow_up_unit")

    def __init__(self, posted: Any = None, *, macro: Macro | None) -> None:
        super().__init__(posted, initial=_initial_values(macro))
        organization = directory()
        all_tags = tags()
        same = ("", _("No change"))
        kept = macro or Macro()
        members = [row for pk, row in organization.members.items() if row.active or pk == kept.member_id]
        kinds = step_kinds().kinds
        hidden = step_kinds().hidden - {kept.follow_up_kind}
        options: dict[str, list[Any]] = {
            "brand_id": [("", _("All brands")), *_name_choices(organization.brands, kept.brand_id)],
            "status": [("", _("Same as the reply")), *((one.value, one.label) for one in Macro.STATUSES)],
            "priority": [same, *Priority.choices],
            "assignee": [same, (USER, _("Person using the macro")), *((row.pk, row.name) for row in members)],
            "team_id": [same, *_name_choices(organization.teams, kept.team_id)],
            "tag_ids": [(tag.pk, tag.name) for tag in all_tags.all.values() if tag.is_live or tag.pk in kept.tag_ids],
            "follow_up_kind": [
                ("", _("None")),
                *((code, capfirst(kind.name())) for code, kind in kinds.items() if code not in hidden),
            ],
        }
        for name, choices in options.items():
            set_choices(self, name, choices)
        if not options["tag_ids"]:
            del self.fields["tag_ids"]

    def does(self) -> list[Any]:
        """List the fields of immediate actions."""
        return [self[name] for name in self.DOES if name in self.fields]

    def follow_up(self) -> list[Any]:
        """List the fields of its follow-up."""
        return [self[name] for name in self.FOLLOW_UP]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("follow_up_kind"):
            for name in ("follow_up_title", "follow_up_after"):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, _("Required for a follow-up."))
        return cleaned

    @property
    def facts(self) -> dict[str, Any]:
        """Return the values to save, by model field."""
        cleaned = self.cleaned_data
        whose = cleaned["assignee"]
        planned = bool(cleaned["follow_up_kind"])
        return {
            "name": cleaned["name"],
            "brand_id": _parse_id(cleaned["brand_id"]),
            "text": cleaned["text"].replace("\r\n", "\n").replace("\0", "").strip(),
            "status": cleaned["status"],
            "priority": _parse_id(cleaned["priority"]),
            "to_user": whose == USER,
            "member_id": None if whose == USER else _parse_id(whose),
            "team_id": _parse_id(cleaned["team_id"]),
            "tag_ids": sorted(int(pk) for pk in cleaned.get("tag_ids", ())),
            "follow_up_kind": cleaned["follow_up_kind"],
            "follow_up_title": cleaned["follow_up_title"] if planned else "",
            "follow_up_after": cleaned["follow_up_after"] if planned else None,
            "follow_up_unit": cleaned["follow_up_unit"],
        }


def _parse_id(value: str) -> int | None:
    if value:
        return int(value)
    return None


def _name_choices(rows: Any, chosen: int | None) -> list[tuple[int, str]]:
    return [(pk, row.name) for pk, row in rows.items() if row.archived_at is None or pk == chosen]


def _initial_values(macro: Macro | None) -> dict[str, Any]:
    if macro is None:
        return {"follow_up_unit": Unit.DAYS}
    plain = {name: getattr(macro, name) for name in Macro.FIELDS}
    return plain | {"assignee": USER if macro.to_user else macro.member_id}
