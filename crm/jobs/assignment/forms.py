"""Forms of assignment: a rule, the usual limits of a kind, an absence, and one member's limits and hours."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.jobs.assignment.work import AssignableWork, kinds
from crm.jobs.models import Priority, WorkType
from crm.jobs.models.assignment import AssignmentRule, Strategy
from crm.jobs.models.assignment.setup import assignment_setup
from crm.jobs.models.tag import tags
from crm.jobs.pipelines.setup import pipeline_setup
from crm.platform.models import BusinessCalendar, Member
from crm.platform.organization.configuration import directory
from crm.web.settings.fields import select_field, set_choices, text_field

# What a limit may be; more is no limit.
MOST = 9_999
MOST_VALUE = 1_000_000_000


def _checkbox(label: Any, hint: Any = "") -> forms.BooleanField:
    return forms.BooleanField(
        label=label, required=False, help_text=hint, widget=forms.CheckboxInput({"class": "check"})
    )


def _count_field(
    label: Any, hint: Any = "", *, least: int = 0, most: int = MOST, required: bool = False
) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        required=required,
        min_value=least,
        max_value=most,
        help_text=hint,
        widget=forms.NumberInput({"class": "input", "min": least, "max": most}),
    )


def _day_field(label: Any, *, required: bool = True, hint: Any = "") -> forms.DateField:
    widget = forms.DateInput({"class": "input", "type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, help_text=hint, widget=widget)


class RuleForm(forms.Form):
    """Form of an assignment rule: its conditions and its assignees. Rows are chosen by id; blank means any, or none."""

    name = text_field(gettext_lazy("Name"), 60)
    brand = select_field(gettext_lazy("Brand"), required=False)
    pipeline = select_field(gettext_lazy("Pipeline"), required=False)
    work_type = select_field(gettext_lazy("Type of work"), required=False)
    priority = select_field(gettext_lazy("Priority"), required=False)
    channel = select_field(gettext_lazy("Channel"), required=False)
    source = select_field(gettext_lazy("Source"), required=False)
    tag = select_field(gettext_lazy("Tag"), required=False)
    least_value = _count_field(
        gettext_lazy("Minimum value"), gettext_lazy("Leave empty for any value."), least=1, most=MOST_VALUE
    )
    sold_only = _checkbox(gettext_lazy("Only sold work"))
    team = select_field(gettext_lazy("To the team"), required=False)
    skill = select_field(gettext_lazy("Required skill"), required=False)
    uses_territory = _checkbox(gettext_lazy("Only members in the territory of the address"))
    strategy = select_field(gettext_lazy("Distribute by"), Strategy.choices)
    is_sticky = _checkbox(gettext_lazy("Prefer members who know the customer"))
    waits_for_hours = _checkbox(
        gettext_lazy("If nobody is at work, wait for the first person who is"),
        gettext_lazy("Otherwise it is assigned to someone in the team who is off."),
    )
    fallback_team = select_field(gettext_lazy("Fallback team"), required=False)
    last_resort = select_field(
        gettext_lazy("Fallback person"),
        required=False,
        hint=gettext_lazy(
            "Gets it regardless of their capacity. If empty, it waits for the first person with capacity."
        ),
    )

    ABOUT = ("brand", "pipeline", "work_type", "priority", "channel", "source", "tag", "least_value", "sold_only")

    def __init__(self, work: AssignableWork, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        organization = directory()
        setup = assignment_setup()
        self._rows: dict[str, dict[int, Any]] = {
            "brand": {pk: row for pk, row in organization.brands.items() if row.archived_at is None},
            "pipeline": {pk: row for pk, row in pipeline_setup().pipelines.items() if row.archived_at is None},
            "source": {pk: row for pk, row in pipeline_setup().sources.items() if row.archived_at is None},
            "tag": {tag.pk: tag for tag in tags().live},
            "team": {pk: row for pk, row in organization.teams.items() if row.archived_at is None},
            "skill": {pk: row for pk, row in setup.skills.items() if row.archived_at is None},
            "last_resort": {pk: row for pk, row in organization.members.items() if row.active},
        }
        self._rows["fallback_team"] = self._rows["team"]
        blank = {"fallback_team": _("None"), "last_resort": _("Nobody"), "team": capfirst(str(work.everybody))}
        for name, rows in self._rows.items():
            self._keep_chosen(name, rows)
            set_choices(self, name, [("", blank.get(name, _("Any"))), *((pk, str(row)) for pk, row in rows.items())])
        set_choices(self, "priority", [("", _("Any")), *Priority.choices])
        set_choices(self, "work_type", [("", _("Any")), *WorkType.choices])
        set_choices(self, "channel", [("", _("Any")), *work.channels()])
        if not work.channels():
            del self.fields["channel"]
        if not work.has_sources:
            del self.fields["source"]
        if not work.has_pipelines:
            del self.fields["pipeline"], self.fields["work_type"]
        if not work.has_tags:
            del self.fields["tag"]

    def _keep_chosen(self, name: str, rows: dict[int, Any]) -> None:
        """Add the rule's current choice, even if archived, so that saving the form does not change untouched fields."""
        chosen = (self.initial or {}).get(name)
        all_rows: dict[int, Any] = {
            "brand": directory().brands,
            "pipeline": pipeline_setup().pipelines,
            "source": pipeline_setup().sources,
            "tag": tags().all,
            "skill": assignment_setup().skills,
            "last_resort": directory().members,
        }.get(name, directory().teams)  # type: ignore[assignment]
        if chosen and chosen in all_rows:
            rows.setdefault(chosen, all_rows[chosen])

    @property
    def facts(self) -> dict[str, Any]:
        """Return the values to save, by the rule's field."""
        values = dict(self.cleaned_data)
        for name, rows in self._rows.items():
            if name in values:
                if values[name]:
                    values[name] = rows[int(values[name])]
                else:
                    values[name] = None
        return values | {"priority": int(values["priority"]) if values["priority"] else None}


