"""Correct the facts of a job: value, source, property, title, customer, custom fields. Its clock does not change."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from crm.jobs.clock.crossings import last_crossed
from crm.jobs.models import Job, JobParty, Source
from crm.jobs.models.fields import OwnField
from crm.kernel.refusal import Refused
from crm.people import correction as people
from crm.people.models import Person, Property
from crm.platform.events import events
from crm.platform.models import Brand, Member
from crm.platform.models.changed_fields import set_fields


def appraise(job: Job, value: int | None, *, by: Member | None, cause: str = "") -> None:
    """Set its value, in minor units of its currency; None if unknown. Raises ValueError for a negative value.

    `cause`: the event that sets it, where no member does.
    """
    if value is not None and value < 0:
        raise ValueError("a job is not worth less than nothing")
    _save_fields(job, by, cause, value=value)


def attribute_to(job: Job, source: Source | None, *, by: Member) -> None:
    """Set its source."""
    _save_fields(job, by, source_id=source.pk if source else None)


def expect_on(job: Job, day: date | None, *, by: Member) -> None:
    """Set the expected date of the decision; None if unknown."""
    _save_fields(job, by, expected_on=day)


@transaction.atomic
def rebrand(job: Job, brand: Brand, *, by: Member) -> None:
    """Set its brand. A running clock uses the target of the new brand. Idempotent.

    Raises Refused for an archived brand, and for one of another currency while the job has a value.
    """
    job.lock()
    if job.brand_id == brand.pk:
        return
    if brand.archived_at:
        raise Refused(_("That brand is archived."))
    if job.value is not None and brand.currency != job.currency:
        raise Refused(
            _("%(brand)s uses %(currency)s: remove the value first.")
            % {"brand": brand.name, "currency": brand.currency}
        )
    job.brand = brand
    job.currency = brand.currency
    crossings = []
    if job.is_open:
        crossings = job._retarget(last_crossed([job])[job.pk])
    job.save(update_fields=["brand_id", "currency", *job.CLOCK_COLUMNS])
    job._schedule_crossing()
    events.record("job.corrected", subject=job, by=by, data={"fields": ["brand"]}, job_id=job.pk)
    events.record_all(crossings, by=None)


def locate(job: Job, site: Property, *, by: Member) -> None:
    """Set the property where the work is done."""
    _save_fields(job, by, site_id=site.pk, place=site.city[:120])


def entitle(job: Job, title: str, *, by: Member) -> None:
    """Set its title."""
    _save_fields(job, by, title=title[:200])


@transaction.atomic
def fill_in(record: Job | Person | Property, field: OwnField, value: str, *, by: Member) -> None:
    """Set the value of a custom field of a job, customer or property; "" clears it. Dates are in ISO format."""
    record.lock()
    values = {key: kept for key, kept in record.own_fields.items() if key != field.key}
    if value:
        values[field.key] = value
    if isinstance(record, Job):
        _save_fields(record, by, own_fields=values)
    else:
        people.set_own_fields(record, values, by=by)


@transaction.atomic
def name_customer(job: Job, person: Person, *, by: Member) -> None:
    """Set the customer of a job that has none."""
    _save_fields(job, by, person_id=person.pk)
    JobParty.objects.get_or_create(job=job, person=person, role=JobParty.PartyRole.CUSTOMER)


@transaction.atomic
def _save_fields(job: Job, by: Member | None, cause: str = "", /, **values: Any) -> None:
    """Save the changed fields, and record the event. Does not count as contact with the customer.

    Rule: docs/rules.md#ageing.
    """
    job.lock()
    changed = set_fields(job, values)
    if changed:
        job.save(update_fields=changed)
        fields = sorted(name.removesuffix("_id") for name in changed)
        data: dict[str, Any] = {"fields": fields}
        if cause:
            data["cause"] = cause
        events.record("job.corrected", subject=job, by=by, data=data, job_id=job.pk)
