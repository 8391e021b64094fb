"""Correct the facts of a job: as the forms on its page do, and undone as those are."""

from typing import Any

from api.requests.problems import conflict_at
from api.resources.jobs.new_job import written_address
from api.resources.named_setup import find_brand, find_source
from api.resources.own_values import fill_in_own_values
from crm.jobs import correction
from crm.jobs.models import Job
from crm.jobs.models.job_undo import CORRECTED, REBRANDED
from crm.jobs.quality.checks import check
from crm.kernel.refusal import Refused
from crm.people.lookup import find_or_create_property
from crm.people.models import Property
from crm.platform import undo
from crm.platform.models import Member
from crm.platform.organization.configuration import directory


def correct_job(job: Job, values: dict[str, Any], *, by: Member) -> None:
    """Correct a locked job by the values of a body. Raises Problem (409) for what names nothing."""
    with undo.record_undoable("job.corrected", [job], by=by, locked=True, columns=(*CORRECTED, *REBRANDED)):
        if "brand" in values:
            _rebrand(job, values["brand"], by)
        if "title" in values:
            correction.entitle(job, values["title"], by=by)
        if "value" in values:
            correction.appraise(job, values["value"], by=by)
        if "expected_on" in values:
            correction.expect_on(job, values["expected_on"], by=by)
        if "source" in values:
            correction.attribute_to(job, find_source(values["source"]), by=by)
        if "place" in values:
            correction.locate(job, _find_place(job, values["place"]), by=by)
        fill_in_own_values(job, values.get("own_fields", {}), by=by)
    check([job])


def _rebrand(job: Job, name: str, by: Member) -> None:
    try:
        correction.rebrand(job, find_brand(name), by=by)
    except Refused as why:
        raise conflict_at("/brand", str(why)) from None


def _find_place(job: Job, place: dict[str, str]) -> Property:
    """Return the property at an address, in the country of the present one. Other jobs may share that: it stays."""
    country = directory().brands[job.brand_id].country
    if job.site_id:
        country = Property.objects.get(pk=job.site_id).country
    return find_or_create_property(written_address(place, country))
