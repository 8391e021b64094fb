"""The form of a mailed report."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.kernel import formats
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.web.reader import Reader
from crm.web.settings.fields import checkbox_field, select_field, set_choices, text_field
from reports.home.sections import KINDS
from reports.models import ReportMail
from reports.models.report_mail import Rhythm

WEEKDAYS = [
    (1, _("Monday")),
    (2, _("Tuesday")),
    (3, _("Wednesday")),
    (4, _("Thursday")),
    (5, _("Friday")),
    (6, _("Saturday")),
    (7, _("Sunday")),
]


class ReportForm(forms.Form):
    """Form of a mailed report: sections, rhythm and recipients."""

    name = text_field(_("Name"), 80)
    sections = checkbox_field(_("Contents"))
    rhythm = select_field(_("How often"), Rhythm.choices)
    weekday = select_field(
        _("Weekday"), WEEKDAYS, hint=_("Of a report of every week: about the week before, Monday to Sunday.")
    )
    monthday = select_field(
        _("Day of the month"),
        [(day, day) for day in range(1, 29)],
        hint=_(
            "Of every month: about the month before. Of every quarter: in its first month, about the quarter before."
        ),
    )
    hour = select_field(_("Time of day"), hint=_("In the organization’s time zone."))
    members = checkbox_field(
        _("Who gets it"), _("Each in their language, of what they may see. They can stop it themselves.")
    )

    def __init__(self, reader: Reader, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by_uid = {str(one.uid): one for one in directory().members.values() if one.active}
        set_choices(self, "members", [(uid, member.name) for uid, member in self.by_uid.items()])
        set_choices(self, "sections", [(key, kind.title) for key, kind in KINDS.items()])
        set_choices(self, "hour", [(hour, hour_words(hour, reader)) for hour in range(24)])

    def report_columns(self) -> dict[str, Any]:
        """Return the report's columns. Requires a valid form."""
        cleaned = self.cleaned_data
        if cleaned["rhythm"] == Rhythm.WEEKLY:
            day = cleaned["weekday"]
        else:
            day = cleaned["monthday"]
        return {
            "name": cleaned["name"],
            "rhythm": cleaned["rhythm"],
            "day": int(day),
            "hour": int(cleaned["hour"]),
            "sections": cleaned["sections"],
        }

    def members_chosen(self) -> list[Member]:
        """Return the chosen recipients. Requires a valid form."""
        return [self.by_uid[uid] for uid in self.cleaned_data["members"]]


def hour_words(hour: int, reader: Reader) -> str:
    """Format an hour of the day: "7:00 AM"."""
    return formats.clock_time(datetime(2000, 1, 1, hour, tzinfo=UTC), ZoneInfo("UTC"), reader.country, reader.language)


def initial_of(report: ReportMail | None) -> dict[str, Any]:
    """Return the initial values of a report's form."""
    if report is None:
        return {"sections": list(KINDS), "rhythm": Rhythm.WEEKLY, "weekday": 1, "monthday": 1, "hour": 7}
    weekly = report.rhythm == Rhythm.WEEKLY
    members = directory().members
    inside = [row.member_id for row in report.recipients.order_by("member_id")]
    return {
        "name": report.name,
        "sections": report.sections,
        "rhythm": report.rhythm,
        "weekday": report.day if weekly else 1,
        "monthday": 1 if weekly else report.day,
        "hour": report.hour,
        "members": [str(members[pk].uid) for pk in inside if pk in members and members[pk].active],
    }
