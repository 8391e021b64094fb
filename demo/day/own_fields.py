"""Own fields of customers and properties, and triggers that plan follow-ups before their dates."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.utils.translation import override

from crm.automation.models import Mode, Rule
from crm.automation.registry.presets import rule_preset
from crm.automation.span import Span
from crm.jobs.models import Job
from crm.jobs.models.fields import FieldKind, OwnField
from crm.people.correction import set_own_fields
from crm.people.models import Person, Property
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from followups.automation.presets.parts import build_definition, plan_follow_up

CUSTOMER = "person"
PROPERTY = "property"
# So many customers and properties have values, and the days until their first dates: the nearest is planned by now.
FILLED = 40
FIRST, APART = 20, 23


class DemoField(NamedTuple):
    """A field: its name, the records that have it, what it holds, and the values that take turns."""

    name: str
    record: str
    kind: str
    values: Sequence[str] = ()
    options: Sequence[str] = ()


class DemoFields(NamedTuple):
    """The fields of a company: a warranty of properties, a contract of customers, and others."""

    warranty: DemoField
    contract: DemoField
    # The trigger by the contract: what it is called, and the subject of the call.
    rule: str
    call: str
    others: Sequence[DemoField]


ROOFS = ("Shingle", "Tile", "Metal", "Flat")
GRIDS = ("1 × 35 A", "3 × 25 A", "3 × 35 A")
FIELDS: Mapping[str, DemoFields] = {
    "en": DemoFields(
        warranty=DemoField("Roof warranty until", PROPERTY, FieldKind.DATE),
        contract=DemoField("Home insurance renews on", CUSTOMER, FieldKind.DATE),
        rule="Home insurance renews in 45 days: offer a roof report",
        call="Home insurance renews: offer a roof report",
        others=(
            DemoField("Roof type", PROPERTY, FieldKind.CHOICE, ROOFS, ROOFS),
            DemoField("Gate code", PROPERTY, FieldKind.TEXT, ("#4711", "", "ask the guard")),
            DemoField("Speaks Spanish", CUSTOMER, FieldKind.YES_NO, ("yes", "no", "")),
        ),
    ),
    "nl": DemoFields(
        warranty=DemoField("Garantie laadpaal tot", PROPERTY, FieldKind.DATE),
        contract=DemoField("Energiecontract tot", CUSTOMER, FieldKind.DATE),
        rule="Energiecontract loopt over 45 dagen af: bel over laden",
        call="Energiecontract loopt af: bel over slim laden",
        others=(
            DemoField("Aansluiting", PROPERTY, FieldKind.CHOICE, GRIDS, GRIDS),
            DemoField("Elektrische auto’s", CUSTOMER, FieldKind.NUMBER, ("1", "2", "")),
        ),
    ),
}


def create_own_fields(now: datetime) -> None:
    """Create the fields inside the tenant, fill in those of the newest leads, and turn on the triggers."""
    language = directory().tenant.language
    plan = FIELDS[language]
    made = {field: _add(field) for field in (plan.warranty, plan.contract, *plan.others)}
    jobs = Job.objects.filter(member__isnull=False, person__isnull=False, site__isnull=False).order_by("-pk")
    jobs = list(jobs.select_related("person", "site", "member")[:FILLED])
    for record, rows in ((CUSTOMER, _each_once(jobs, "person")), (PROPERTY, _each_once(jobs, "site"))):
        fields = [(field, own) for field, own in made.items() if field.record == record]
        for number, (row, member) in enumerate(rows):
            set_own_fields(row, _values(fields, number, now), by=member)
    with override(language):
        _add_triggers(plan, made)


def _add(field: DemoField) -> OwnField:
    return OwnField.add(field.name, kind=field.kind, record=field.record, options=list(field.options), by=None)


def _each_once(jobs: Iterable[Job], link: str) -> list[tuple[Person | Property, Member]]:
    """Return the customers or properties of jobs, each with the member of its newest job."""
    rows: dict[int, tuple[Person | Property, Member]] = {}
    for job in jobs:
        row = getattr(job, link)
        if job.member:
            rows.setdefault(row.pk, (row, job.member))
    return list(rows.values())


def _values(fields: Iterable[tuple[DemoField, OwnField]], number: int, now: datetime) -> dict[str, str]:
    values = {}
    for field, own in fields:
        if field.kind == FieldKind.DATE:
            value = (now + timedelta(FIRST + APART * number)).date().isoformat()
        else:
            value = field.values[number % len(field.values)]
        if value:
            values[own.key] = value
    return values


def _add_triggers(plan: DemoFields, made: Mapping[DemoField, OwnField]) -> None:
    """Turn on the triggers: the ready-made one for warranties, and one for contracts."""
    preset = rule_preset("dates.warranty")
    assert preset is not None, "followups offer it"
    warranty = preset.define(f"{PROPERTY}:{made[plan.warranty].key}")
    Rule.add(str(preset.name), warranty, by=None, preset=preset.key, mode=Mode.ON)
    contract = build_definition(
        CUSTOMER,
        "person.own_date",
        plan_follow_up("call", plan.call, days=1),
        options={"field": made[plan.contract].key},
        span=Span(45),
        before=True,
    )
    Rule.add(plan.rule, contract, by=None, mode=Mode.ON)
