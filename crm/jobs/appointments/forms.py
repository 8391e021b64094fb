"""Form of an appointment type."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.jobs.appointments.texts import MOMENTS, text_choices
from crm.jobs.models.appointments import AppointmentType
from crm.jobs.models.appointments.appointment_type import (
    EARLIEST_REMINDER,
    LONGEST,
    LONGEST_HOLD,
    LONGEST_NOTICE,
    LONGEST_TRAVEL,
    SHORTEST_HOLD,
)
from crm.jobs.models.assignment.setup import assignment_setup
from crm.platform.organization.configuration import directory
from crm.web.settings.fields import select_field, set_choices, text_field


def _number_field(
    label: Any, most: int, *, least: int = 0, required: bool = True, hint: Any = ""
) -> forms.IntegerField:
    widget = forms.NumberInput({"class": "input", "min": least, "max": most})
    return forms.IntegerField(
        label=label, min_value=least, max_value=most, required=required, help_text=hint, widget=widget
    )


class TypeForm(forms.Form):
    """Form of a type: its name, duration, members, and the reminder hours of each channel."""

    name = text_field(gettext_lazy("Name"), 80)
    way = select_field(gettext_lazy("How"), AppointmentType.MeetingWay.choices)
    minutes = _number_field(gettext_lazy("Length, in minutes"), LONGEST, least=5)
    travel_minutes = _number_field(gettext_lazy("Travel time afterwards, in minutes"), LONGEST_TRAVEL)
    team = select_field(gettext_lazy("Who comes"), required=False)
    skill = select_field(gettext_lazy("Needed skill"), required=False)
    notice_hours = _number_field(
        gettext_lazy("Minimum notice, in hours"),
        LONGEST_NOTICE // 60,
        hint=gettext_lazy("Customers can’t choose a time that begins sooner. You can."),
    )
    notice_in_working_hours = select_field(
        gettext_lazy("The notice counts"),
        [("", gettext_lazy("Every hour, day and night")), ("1", gettext_lazy("Working hours"))],
        required=False,
    )
    hold_minutes = _number_field(
        gettext_lazy("Held while the customer is asked first, in minutes"), LONGEST_HOLD, least=SHORTEST_HOLD
    )
    invites = forms.BooleanField(
        label=gettext_lazy("Send an invitation for the calendar by email"),
        required=False,
        widget=forms.CheckboxInput({"class": "check"}),
    )
    email_before = _number_field(
        gettext_lazy("Reminder by email, hours before"), EARLIEST_REMINDER // 60, least=1, required=False
    )
    sms_before = _number_field(
        gettext_lazy("Reminder by text, hours before"), EARLIEST_REMINDER // 60, least=1, required=False
    )
    whatsapp_before = _number_field(
        gettext_lazy("Reminder by WhatsApp, hours before"),
        EARLIEST_REMINDER // 60,
        least=1,
        required=False,
        hint=gettext_lazy("Empty: none."),
    )

    confirmation_template = select_field(gettext_lazy("Text: booked"), required=False)
    reminder_template = select_field(gettext_lazy("Text: reminder"), required=False)
    moved_template = select_field(gettext_lazy("Text: moved"), required=False)
    cancelled_template = select_field(
        gettext_lazy("Text: cancelled"),
        required=False,
        hint=gettext_lazy("The texts are templates; change them there."),
    )

    BEFORE = ("email_before", "sms_before", "whatsapp_before")

    def __init__(self, *args: Any, row: AppointmentType | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("initial", _initial_values(row) if row else _initial_values(AppointmentType()))
        kwargs.setdefault("auto_id", f"type-{row.pk if row else 'new'}-%s")
        super().__init__(*args, **kwargs)
        teams = [
            one for one in directory().teams.values() if one.archived_at is None or (row and one.pk == row.team_id)
        ]
        skills = assignment_setup().skills.values()
        skills_ = [one for one in skills if one.archived_at is None or (row and one.pk == row.skill_id)]
        set_choices(self, "team", [("", _("Anybody")), *((one.pk, one.name) for one in teams)])
        set_choices(self, "skill", [("", _("None")), *((one.pk, one.name) for one in skills_)])
        for moment in MOMENTS:
            name = f"{moment}_template"
            set_choices(self, name, text_choices(moment, getattr(row, name) if row else ""))

    @property
    def facts(self) -> dict[str, Any]:
        """Values to save, by the type's field."""
        values = dict(self.cleaned_data)
        team = values.pop("team")
        skill = values.pop("skill")
        values |= {name: values[name] * 60 if values[name] else None for name in self.BEFORE}
        values["notice_minutes"] = values.pop("notice_hours") * 60
        values["notice_in_working_hours"] = bool(values["notice_in_working_hours"])
        if team:
            values["team"] = directory().teams[int(team)]
        else:
            values["team"] = None
        if skill:
            values["skill"] = assignment_setup().skills[int(skill)]
        else:
            values["skill"] = None
        return values


def _initial_values(row: AppointmentType) -> dict[str, Any]:
    names = ("name", "way", "minutes", "travel_minutes", "hold_minutes", "invites")
    filled = {name: getattr(row, name) for name in (*names, *(f"{moment}_template" for moment in MOMENTS))}
    filled |= {name: (getattr(row, name) or 0) // 60 or None for name in TypeForm.BEFORE}
    filled["notice_hours"] = row.notice_minutes // 60
    if row.notice_in_working_hours:
        filled["notice_in_working_hours"] = "1"
    else:
        filled["notice_in_working_hours"] = ""
    return filled | {"team": row.team_id or "", "skill": row.skill_id or ""}
