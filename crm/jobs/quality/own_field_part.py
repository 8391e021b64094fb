"""The form of one custom field of a lead; it is undone like the other corrections."""

from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from crm.jobs.correction import fill_in
from crm.jobs.fields.setup import job_fields, part_key, value_of
from crm.jobs.fields.values import parse_value, value_choices
from crm.jobs.models import Job
from crm.jobs.models.fields import FieldKind, JobField
from crm.jobs.quality.parts import CorrectionInput, CorrectionPart, Given
from crm.jobs.quality.rules import LeadFacts
from crm.platform.models import Member

# What the element of a kind is, where it is not plain text.
ELEMENTS = {FieldKind.DATE: "date"}
MODES = {FieldKind.NUMBER: "decimal", FieldKind.LINK: "url"}


def own_part(key: str) -> CorrectionPart | None:
    """Return the form of a live custom field by its key."""
    field = next((field for field in job_fields().live if part_key(field) == key), None)
    if field:
        return CorrectionPart(key, field.name, partial(_inputs, field), partial(_apply, field))
    return None


def _inputs(field: JobField, job: Job, facts: LeadFacts) -> list[CorrectionInput]:
    kind = FieldKind(field.kind)
    value = value_of(job, field)
    return [
        CorrectionInput(
            part_key(field),
            field.name,
            value,
            mode=MODES.get(kind, "text"),
            choices=tuple(value_choices(field, value)),
            kind=ELEMENTS.get(kind, "text"),
            hint=_("Leave it empty to remove it."),
        )
    ]


@transaction.atomic
def _apply(field: JobField, job: Job, given: Given, by: Member) -> None:
    """Set a lead's value in a custom field; empty text clears it. Raises Refused for an invalid value."""
    typed = given.get(part_key(field), "")
    if field.kind == FieldKind.CHOICE and typed == value_of(job, field):
        # A choice that is not offered any more stays as it is.
        return
    fill_in(job, field, parse_value(field, typed), by=by)
