"""Sections of the configuration file: the organization, its calendars, brands and teams."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.kernel.refusal import Refused
from crm.platform.configuration.row_content import FieldRefused, RowContent, RowPart, ValuesContent
from crm.platform.configuration.sections import ConfigurationSection, UnexportedModel
from crm.platform.configuration.values import DurationCodec, TimeCodec, plain_list, plain_mapping
from crm.platform.features import Feature
from crm.platform.models import Brand, BusinessCalendar, Member, MemberPhoto, Team, TeamMember, Tenant
from crm.platform.models.calendar import ClosingDay
from crm.platform.models.tenant import EDITABLE, LEVELS
from crm.platform.tenancy.context import required_tenant_id
from crm.web.models import ColumnChoice, SavedView
from crm.web.settings import choices

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# The name stays: a copy of the configuration is another organization.
ORGANIZATION_FIELDS = (*(name for name in EDITABLE if name != "name"), *LEVELS)


class OfferedCodec:
    """The codec of a code that must be among the choices of a settings form."""

    def __init__(self, offered: Any) -> None:
        self.offered = offered

    def encode(self, value: Any) -> Any:
        return value

    def decode(self, plain: Any) -> Any:
        if plain not in {code for code, _label in self.offered()}:
            raise Refused(_("“%(code)s” is not one of the choices.") % {"code": str(plain)[:40]})
        return plain


class WeekCodec:
    """The codec of a week of working hours: spans such as "08:00-12:00", by day."""

    def encode(self, value: Any) -> dict[str, list[str]]:
        return {day: [_span_text(*span) for span in spans] for day, spans in zip(DAYS, value, strict=True)}

    def decode(self, plain: Any) -> list[list[list[int]]]:
        days = plain_mapping(plain)
        if unknown := next((day for day in days if day not in DAYS), None):
            raise FieldRefused(("week", unknown), _("“%(day)s” is not a day of the week.") % {"day": unknown[:40]})
        return [[_parse_span(str(span)) for span in plain_list(days.get(day) or [])] for day in DAYS]


def _span_text(start: int, end: int) -> str:
    return f"{_clock_text(start)}-{_clock_text(end)}"


def _clock_text(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _parse_span(text: str) -> list[int]:
    start, _dash, end = text.partition("-")
    return [_parse_clock(start), _parse_clock(end)]


def _parse_clock(text: str) -> int:
    """Return the minutes since midnight; "24:00" is the end of the day."""
    if text.strip() == "24:00":
        return 24 * 60
    parsed = TimeCodec().decode(text.strip())
    if parsed is None:
        return 0
    return parsed.hour * 60 + parsed.minute


def _time_zones() -> list[tuple[Any, Any]]:
    return [zone for _region, zones in choices.time_zones() for zone in zones]


def _save_organization(values: dict[str, Any], by: Member | None) -> None:
    tenant = _tenant()
    tenant.edit(by=by, **{name: values[name] for name in EDITABLE if name in values})
    tenant.change_levels(by=by, **{name: values[name] for name in LEVELS})


def _tenant() -> Tenant:
    return Tenant.objects.get(pk=required_tenant_id())


def _closing_days(calendar: BusinessCalendar) -> dict[str, str]:
    rows = ClosingDay.objects.filter(calendar=calendar).order_by("day")
    return {row.day.isoformat(): row.name for row in rows}


def _set_closing_days(calendar: BusinessCalendar, plain: Any, by: Member | None) -> None:
    """Set the closing days; one with another name is replaced."""
    wanted = {str(day): str(name)[:80] for day, name in plain_mapping(plain or {}).items()}
    before = _closing_days(calendar)
    column: Any = ClosingDay._meta.get_field("day")
    for day in before:
        if wanted.get(day) != before[day]:
            calendar.open_on(column.to_python(day), by=by)
    for day, name in wanted.items():
        if before.get(day) != name:
            calendar.close_on(_parse_day(day), name, by=by)


def _parse_day(text: str) -> Any:
    column: Any = ClosingDay._meta.get_field("day")
    try:
        return column.to_python(text)
    except ValidationError:
        raise FieldRefused((text,), _("“%(text)s” is not a day, such as 2026-12-24.") % {"text": text[:40]}) from None


ORGANIZATION = ConfigurationSection(
    name="organization",
    label=gettext_lazy("Organization"),
    page="organization",
    content=ValuesContent(
        model=Tenant,
        covers=(),
        fields=ORGANIZATION_FIELDS,
        get=_tenant,
        save=_save_organization,
        codecs={
            "time_zone": OfferedCodec(_time_zones),
            "language": OfferedCodec(choices.languages),
            "country": OfferedCodec(choices.countries),
            "currency": OfferedCodec(choices.currencies),
            "default_ours": DurationCodec(),
            "default_theirs": DurationCodec(),
        },
    ),
)
CALENDARS = ConfigurationSection(
    name="calendars",
    label=gettext_lazy("Working hours"),
    page="calendars",
    content=RowContent(
        model=BusinessCalendar,
        within=(ClosingDay,),
        fields=("time_zone", "week", "holiday_country", "holiday_region"),
        codecs={"time_zone": OfferedCodec(_time_zones), "week": WeekCodec()},
        parts={"closed_on": RowPart(_closing_days, _set_closing_days)},
        has_default=True,
        add=lambda model, name, values, by: model.create(by=by, **{"name": name, **values}),
        edit=lambda row, values, by: row.change_hours(by=by, **values),
    ),
)
BRANDS = ConfigurationSection(
    name="brands",
    label=gettext_lazy("Brands"),
    page="brands",
    content=RowContent(
        model=Brand,
        fields=("country", "currency", "language", "hue", "email", "phone", "calendar"),
        codecs={
            "language": OfferedCodec(choices.languages),
            "country": OfferedCodec(choices.countries),
            "currency": OfferedCodec(choices.currencies),
        },
        has_default=True,
        add=lambda model, name, values, by: model.create(by=by, name=name, **values),
        edit=lambda row, values, by: row.edit(by=by, **values),
    ),
)
TEAMS = ConfigurationSection(
    name="teams",
    label=gettext_lazy("Teams"),
    page="teams",
    content=RowContent(model=Team, add=lambda model, name, values, by: model.create(name, by=by)),
)
SECTIONS: list[Feature] = [
    ORGANIZATION,
    CALENDARS,
    BRANDS,
    TEAMS,
    UnexportedModel(Member, "Members are people; they are invited."),
    UnexportedModel(MemberPhoto, "A photo is a member’s own."),
    UnexportedModel(TeamMember, "Who is in a team is about members."),
    UnexportedModel(SavedView, "Saved views belong to members and their teams."),
    UnexportedModel(ColumnChoice, "Columns are a member’s own."),
]
