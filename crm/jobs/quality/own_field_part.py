"""The form of one custom field of a lead; it is undone like the other corrections."""

from functools import partial

from django.db import transaction

from crm.jobs.fields.record_form import fill_in_typed, own_field_input
from crm.jobs.fields.setup import find_own_field, part_key
from crm.jobs.models import Job
from crm.jobs.models.fields import OwnField
from crm.jobs.quality.parts import CorrectionPart, Given
from crm.jobs.quality.rules import LeadFacts
from crm.platform.models import Member
from crm.web.requests.correction_input import CorrectionInput


def own_part(key: str) -> CorrectionPart | None:
    """Return the form of a live custom field by its key."""
    field = find_own_field(Job, key)
    if field:
        return CorrectionPart(key, field.name, partial(_inputs, field), partial(_apply, field))
    return None


def _inputs(field: OwnField, job: Job, facts: LeadFacts) -> list[CorrectionInput]:
    return [own_field_input(field, job)]


@transaction.atomic
def _apply(field: OwnField, job: Job, given: Given, by: Member) -> None:
    fill_in_typed(field, job, given.get(part_key(field), ""), by=by)
