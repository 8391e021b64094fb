"""Sections of the configuration file: types of follow-ups, templates, reminders, and cadences."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.jobs.configuration.codecs import PriorityCodec, StepKindCodec
from crm.jobs.customers.customer_list import CustomerFilters
from crm.kernel.refusal import Refused
from crm.platform.configuration.row_content import RowContent
from crm.platform.configuration.sections import ConfigurationSection, UnexportedModel
from crm.platform.configuration.values import plain_list
from crm.platform.features import Feature
from crm.platform.models import Member
from crm.web.lists.conditions.plain_conditions import ConditionsCodec
from followups.customer_reminders.models import CustomerReminderSetting
from followups.customer_reminders.settings import set_customer_reminders
from followups.models import FollowUpTemplate, ReminderDefault, ReminderPreference
from followups.models.kind import FollowUpKind
from followups.models.tenant_kind import TenantKind
from followups.neglect.models import ContactCadence
from followups.reminders.defaults import set_default

ALL_TYPES = "all types"


class TimesCodec:
    """The codec of reminders: "30 app" is half an hour before, by a notice in the product."""

    def encode(self, value: Any) -> Any:
        if value is None:
            return None
        return [f"{minutes} {channel}" for minutes, channel in value]

    def decode(self, plain: Any) -> Any:
        if plain is None:
            return None
        return [_parse_reminder(str(text)) for text in plain_list(plain)]


def _parse_reminder(text: str) -> list[Any]:
    minutes, _space, channel = text.partition(" ")
    if not minutes.isdecimal() or not channel:
        raise Refused(_("“%(text)s” is not a reminder, such as “30 app”.") % {"text": text[:40]})
    return [int(minutes), channel]


class KindContent(RowContent):
    """Types of follow-ups. The built-in ones have rows only once somebody changed one."""

    def arrange(self, names: list[str], *, by: Member | None) -> None:
        stored = [name.casefold() for name in self.read()]
        wanted = [name.casefold() for name in names if name.casefold() in stored]
        if [name for name in stored if name in wanted] != wanted:
            TenantKind.of(FollowUpKind.TASK)
            super().arrange(names, by=by)


def _kinds() -> list[TenantKind]:
    """Return all types in order; unsaved ones for built-in types without a row."""
    rows = list(TenantKind.objects.order_by("position", "pk"))
    missing = [code for code in FollowUpKind.values if code not in {row.code for row in rows}]
    return rows + [
        TenantKind(code=code, minutes=FollowUpKind(code).minutes, position=at)
        for at, code in enumerate(missing, len(rows))
    ]


def _archive_kind(kind: TenantKind, by: Member | None) -> None:
    row = TenantKind.of(kind.code)
    if row is not None:
        row.archive(by=by)


def _add_kind(model: Any, name: str, values: dict[str, Any], by: Member | None) -> TenantKind:
    defaults = {"name_nl": "", "icon": "flag", "minutes": 15}
    return TenantKind.add(name, by=by, **{**defaults, **values})


def _add_template(model: Any, name: str, values: dict[str, Any], by: Member | None) -> FollowUpTemplate:
    return FollowUpTemplate.add(owner=None, by=by, **{"name": name, **values})


def _set_reminders(row: ReminderDefault, values: dict[str, Any], by: Member | None) -> None:
    set_default([(minutes, channel) for minutes, channel in values["times"]], member=None, kind=row.kind, by=by)


def _add_reminders(model: Any, name: str, values: dict[str, Any], by: Member | None) -> ReminderDefault:
    kind = ""
    if name != ALL_TYPES:
        kind = StepKindCodec().decode(name)
    row = ReminderDefault(kind=kind)
    _set_reminders(row, {"times": values.get("times") or []}, by)
    return row


def _set_customer_reminders(row: CustomerReminderSetting, values: dict[str, Any], by: Member | None) -> None:
    times = [(minutes, channel) for minutes, channel in values.get("times") or []]
    set_customer_reminders(row.kind, template=values.get("template", ""), times=times, by=by)


def _add_customer_reminders(
    model: Any, name: str, values: dict[str, Any], by: Member | None
) -> CustomerReminderSetting:
    row = CustomerReminderSetting(kind=StepKindCodec().decode(name))
    _set_customer_reminders(row, values, by)
    return row


SECTIONS: list[Feature] = [
    ConfigurationSection(
        name="follow_up_types",
        label=gettext_lazy("Follow-up types"),
        page="followups:kinds",
        content=KindContent(
            model=TenantKind,
            fields=("name_nl", "icon", "minutes"),
            rows=_kinds,
            name_of=str,
            is_ordered=True,
            add=_add_kind,
            archive=_archive_kind,
        ),
    ),
    ConfigurationSection(
        name="follow_up_templates",
        label=gettext_lazy("Follow-up templates"),
        page="followups:templates",
        content=RowContent(
            model=FollowUpTemplate,
            fields=(
                *("kind", "subject", "notes", "priority", "after", "unit", "clock"),
                *("own_minutes", "own_reminders", "assignee_rule", "member"),
            ),
            codecs={"kind": StepKindCodec(), "priority": PriorityCodec(), "own_reminders": TimesCodec()},
            rows=lambda: FollowUpTemplate.objects.filter(owner=None),
            add=_add_template,
        ),
    ),
    ConfigurationSection(
        name="reminders",
        label=gettext_lazy("Reminders of colleagues"),
        page="followups:kinds",
        content=RowContent(
            model=ReminderDefault,
            fields=("times",),
            codecs={"times": TimesCodec()},
            rows=lambda: ReminderDefault.objects.filter(member=None),
            name_of=lambda row: str(StepKindCodec().encode(row.kind)) or ALL_TYPES,
            add=_add_reminders,
            edit=_set_reminders,
            can_prune=False,
        ),
    ),
    ConfigurationSection(
        name="customer_reminders",
        label=gettext_lazy("Reminders of customers"),
        page="followups:kinds",
        content=RowContent(
            model=CustomerReminderSetting,
            fields=("template", "times"),
            codecs={"times": TimesCodec()},
            name_of=lambda row: str(StepKindCodec().encode(row.kind)),
            add=_add_customer_reminders,
            edit=_set_customer_reminders,
            can_prune=False,
        ),
    ),
    ConfigurationSection(
        name="contact_cadences",
        label=gettext_lazy("Contact with customers"),
        page="followups:cadences",
        content=RowContent(
            model=ContactCadence,
            fields=ContactCadence.FIELDS,
            codecs={"query": ConditionsCodec(CustomerFilters)},
            is_ordered=True,
            can_move=False,
        ),
    ),
    UnexportedModel(ReminderPreference, "Digest and hours are a member’s own."),
]
