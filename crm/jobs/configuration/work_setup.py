"""Sections of the configuration file: sources, tags, own fields, lost reasons, assignment, appointment types."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.jobs.configuration.book_chapters import CHAPTERS
from crm.jobs.configuration.codecs import PriorityCodec
from crm.jobs.configuration.pipelines import PHASES, PIPELINES
from crm.jobs.models import Source, Tag
from crm.jobs.models.appointments import AppointmentType
from crm.jobs.models.assignment import (
    Absence,
    AssignmentPolicy,
    AssignmentRule,
    Availability,
    Capacity,
    MemberSkill,
    Skill,
    Territory,
    TerritoryMember,
)
from crm.jobs.models.fields import OwnField
from crm.jobs.models.losses import LostReason
from crm.kernel.refusal import Refused
from crm.platform.configuration.row_content import RowContent, RowPart, arrange_rows
from crm.platform.configuration.sections import ConfigurationSection, UnexportedModel
from crm.platform.configuration.values import plain_list
from crm.platform.features import Feature
from crm.platform.models import Member

# Between the two parts of a name that is unique within something, such as the kind of work of a rule.
OF = " / "


def _edit_own_field(field: OwnField, values: dict[str, Any], by: Member | None) -> None:
    """Edit an own field. Raises Refused for another record or kind, as stored values would change their meaning."""
    if (values["record"], values["kind"]) != (field.record, field.kind):
        raise Refused(_("A field keeps its record and its kind. Archive it and add another."))
    field.edit(field.name, options=values["options"], by=by)


def _edit_territory(territory: Territory, values: dict[str, Any], by: Member | None) -> None:
    members = list(Member.objects.filter(pk__in=territory.places.values("member_id")))
    territory.edit(name=territory.name, members=members, by=by, **values)


def _top_reasons() -> Any:
    return LostReason.objects.filter(parent=None).order_by("ends", "position", "pk")


def _sub_reasons(reason: LostReason, live: bool = True) -> Any:
    rows = LostReason.objects.filter(parent=reason).order_by("position", "pk")
    if live:
        return rows.filter(archived_at=None)
    return rows


def _add_reason(model: Any, name: str, values: dict[str, Any], by: Member | None) -> LostReason:
    ends, _of, short = name.partition(OF)
    return LostReason.add(short, ends=ends, asks=values.get("asks", ""), by=by)


def _write_sub_reasons(reason: LostReason, plain: Any, by: Member | None) -> None:
    names = [str(name) for name in plain_list(plain)]
    rows = {row.name.casefold(): row for row in _sub_reasons(reason, live=False)}
    for name in names:
        row = rows.get(name.casefold())
        if row is None:
            LostReason.add(name, ends=reason.ends, parent=reason, by=by)
        else:
            row.restore(by=by)
    arrange_rows(lambda: _sub_reasons(reason), lambda row: str(row.name), names, by)


def _prune_sub_reasons(reason: LostReason, plain: Any, by: Member | None) -> None:
    names = {str(name).casefold() for name in plain_list(plain)}
    for row in _sub_reasons(reason):
        if row.name.casefold() not in names:
            row.archive(by=by)


def _add_assignment_rule(model: Any, name: str, values: dict[str, Any], by: Member | None) -> AssignmentRule:
    kind, of, short = name.partition(OF)
    if not of:
        raise Refused(_("The name of a rule begins with its kind of work, such as “job / Tampa”."))
    return AssignmentRule.add(kind, short, by=by, **values)


def _named_section(name: str, label: Any, page: str, content: RowContent) -> ConfigurationSection:
    return ConfigurationSection(name=name, label=label, page=page, content=content)


SECTIONS: list[Feature] = [
    *CHAPTERS,
    _named_section(
        "fields",
        gettext_lazy("Own fields"),
        "jobs:fields",
        RowContent(model=OwnField, fields=("record", "kind", "options"), edit=_edit_own_field),
    ),
    _named_section("tags", gettext_lazy("Tags"), "jobs:tags", RowContent(model=Tag, fields=("tint",))),
    _named_section("sources", gettext_lazy("Sources"), "jobs:sources", RowContent(model=Source)),
    PHASES,
    PIPELINES,
    _named_section(
        "lost_reasons",
        gettext_lazy("Lost reasons"),
        "jobs:lost_reasons",
        RowContent(
            model=LostReason,
            fields=("asks",),
            rows=_top_reasons,
            name_of=lambda row: f"{row.ends}{OF}{row.name}",
            parts={
                "reasons": RowPart(
                    lambda reason: [row.name for row in _sub_reasons(reason)], _write_sub_reasons, _prune_sub_reasons
                )
            },
            is_ordered=True,
            group_of=lambda row: str(row.ends),
            add=_add_reason,
        ),
    ),
    _named_section("skills", gettext_lazy("Skills"), "jobs:skills", RowContent(model=Skill)),
    _named_section(
        "territories",
        gettext_lazy("Territories"),
        "jobs:territories",
        RowContent(model=Territory, fields=("postal_codes", "states"), edit=_edit_territory),
    ),
    _named_section(
        "assignment_rules",
        gettext_lazy("Assignment"),
        "jobs:assignment",
        RowContent(
            model=AssignmentRule,
            fields=tuple(name for name in AssignmentRule.FIELDS if name != "name"),
            codecs={"priority": PriorityCodec()},
            rows=lambda: AssignmentRule.objects.order_by("kind", "position", "pk"),
            name_of=lambda row: f"{row.kind}{OF}{row.name}",
            is_ordered=True,
            group_of=lambda row: str(row.kind),
            add=_add_assignment_rule,
        ),
    ),
    _named_section(
        "workload",
        gettext_lazy("Workload"),
        "jobs:workload",
        RowContent(
            model=AssignmentPolicy,
            fields=AssignmentPolicy.FIELDS,
            name_of=lambda row: str(row.kind),
            add=lambda model, name, values, by: model.set(name, by=by, **values),
            edit=lambda row, values, by: row.set(row.kind, by=by, **values),
            can_prune=False,
        ),
    ),
    _named_section(
        "appointment_types",
        gettext_lazy("Appointment types"),
        "calendar:types",
        RowContent(model=AppointmentType, fields=AppointmentType.FIELDS),
    ),
    UnexportedModel(Absence, "Absences are about members."),
    UnexportedModel(Availability, "Working hours of one member are about that member."),
    UnexportedModel(Capacity, "Limits of one member are about that member."),
    UnexportedModel(MemberSkill, "Who has a skill is about members."),
    UnexportedModel(TerritoryMember, "Who works in a territory is about members."),
]
