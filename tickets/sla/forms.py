"""Form of a policy: conditions, and a time per promise and priority."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comms.models import Medium
from crm.jobs.clock import arithmetic as ageing
from crm.jobs.models import Priority
from crm.jobs.models.tag import tags
from crm.kernel import clock, durations
from crm.kernel.business_hours import HoursError
from crm.platform.organization.configuration import directory
from crm.web.settings.fields import checkbox_field, select_field, set_choices, text_field
from tickets.models import SlaPolicy
from tickets.models.metric import Metric
from tickets.models.sla_terms import NUDGE, Conditions, Policy, Target, default_matrix
from tickets.sla.policy_words import target_text

# Days; longer is no promise.
LONGEST = 366
WORK = "work"
CALENDAR = "calendar"


class Cell(NamedTuple):
    """A time in the table, with its priority's label."""

    label: str
    field: Any


class TargetFormRow(NamedTuple):
    """A promise in the table: times by priority, and the hours they count."""

    label: str
    cells: list[Cell]
    counts: Any


def _time_field(label: Any, *, required: bool = False, hint: Any = "") -> forms.CharField:
    return text_field(label, 40, required=required, hint=hint, autocomplete="off")


class PolicyForm(forms.Form):
    """Form of a policy. A blank condition matches everything, a blank time promises nothing."""

    name = text_field(gettext_lazy("Name"), 60)
    brand_id = select_field(gettext_lazy("Brand"), required=False)
    channel = select_field(gettext_lazy("Channel"), required=False)
    team_id = select_field(gettext_lazy("Team"), required=False)
    tag_id = select_field(gettext_lazy("Tag"), required=False)
    priorities = checkbox_field(gettext_lazy("Priorities"), gettext_lazy("Leave empty for all."))
    partners_only = forms.BooleanField(
        label=gettext_lazy("Only conversations of partners"),
        required=False,
        widget=forms.CheckboxInput({"class": "check"}),
    )
    raises_to = select_field(
        gettext_lazy("Minimum priority"), required=False, hint=gettext_lazy("A higher priority is kept.")
    )
    nudge = _time_field(
        gettext_lazy("Nudge the customer after"), required=True, hint=gettext_lazy("In calendar time, e.g. 3d.")
    )

    ABOUT = ("brand_id", "channel", "team_id", "tag_id", "priorities", "partners_only", "raises_to")

    def __init__(self, posted: Any = None, *, policy: SlaPolicy | None, plain: Policy | None) -> None:
        super().__init__(posted, initial=_initial_values(plain))
        organization = directory()
        if plain:
            kept = plain.conditions
        else:
            kept = Conditions()
        for name, rows, chosen in (
            ("brand_id", organization.brands, kept.brand_id),
            ("team_id", organization.teams, kept.team_id),
            ("tag_id", tags().all, kept.tag_id),
        ):
            found = [(pk, row.name) for pk, row in rows.items() if _is_offered(row) or pk == chosen]
            set_choices(self, name, [("", _("Any")), *found])
        set_choices(self, "channel", [("", _("Any")), *Medium.choices])
        set_choices(self, "priorities", Priority.choices)
        set_choices(self, "raises_to", [("", _("No change")), *Priority.choices])
        for metric in Metric:
            for rank in Priority:
                self.fields[f"{metric.value}-{rank.value}"] = _time_field(f"{metric.label}, {rank.label}")
            self.fields[f"{metric.value}-counts"] = select_field(
                _("%(promise)s counted in") % {"promise": metric.label},
                [(WORK, _("Working hours")), (CALENDAR, _("Calendar time"))],
            )
        self.policy = policy

    def rows(self) -> list[TargetFormRow]:
        """List the table's rows."""
        return [
            TargetFormRow(
                str(metric.label),
                [Cell(str(rank.label), self[f"{metric.value}-{rank.value}"]) for rank in Priority],
                self[f"{metric.value}-counts"],
            )
            for metric in Metric
        ]

    def about(self) -> list[Any]:
        """List the fields of the conditions."""
        return [self[name] for name in self.ABOUT]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self.targets: dict[tuple[str, int], Target] = {}
        for metric in Metric:
            works = cleaned.get(f"{metric.value}-counts") != CALENDAR
            for rank in Priority:
                name = f"{metric.value}-{rank.value}"
                seconds = self._read_seconds(name, works=works)
                if seconds:
                    self.targets[metric.value, rank.value] = Target(seconds, works)
        self.nudge_seconds = self._read_seconds("nudge", works=False)
        if not self.errors and not self.targets:
            self.add_error(None, _("Enter at least one time."))
        return cleaned

    def _read_seconds(self, name: str, *, works: bool) -> int:
        """Read a time; 0 if blank or invalid, the latter with a form error."""
        typed_text = self.cleaned_data.get(name, "")
        calendars = []
        if works:
            calendars = self._calendar_choices()
        day = min((hours.workday for hours in calendars), default=durations.DAY)
        try:
            seconds = 0
            if typed_text:
                seconds = durations.parse_duration(typed_text, day, 5 if works else 7)
        except ValueError:
            self.add_error(name, _("Write it like 2d 4h, 90 min or 1:30."))
            return 0
        if typed_text and not 0 < seconds <= LONGEST * durations.DAY:
            self.add_error(name, _("Enter a time of up to a year."))
            return 0
        try:
            for hours in calendars if seconds else ():
                ageing.instants(clock.now(), seconds, hours, ratios=directory().tenant.ratios)
        except HoursError as error:
            self.add_error(name, _(error.sentence) % error.params)
            return 0
        return seconds

    def _calendar_choices(self) -> list[Any]:
        """Return the choices of hours that times are counted in."""
        organization = directory()
        brand = self.cleaned_data.get("brand_id")
        if brand:
            brands = [int(brand)]
        else:
            brands = list(organization.brands)
        return [organization.calendars[pk] for pk in {organization.calendar_of(one) for one in brands} if pk]

    @property
    def facts(self) -> dict[str, Any]:
        """Return the values to save, by model field."""
        cleaned: Mapping[str, Any] = self.cleaned_data
        return {
            "name": cleaned["name"],
            "brand_id": int(cleaned["brand_id"]) if cleaned["brand_id"] else None,
            "channel": cleaned["channel"],
            "team_id": int(cleaned["team_id"]) if cleaned["team_id"] else None,
            "priorities": sorted(int(rank) for rank in cleaned["priorities"]),
            "partners_only": cleaned["partners_only"],
            "tag_id": int(cleaned["tag_id"]) if cleaned["tag_id"] else None,
            "raises_to": int(cleaned["raises_to"]) if cleaned["raises_to"] else None,
            "nudge_seconds": self.nudge_seconds,
        }

    @property
    def plain(self) -> Policy:
        """Return the form's values as plain values, for the preview."""
        facts = self.facts
        conditions = Conditions(
            facts["brand_id"],
            facts["channel"],
            frozenset(facts["priorities"]),
            facts["team_id"],
            facts["partners_only"],
            facts["tag_id"],
        )
        return Policy(facts["name"], conditions, self.targets, facts["nudge_seconds"], facts["raises_to"])


def _is_offered(row: Any) -> bool:
    return row.archived_at is None and getattr(row, "merged_into_id", None) is None


def _initial_values(plain: Policy | None) -> dict[str, Any]:
    plain = plain or Policy(targets=default_matrix(), nudge_seconds=NUDGE * durations.HOUR)
    conditions = plain.conditions
    initial: dict[str, Any] = {
        "name": plain.name,
        "brand_id": conditions.brand_id or "",
        "channel": conditions.channel,
        "team_id": conditions.team_id or "",
        "priorities": sorted(conditions.priorities),
        "partners_only": conditions.partners_only,
        "tag_id": conditions.tag_id or "",
        "raises_to": plain.raises_to or "",
        "nudge": durations.exact_duration(plain.nudge_seconds),
    }
    for metric in Metric:
        targets = {rank: plain.targets.get((metric.value, rank)) for rank in Priority}
        initial |= {f"{metric.value}-{rank.value}": target_text(target) for rank, target in targets.items()}
        promised = [target for target in targets.values() if target]
        works = bool(promised) and all(target.working_hours for target in promised)
        if works:
            initial[f"{metric.value}-counts"] = WORK
        else:
            initial[f"{metric.value}-counts"] = CALENDAR
    return initial
