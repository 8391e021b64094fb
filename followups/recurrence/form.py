"""SeriesForm: what a person chooses about a series, turned into a rule, and a rule turned back into the choices."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from crm.jobs.models import Priority
from crm.kernel.refusal import Refused
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from followups.details.detail_fields import read_details
from followups.models import FollowUpSeries, HolidayPolicy
from followups.models.kind_setup import kinds
from followups.recurrence.edits import SeriesValues, read_rule
from libs.recurrence import WEEKDAYS, RecurrenceRule, RuleDay

REPEATS = [
    ("daily", pgettext_lazy("repeats", "Daily")),
    ("weekly", pgettext_lazy("repeats", "Weekly")),
    ("monthly", pgettext_lazy("repeats", "Monthly")),
    ("own", gettext_lazy("Own rule")),
]
ENDS = [
    ("open", gettext_lazy("I end it")),
    ("date", gettext_lazy("a day")),
    ("times", gettext_lazy("so many times")),
    ("job", gettext_lazy("the lead is closed")),
]
# Which day of the month, of the first day: the 16th, the third Monday, the last Monday, the last day.
MONTHLY = [
    ("day", gettext_lazy("the same day of the month")),
    ("nth", gettext_lazy("the same weekday of the month")),
    ("last", gettext_lazy("the last such weekday")),
    ("end", gettext_lazy("the last day")),
]


class SeriesForm(forms.Form):
    """The fields of a series."""

    subject = forms.CharField(max_length=120)
    kind = forms.ChoiceField()
    assignee = forms.ChoiceField(required=False)
    day = forms.DateField()
    clock = forms.TimeField()
    repeat = forms.ChoiceField(choices=[("never", ""), *REPEATS])
    interval = forms.IntegerField(min_value=1, max_value=999, required=False)
    weekdays = forms.MultipleChoiceField(choices=[(name, name) for name in WEEKDAYS], required=False)
    monthly = forms.ChoiceField(choices=MONTHLY, required=False)
    rule = forms.CharField(max_length=400, required=False)
    ends = forms.ChoiceField(choices=ENDS, required=False)
    until = forms.DateField(required=False)
    times = forms.IntegerField(min_value=1, max_value=999, required=False)
    holidays = forms.ChoiceField(choices=HolidayPolicy.choices, required=False)
    zone = forms.CharField(max_length=64)
    priority = forms.TypedChoiceField(choices=Priority.choices, coerce=int, required=False, empty_value=None)
    notes = forms.CharField(max_length=4000, required=False)
    # Read with the reminders (followups/details/detail_fields.py); here they are the names of fields.
    minutes = forms.CharField(required=False)
    meeting = forms.CharField(required=False)
    completes_on = forms.CharField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = [row for row in directory().members.values() if row.active]
        self.members = {str(row.uid): row for row in members}
        self.fields["assignee"].choices = [("", ""), *((uid, row.name) for uid, row in self.members.items())]  # type: ignore[attr-defined]
        self.fields["kind"].choices = [(kind.code, kind.label) for kind in kinds().all.values()]  # type: ignore[attr-defined]

    def values(self) -> SeriesValues:
        """Return what the form says. Raises Refused with one sentence."""
        if not self.is_valid():
            raise Refused(_sentence(self))
        data = self.cleaned_data
        if data["repeat"] == "never":
            raise Refused(_("Choose how often it repeats."))
        return SeriesValues(
            kind=data["kind"],
            subject=data["subject"],
            rule=str(_build_rule(data)),
            zone=data["zone"],
            start_day=data["day"],
            start_time=data["clock"],
            notes=data["notes"],
            priority=data["priority"] or Priority.NORMAL,
            assignee=self._member(data["assignee"]),
            ends_with_job=data["ends"] == "job",
            holidays=data["holidays"] or HolidayPolicy.NEXT,
            details=read_details(cast("QueryDict", self.data), kind=data["kind"]),
        )

    def _member(self, uid: str) -> Member | None:
        return self.members.get(uid)


def _sentence(form: SeriesForm) -> str:
    """Return one sentence for the first wrong field."""
    sentences = {
        "subject": _("Write what to do."),
        "kind": _("Choose a type."),
        "day": _("Choose the first day."),
        "clock": _("Choose a time of day."),
        "repeat": _("Choose how often it repeats."),
        "until": _("Choose the last day."),
        "times": _("Write how many times, from 1 to 999."),
        "interval": _("Write a number from 1 to 999."),
    }
    name = next(iter(form.errors))
    return sentences.get(name) or _("One of the choices is no longer there. Reload the page.")


def _build_rule(data: Mapping[str, Any]) -> RecurrenceRule:
    """Return the rule of the choices. Raises Refused for an own rule that is none, or an end that is missing."""
    end = _read_end(data)
    if data["repeat"] == "own":
        return _with_end(read_rule(data["rule"]), end)
    interval = data["interval"] or 1
    if data["repeat"] == "daily":
        return RecurrenceRule("DAILY", interval, **end)
    if data["repeat"] == "weekly":
        days = [RuleDay(WEEKDAYS.index(name)) for name in data["weekdays"]] or [RuleDay(data["day"].weekday())]
        return RecurrenceRule("WEEKLY", interval, by_day=tuple(days), **end)
    return RecurrenceRule("MONTHLY", interval, **_monthly_part(data["monthly"], data["day"]), **end)


def _read_end(data: Mapping[str, Any]) -> dict[str, Any]:
    if data["ends"] == "date":
        if data["until"] is None:
            raise Refused(_("Choose the last day."))
        return {"until": data["until"]}
    if data["ends"] == "times":
        if data["times"] is None:
            raise Refused(_("Write how many times, from 1 to 999."))
        return {"count": data["times"]}
    return {}


def _with_end(rule: RecurrenceRule, end: Mapping[str, Any]) -> RecurrenceRule:
    if not end:
        return rule
    values = vars(rule) | {"count": None, "until": None} | dict(end)
    return RecurrenceRule(**values)


def _monthly_part(choice: str, day: date) -> dict[str, Any]:
    if choice == "nth":
        return {"by_day": (RuleDay(day.weekday(), (day.day - 1) // 7 + 1),)}
    if choice == "last":
        return {"by_day": (RuleDay(day.weekday(), -1),)}
    if choice == "end":
        return {"by_month_day": (-1,)}
    return {"by_month_day": (day.day,)}


def choices_of(series: FollowUpSeries) -> dict[str, Any]:
    """Return the values of the form's fields for a series."""
    rule = series.recurrence
    plain = RecurrenceRule(**(vars(rule) | {"count": None, "until": None}))
    return {
        "subject": series.subject,
        "kind": series.kind,
        "assignee": str(series.assignee.uid) if series.assignee else "",
        "day": series.start_day.isoformat(),
        "clock": f"{series.start_time:%H:%M}",
        "priority": str(series.priority),
        "notes": series.notes,
        "interval": str(rule.interval),
        "weekdays": [WEEKDAYS[day.weekday] for day in rule.by_day] or [WEEKDAYS[series.start_day.weekday()]],
        "rule": str(plain),
        "holidays": series.holidays,
        "zone": series.zone,
        "minutes": str(series.own_minutes or ""),
        "meeting": series.meeting,
        "completes_on": series.completes_on,
        **_repeat_choices(plain, series.start_day),
        **_end_choices(series, rule),
    }


