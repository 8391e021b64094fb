"""Read the tenant's custom fields, cached per process, and a record's values in them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Model, Q

from crm.jobs.models import Job
from crm.jobs.models.fields import FieldKind, OwnField, OwnFieldRecord
from crm.people.models import Person, Property
from crm.platform.organization.configuration import cached_per_tenant

PREFIX = "own-"
# Records with any field have an index of their own.
WITH_ANY = ~Q(own_fields={})
# A record that custom fields are for.
OwnFieldHolder = Job | Person | Property
RECORDS: Mapping[type[Model], OwnFieldRecord] = {
    Job: OwnFieldRecord.LEAD,
    Person: OwnFieldRecord.CUSTOMER,
    Property: OwnFieldRecord.PROPERTY,
}


@dataclass(frozen=True)
class OwnFields:
    """The fields of a kind of records by id, ordered by name. Treat the rows as read-only."""

    all: Mapping[int, OwnField]

    @property
    def live(self) -> list[OwnField]:
        """The fields that are not archived."""
        return [field for field in self.all.values() if field.archived_at is None]

    @property
    def dates(self) -> list[OwnField]:
        """The live fields that hold a date."""
        return [field for field in self.live if field.kind == FieldKind.DATE]


@cached_per_tenant
def all_fields() -> OwnFields:
    """Return the custom fields of all kinds of records: those of leads first, then customers' and properties'."""
    order = list(OwnFieldRecord)
    rows = OwnField.objects.all()
    return OwnFields({field.pk: field for field in sorted(rows, key=lambda row: (order.index(row.record), _key(row)))})


def _key(field: OwnField) -> str:
    return field.name.casefold()


@cached_per_tenant
def _fields_by_record() -> dict[str, OwnFields]:
    """Return the custom fields by the kind of records."""
    rows = all_fields().all.values()
    return {
        record: OwnFields({field.pk: field for field in rows if field.record == record}) for record in OwnFieldRecord
    }


def own_fields_of(model: type[Model]) -> OwnFields:
    """Return the custom fields of leads, customers or properties."""
    return _fields_by_record()[RECORDS[model]]


def job_fields() -> OwnFields:
    """Return the custom fields of leads."""
    return own_fields_of(Job)


def part_key(field: OwnField) -> str:
    """Return the key of a field's form, which is also the key of its column."""
    return f"{PREFIX}{field.pk}"


def find_own_field(model: type[Model], part: str) -> OwnField | None:
    """Return the live field of a form's key; None for another key."""
    return next((field for field in own_fields_of(model).live if part_key(field) == part), None)


def value_of(record: OwnFieldHolder, field: OwnField) -> str:
    """Return a record's value in a field, as crm/jobs/fields/values.py stores it; "" if empty."""
    return str(record.own_fields.get(field.key, ""))


def day_of(record: OwnFieldHolder, field_key: str) -> date | None:
    """Return a record's date in a field."""
    text = record.own_fields.get(field_key)
    if text:
        return date.fromisoformat(text)
    return None


def having_own_field(key: str) -> Q:
    """Return the condition for records that have a value in a field."""
    return WITH_ANY & Q(own_fields__has_key=key)
