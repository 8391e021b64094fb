"""The form of one own field of a lead, and the verb it calls: beside the other corrections, undone like them."""

from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from crm.jobs.correction import fill_in
from crm.jobs.fields.setup import job_fields, value_of
from crm.jobs.models import Job
from crm.jobs.models.fields import JobField, Kind
from crm.jobs.quality.parts import Given, Input, Part
from crm.jobs.quality.rules import Facts
from crm.kernel.days import typed_day
from crm.platform.models import Member

PREFIX = "own-"


def part_key(field: JobField) -> str:
    """Return the key of a field's form."""
    return f"{PREFIX}{field.pk}"


def own_part(key: str) -> Part | None:
    """Return the form of a field in use by its key."""
    field = next((field for field in job_fields().live if part_key(field) == key), None)
    return Part(key, field.name, partial(_inputs, field), partial(_apply, field)) if field else None


def _inputs(field: JobField, job: Job, facts: Facts) -> list[Input]:
    kind = "date" if field.kind == Kind.DATE else "text"
    return [Input(part_key(field), field.name, value_of(job, field), kind=kind, hint=_("Leave it empty to remove it."))]


@transaction.atomic
def _apply(field: JobField, job: Job, given: Given, by: Member) -> None:
    """Set what a lead has in a field; nothing empties it. Raises Refused for what is no date."""
    typed = " ".join(given.get(part_key(field), "").split())
    if field.kind == Kind.DATE and (day := typed_day(typed)):
        typed = day.isoformat()
    fill_in(job, field, typed, by=by)
