"""Read the tenant's custom fields of leads, cached per process, and a lead's values in them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from crm.jobs.models import Job
from crm.jobs.models.fields import FieldKind, JobField
from crm.platform.organization.configuration import cached_per_tenant

PREFIX = "own-"
# Jobs with any field have an index of their own.
WITH_ANY = ~Q(own_fields={})


@dataclass(frozen=True)
class JobFields:
    """All fields by id, ordered by name. Treat the rows as read-only."""

    all: Mapping[int, JobField]

    @property
    def live(self) -> list[JobField]:
        """The fields that are not archived."""
        return [field for field in self.all.values() if field.archived_at is None]

    @property
    def dates(self) -> list[JobField]:
        """The live fields that hold a date."""
        return [field for field in self.live if field.kind == FieldKind.DATE]


@cached_per_tenant
def job_fields() -> JobFields:
    """Return the custom fields of the current tenant."""
    rows = sorted(JobField.objects.all(), key=lambda field: field.name.casefold())
    return JobFields({field.pk: field for field in rows})


def part_key(field: JobField) -> str:
    """Return the key of a field's form, which is also the key of its column."""
    return f"{PREFIX}{field.pk}"


def value_of(job: Job, field: JobField) -> str:
    """Return a lead's value in a field, as crm/jobs/fields/values.py stores it; "" if empty."""
    return str(job.own_fields.get(field.key, ""))


def day_of(job: Job, field_key: str) -> date | None:
    """Return a lead's date in a field."""
    text = job.own_fields.get(field_key)
    if text:
        return date.fromisoformat(text)
    return None
