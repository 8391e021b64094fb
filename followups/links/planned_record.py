"""Read from an address or a form which record a new follow-up is about: `?ticket=7`, `?person=…`."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Model, UUIDField
from django.http import Http404

from crm.documents.models import Document
from crm.jobs.customer_visibility import visible_people
from crm.jobs.models import Job
from crm.jobs.models.appointments import Appointment
from crm.kernel.whole_numbers import read_number
from crm.people.models import Person, Property
from crm.platform.access.permissions import allows
from crm.platform.models import Member
from crm.web.shell.record_pages import record_url, visible_rows
from followups.links.record_names import name_record
from followups.models.links import linked_models, links_of
from tickets.models import Ticket

# Sent as the job of a line whose name is not of a lead after all.
NO_LEAD = "none"
# By the name in the address: the model, and the column that identifies its row there.
PARAMETERS: dict[str, tuple[type[Model], str]] = {
    "job": (Job, "number"),
    "ticket": (Ticket, "number"),
    "appointment": (Appointment, "uid"),
    "document": (Document, "uid"),
    "property": (Property, "uid"),
    "person": (Person, "uid"),
}
# The person chosen in the form instead.
CUSTOMER = "customer"


@dataclass(frozen=True)
class PlannedRecord:
    """The record that a new follow-up is about. Without a record, it is personal."""

    record: Model | None = None
    parameter: str = ""
    key: str = ""

    @property
    def job(self) -> Job | None:
        """The job that the follow-up will be the next step of."""
        job: Job | None = links_of(self.record)["job"]
        return job

    @property
    def name(self) -> str:
        return name_record(self.record) if self.record else ""

    @property
    def query(self) -> str:
        """Return the part of the form's address that names the record."""
        return f"?{urlencode({self.parameter: self.key})}" if self.record else ""

    def url(self, slug: str) -> str:
        """Return the URL of the record's page; blank without one."""
        if self.record is None:
            return ""
        return record_url(self.record, slug)


def read_planned_record(values: Mapping[str, str], member: Member) -> PlannedRecord:
    """Return the chosen customer, else the record of the first parameter. Raises Http404 for one that isn't visible."""
    customer = values.get(CUSTOMER, "")
    if customer:
        return PlannedRecord(_find_row(Person, "uid", customer, member), "person", customer)
    for parameter, (model, column) in _visible_parameters(member).items():
        key = values.get(parameter, "")
        if key not in ("", NO_LEAD):
            return PlannedRecord(_find_row(model, column, key, member), parameter, key)
    return PlannedRecord()


def _visible_parameters(member: Member) -> dict[str, tuple[type[Model], str]]:
    """Return PARAMETERS with the models of apps above that the member may see."""
    linked = {row.parameter: (row.model, row.key) for row in linked_models().values() if allows(member, row.permission)}
    return PARAMETERS | linked


def _find_row(model: type[Model], column: str, key: str, member: Member) -> Model:
    value: UUID | int | None
    if isinstance(model._meta.get_field(column), UUIDField):
        try:
            value = UUID(key)
        except ValueError as why:
            raise Http404 from why
    else:
        value = read_number(key)
    if value is None:
        raise Http404
    rows = visible_people(member) if model is Person else visible_rows(model, member)
    row: Model | None = rows.filter(**{column: value}).first()
    if row is None:
        raise Http404
    return row
