"""Sections of the configuration file: macros, response times, and when conversations close."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.jobs.configuration.codecs import PriorityCodec, StepKindCodec
from crm.jobs.models import Tag
from crm.kernel.refusal import Refused
from crm.platform.configuration.row_content import FieldRefused, RowContent, RowPart, ValuesContent
from crm.platform.configuration.sections import ConfigurationSection
from crm.platform.configuration.values import (
    DurationCodec,
    IdCodec,
    check_names,
    plain_flag,
    plain_list,
    plain_mapping,
)
from crm.platform.features import Feature
from crm.platform.models import Member
from tickets.models import LifePolicy, Macro, SlaPolicy
from tickets.models.metric import Metric
from tickets.models.policy import life_policy
from tickets.models.sla_policy import SlaTarget
from tickets.models.sla_terms import Target

TARGET_FIELDS = ("time", "working_hours")


class PrioritiesCodec:
    """The codec of a list of priorities."""

    def encode(self, value: Any) -> list[Any]:
        return [PriorityCodec().encode(one) for one in sorted(value)]

    def decode(self, plain: Any) -> list[Any]:
        return [PriorityCodec().decode(one) for one in plain_list(plain)]


def _read_targets(policy: SlaPolicy) -> dict[str, Any]:
    """Return the times of a policy by promise and priority."""
    targets: dict[str, Any] = {}
    for row in SlaTarget.objects.filter(policy=policy).order_by("metric", "priority"):
        times = targets.setdefault(row.metric, {})
        time = DurationCodec().encode(row.seconds)
        times[str(PriorityCodec().encode(row.priority))] = {"time": time, "working_hours": row.working_hours}
    return targets


def _write_targets(policy: SlaPolicy, plain: Any, by: Member | None) -> None:
    targets: dict[tuple[str, int], Target] = {}
    for metric, times in plain_mapping(plain).items():
        if metric not in Metric.values:
            raise FieldRefused((metric,), _("“%(code)s” is not one of the choices.") % {"code": metric[:40]})
        for priority, allowance in plain_mapping(times).items():
            try:
                rank = PriorityCodec().decode(priority)
                if rank is not None:
                    targets[metric, rank] = _parse_target(plain_mapping(allowance))
            except Refused as why:
                raise FieldRefused((metric, priority), str(why)) from why
    policy.edit(by=by, targets=targets)


def _parse_target(values: dict[str, Any]) -> Target:
    check_names(values, TARGET_FIELDS)
    seconds = DurationCodec().decode(values.get("time"))
    if not seconds:
        raise Refused(_("A target allows some time."))
    return Target(seconds, plain_flag(values.get("working_hours", True)))


def _add_policy(model: Any, name: str, values: dict[str, Any], by: Member | None) -> SlaPolicy:
    return SlaPolicy.add(name, targets={}, by=by, **values)


def _save_life(values: dict[str, Any], by: Member | None) -> None:
    days = {name: values[name] for name in ("reopen_days", "close_days", "archive_days")}
    LifePolicy.set(by=by, **days)
    LifePolicy.set_usual_channel(values["usual_channel"], by=by)


SECTIONS: list[Feature] = [
    ConfigurationSection(
        name="macros",
        label=gettext_lazy("Macros"),
        page="tickets:macros",
        content=RowContent(
            model=Macro,
            fields=(
                *("brand", "text", "status", "priority", "tag_ids", "to_user", "member", "team"),
                *("follow_up_kind", "follow_up_title", "follow_up_after", "follow_up_unit"),
            ),
            codecs={
                "priority": PriorityCodec(),
                "tag_ids": IdCodec(Tag, many=True),
                "follow_up_kind": StepKindCodec(),
            },
        ),
    ),
    ConfigurationSection(
        name="response_times",
        label=gettext_lazy("Response times"),
        page="tickets:sla",
        content=RowContent(
            model=SlaPolicy,
            within=(SlaTarget,),
            fields=("brand", "channel", "priorities", "team", "partners_only", "tag", "raises_to", "nudge_seconds"),
            codecs={
                "priorities": PrioritiesCodec(),
                "raises_to": PriorityCodec(),
                "nudge_seconds": DurationCodec(),
            },
            parts={"targets": RowPart(_read_targets, _write_targets)},
            is_ordered=True,
            add=_add_policy,
        ),
    ),
    ConfigurationSection(
        name="conversations",
        label=gettext_lazy("When conversations close"),
        page="tickets:policy",
        content=ValuesContent(
            model=LifePolicy,
            fields=("reopen_days", "close_days", "archive_days", "usual_channel"),
            get=life_policy,
            save=_save_life,
        ),
    ),
]