def as_chosen(rule: AssignmentRule) -> dict[str, Any]:
    """Return a rule as initial values of its form."""
    keys = ("brand", "pipeline", "source", "tag", "team", "skill", "fallback_team", "last_resort")
    plain = (
        *("name", "work_type", "priority", "channel", "least_value", "sold_only"),
        *("uses_territory", "strategy", "is_sticky", "waits_for_hours"),
    )
    return {name: getattr(rule, f"{name}_id") for name in keys} | {name: getattr(rule, name) for name in plain}


class AssignmentPolicyForm(forms.Form):
    """Form of the usual limits of a kind of work."""

    limit = _count_field(
        gettext_lazy("Limit per member"), gettext_lazy("Leave empty for no limit. Members can have their own limit.")
    )
    waiting_percent = _count_field(
        gettext_lazy("Weight of work waiting on the customer, in percent"), most=100, required=True
    )
    away_minutes = _count_field(gettext_lazy("Away after inactivity, in minutes"), least=15, most=720, required=True)


class PauseForm(forms.Form):
    """Form of a pause: until when a member gets no new work."""

    until = _day_field(
        gettext_lazy("Up to and including"), required=False, hint=gettext_lazy("Leave empty for no end date.")
    )


class AbsenceForm(forms.Form):
    """Form of an absence: first day, last day and cover."""

    starts = _day_field(gettext_lazy("First day"))
    ends = _day_field(gettext_lazy("Last day"), required=False, hint=gettext_lazy("Leave empty if not known yet."))
    note = text_field(
        gettext_lazy("Note"),
        120,
        required=False,
        hint=gettext_lazy("Visible to colleagues: do not enter medical details."),
    )
    cover = select_field(
        gettext_lazy("Cover"),
        required=False,
        hint=gettext_lazy("Takes over work waiting on us. Without a cover, the rules decide."),
    )
    gives_back = _checkbox(gettext_lazy("Return open work afterwards"))

    def __init__(self, member: Member, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = {str(one.uid): one for one in directory().members.values() if one.active and one.pk != member.pk}
        set_choices(
            self, "cover", [("", _("Nobody: use the rules")), *((uid, one.name) for uid, one in others.items())]
        )
        self._zone = zone_of(member)
        self._others = others

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        starts = cleaned.get("starts")
        ends = cleaned.get("ends")
        if starts and ends and ends < starts:
            self.add_error("ends", _("The last day is before the first."))
        for name in ("starts", "ends"):
            if (day := cleaned.get(name)) and not 2000 <= day.year < 2200:
                self.add_error(name, _("That is not a valid date."))
        return cleaned

    @property
    def facts(self) -> dict[str, Any]:
        """Return the values of the absence: whole days in the member's own zone."""
        cleaned = self.cleaned_data
        return {
            "starts_at": midnight(cleaned["starts"], self._zone),
            "ends_at": midnight(cleaned["ends"] + timedelta(days=1), self._zone) if cleaned["ends"] else None,
            "note": cleaned["note"],
            "cover": self._others.get(cleaned["cover"]),
            "gives_back": cleaned["gives_back"],
        }


class LimitsForm(forms.Form):
    """Form of a member's working hours and their limit for each kind of work."""

    calendar = select_field(gettext_lazy("Working hours"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.calendars = {str(row.pk): row for row in BusinessCalendar.objects.order_by("name") if not row.archived_at}
        names = [(pk, row.name) for pk, row in self.calendars.items()]
        set_choices(self, "calendar", [("", _("Organization default")), *names])
        for work in kinds():
            self.fields[work.kind] = _count_field(
                _("%(kind)s: at most") % {"kind": work.label}, _("Leave empty for the default. 0 means none.")
            )


def zone_of(member: Member) -> ZoneInfo:
    """Return the time zone in which a member's days are counted."""
    if member.time_zone:
        return ZoneInfo(member.time_zone)
    return directory().zone


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """Return the instant a local day begins."""
    return datetime.combine(day, time(), zone)
