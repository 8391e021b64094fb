"""Sections of the configuration file: limits of offers by role, and project templates."""

from typing import Any

from django.utils.translation import gettext_lazy

from crm.jobs.models.appointments import AppointmentType
from crm.kernel.refusal import Refused
from crm.platform.configuration.row_content import FieldRefused, RowContent, TableContent
from crm.platform.configuration.sections import ConfigurationSection
from crm.platform.configuration.values import (
    IdCodec,
    WholeCodec,
    check_names,
    plain_flag,
    plain_list,
    plain_mapping,
    plain_value,
)
from crm.platform.features import Feature
from crm.platform.models import Member
from service.models import ApprovalLimit, ProjectTemplate
from service.models.approval_limit import limits
from service.models.milestone import MilestoneText, tidy_texts

MOST_AMOUNT = 999_999_999
MOST_DAYS = 365


def _set_limits(values: dict[str, Any], by: Member | None) -> None:
    for role, amount in values.items():
        ApprovalLimit.set_for(role, amount, by=by)


class MilestonesCodec:
    """The codec of the milestones of a project template."""

    def encode(self, value: Any) -> Any:
        return plain_value(value)

    def decode(self, plain: Any) -> list[dict[str, Any]]:
        return [_parse_milestone(plain_mapping(one)) for one in plain_list(plain)]


def _parse_milestone(values: dict[str, Any]) -> dict[str, Any]:
    check_names(values, ("name", "customer_texts", "weight", "day", "internal", "asks"))
    texts = plain_mapping(values.get("customer_texts") or {})
    return {
        "name": str(values.get("name") or "")[:80],
        "customer_texts": tidy_texts(
            {language: MilestoneText(*(str(one) for one in plain_list(text))) for language, text in texts.items()}
        ),
        "weight": WholeCodec(100).decode(values.get("weight", 0)),
        "day": WholeCodec(MOST_DAYS).decode(values.get("day", 0)),
        "internal": plain_flag(values.get("internal") or False),
        "asks": plain_flag(values.get("asks") or False),
    }


class PapersCodec:
    """The codec of the documents to request: their titles and days."""

    def encode(self, value: Any) -> Any:
        return plain_value(value)

    def decode(self, plain: Any) -> list[dict[str, Any]]:
        papers = [plain_mapping(one) for one in plain_list(plain)]
        for values in papers:
            check_names(values, ("title", "days"))
        return [
            {"title": str(one.get("title") or ""), "days": WholeCodec(MOST_DAYS).decode(one.get("days", 0))}
            for one in papers
        ]


class AppointmentsCodec:
    """The codec of the appointments to book: the names of their types."""

    def encode(self, value: Any) -> Any:
        types = IdCodec(AppointmentType)
        return [{"type": types.encode(one["type"]), "day": one["day"]} for one in value]

    def decode(self, plain: Any) -> list[dict[str, Any]]:
        types = IdCodec(AppointmentType)
        rows = [plain_mapping(one) for one in plain_list(plain)]
        for at, values in enumerate(rows):
            try:
                check_names(values, ("type", "day"))
                types.decode(values.get("type"))
            except Refused as why:
                raise FieldRefused(("appointments", str(at)), str(why)) from why
        return [
            {"type": types.decode(one.get("type")), "day": WholeCodec(MOST_DAYS).decode(one.get("day", 0))}
            for one in rows
        ]


SECTIONS: list[Feature] = [
    ConfigurationSection(
        name="approval_limits",
        label=gettext_lazy("Limits of offers"),
        page="issues:limits",
        content=TableContent(
            models=(ApprovalLimit,),
            get=limits,
            save=_set_limits,
            codec=WholeCodec(MOST_AMOUNT, may_lack=True),
        ),
    ),
    ConfigurationSection(
        name="project_templates",
        label=gettext_lazy("Project templates"),
        page="service:templates",
        content=RowContent(
            model=ProjectTemplate,
            fields=ProjectTemplate.FIELDS,
            codecs={"milestones": MilestonesCodec(), "papers": PapersCodec(), "appointments": AppointmentsCodec()},
        ),
    ),
]