def _repeat_choices(plain: RecurrenceRule, start: date) -> dict[str, str]:
    """Return which of the choices makes the rule; an own rule if none does."""
    if plain == RecurrenceRule("DAILY", plain.interval):
        return {"repeat": "daily", "monthly": "day"}
    if plain == RecurrenceRule("WEEKLY", plain.interval, by_day=plain.by_day) and plain.by_day:
        return {"repeat": "weekly", "monthly": "day"}
    for choice, _label in MONTHLY:
        if plain == RecurrenceRule("MONTHLY", plain.interval, **_monthly_part(choice, start)):
            return {"repeat": "monthly", "monthly": choice}
    return {"repeat": "own", "monthly": "day"}


def _end_choices(series: FollowUpSeries, rule: RecurrenceRule) -> dict[str, str]:
    if series.ends_with_job:
        return {"ends": "job"}
    if rule.count:
        return {"ends": "times", "times": str(rule.count)}
    if rule.until:
        day = rule.until
        if isinstance(day, datetime):
            day = day.date()
        return {"ends": "date", "until": day.isoformat()}
    return {"ends": "open"}


def blank_choices(day: date, clock: time, zone: str) -> dict[str, Any]:
    """Return the values of the fields of a new series: weekly on the first day, until somebody ends it."""
    return {
        "subject": "",
        "kind": "call",
        "assignee": "",
        "day": day.isoformat(),
        "clock": f"{clock:%H:%M}",
        "priority": str(Priority.NORMAL),
        "notes": "",
        "interval": "1",
        "weekdays": [WEEKDAYS[day.weekday()]],
        "monthly": "day",
        "rule": "",
        "repeat": "weekly",
        "ends": "open",
        "holidays": HolidayPolicy.NEXT,
        "zone": zone,
        "minutes": "",
        "meeting": "",
        "completes_on": "",
    }
