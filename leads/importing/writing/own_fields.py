"""Fill in the own fields of customers and properties from rows of a file, and undo it."""

from collections.abc import Mapping, Sequence
from typing import Any

from crm.jobs.models import Job
from crm.people.correction import save_own_fields, set_own_fields
from crm.people.models import Person, Property
from leads.importing.matching.known_leads import KnownLead
from leads.importing.matching.own_cells import OWN_PART, values_for

# The models that have own fields beside the lead, by the lead's column.
_MODELS: Mapping[str, type[Person] | type[Property]] = {"person_id": Person, "site_id": Property}
# A lead, the id of its customer or property, and the values for that.
_Filling = tuple[KnownLead, int, dict[str, str]]


def fill_in_own_fields(touched: Sequence[KnownLead], data: Mapping[str, Any]) -> None:
    """Fill in what the customers and properties of these leads lack; what is there is kept.

    Each lead keeps what was filled in, for the undo. The events have no actor: nobody corrected these records.
    """
    values = {lead.job_id: own for lead in touched if lead.job_id and (own := _own_values(lead))}
    if not values:
        return
    jobs = {job["pk"]: job for job in Job.objects.filter(pk__in=values).values("pk", *_MODELS)}
    leads = [lead for lead in touched if lead.job_id in jobs]
    for column, model in _MODELS.items():
        wanted = [
            (lead, jobs[lead.job_id][column], own)
            for lead in leads
            if lead.job_id and (own := values_for(model, values[lead.job_id]))
        ]
        _fill_in(model, wanted, data)


def _fill_in(model: type[Person] | type[Property], wanted: Sequence[_Filling], data: Mapping[str, Any]) -> None:
    """Fill in the fields of records of one model, with a few statements."""
    ids = {pk for _lead, pk, _own in wanted}
    rows = {row.pk: row for row in model.lock_all(model.objects.filter(pk__in=ids))}
    filled = set[int]()
    for lead, pk, own in wanted:
        if row := rows.get(pk):
            lacking = {key: value for key, value in own.items() if key not in row.own_fields}
            if lacking:
                row.own_fields |= lacking
                filled.add(pk)
            lead.wrote |= {f"{OWN_PART}{key}": value for key, value in lacking.items()}
    save_own_fields([rows[pk] for pk in sorted(filled)], by=None, data=data)


def _own_values(lead: KnownLead) -> dict[str, str]:
    """Return the values of own fields in the rows that create a lead or add to it, by key."""
    values = dict(lead.draft.own) if lead.draft else {}
    for name, draft in lead.gains.items():
        key = name.removeprefix(OWN_PART)
        if name.startswith(OWN_PART):
            values[key] = draft.own[key]
    return values


def empty_own_fields(job: Job, gained: Mapping[str, Any]) -> None:
    """Remove the values that an import filled in for a lead's customer and property, where they are unchanged since."""
    own = {name.removeprefix(OWN_PART): value for name, value in gained.items() if name.startswith(OWN_PART)}
    for column, model in _MODELS.items():
        values = values_for(model, own)
        row = model.objects.filter(pk=getattr(job, column)).first() if values else None
        if row is not None:
            kept = {key: value for key, value in row.own_fields.items() if values.get(key) != value}
            set_own_fields(row, kept, by=None)
