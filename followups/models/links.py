"""FollowUpLinks: the columns that say what a follow-up is about, and what it takes over from a linked record."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from crm.documents.models import Document
from crm.jobs.models import Job
from crm.jobs.models.appointments import Appointment
from crm.jobs.models.job_part import JobPart
from crm.jobs.models.job_record import JobState
from crm.people.models import Person, Property
from crm.platform import features
from crm.platform.features import Feature
from crm.platform.models import TenantForeignKey
from tickets.models import Ticket

# The column of each model that a follow-up can be about. For records of apps above see LinkedModel.
LINK_COLUMNS: dict[type[models.Model], str] = {
    Job: "job",
    Person: "person",
    Ticket: "ticket",
    Appointment: "appointment",
    Document: "document",
    Property: "site",
}
# The models other than job and person, the most specific first.
SPECIFIC_FIRST: tuple[type[models.Model], ...] = (Ticket, Appointment, Document, Property)
# A job that ended so has no next step.
_GONE = (JobState.LOST, JobState.DROPPED)


@dataclass(frozen=True, kw_only=True)
class LinkedModel(Feature):
    """A model of an app above that follow-ups can be about, as a quote.

    Such a follow-up is about the record's job or customer, and a row of `reference` refers to the record and to it.
    """

    unique: ClassVar[tuple[str, ...]] = ("model", "parameter")

    model: type[models.Model]
    # Its name in addresses (`?quote=…`) and the column of `reference` for it; the column by which an address names it.
    parameter: str
    key: str = "uid"
    permission: str
    reference: type[models.Model]
    # The columns that its page and its name are made of.
    columns: tuple[str, ...]
    name: Callable[[Any], str]

    def __str__(self) -> str:
        return f"LinkedModel {self.model.__name__}"


@features.cached_index
def linked_models() -> dict[type[models.Model], LinkedModel]:
    """Return the models of apps above that follow-ups can be about."""
    return {linked.model: linked for linked in features.of(LinkedModel)}


def is_linkable(model: type[models.Model]) -> bool:
    """True if follow-ups can be about records of a model."""
    return model in LINK_COLUMNS or model in linked_models()


def add_reference(follow_up: models.Model, record: models.Model | None) -> None:
    """Store that a new follow-up is about a record of an app above; for other records its own columns say so."""
    linked = linked_models().get(type(record)) if record is not None else None
    if linked is not None:
        linked.reference._default_manager.create(follow_up=follow_up, **{linked.parameter: record})


class FollowUpLinks(JobPart):
    """Abstract model of a follow-up's links: to a job, a person, a ticket, an appointment, a document, a property.

    Removing a job removes its follow-ups. What else a follow-up refers to can't be deleted while it exists.
    """

    job = TenantForeignKey(Job, models.CASCADE, null=True, blank=True, related_name="+")
    person = TenantForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    ticket = TenantForeignKey(Ticket, models.PROTECT, null=True, blank=True, related_name="+")
    appointment = TenantForeignKey(Appointment, models.PROTECT, null=True, blank=True, related_name="+")
    document = TenantForeignKey(Document, models.PROTECT, null=True, blank=True, related_name="+")
    site = TenantForeignKey(Property, models.PROTECT, null=True, blank=True, related_name="+")
    # A member's own task, about none of these. Only its assignee, its author and who sees everything may see it.
    is_personal = models.BooleanField(default=False, db_default=False)

    class Meta:
        abstract = True
        base_manager_name = "objects"
        constraints = [
            models.CheckConstraint(
                condition=reduce(or_, (Q((f"{name}__isnull", False)) for name in LINK_COLUMNS.values()))
                | Q(is_personal=True),
                name="follow_up_is_about_something",
            ),
        ]

    @property
    def record(self) -> models.Model | None:
        """The most specific record it is about; None if it is personal."""
        records = (self.ticket, self.appointment, self.document, self.site, self.job, self.person)
        return next((record for record in records if record), None)


def has_customer(record: models.Model | None) -> bool:
    """True if a follow-up about a record would be for a customer."""
    return bool(links_of(record)["person_id"])


def links_of(record: models.Model | None, *, job: Job | None = None, person_id: int | None = None) -> dict[str, Any]:
    """Return the link columns of a follow-up about a record; without any link it is personal.

    It takes over the record's job, unless that was lost or dropped, and its person. A `job` that is given comes first.
    """
    links: dict[str, Any] = {"job": job, "person_id": person_id}
    if record is not None:
        own_job = getattr(record, "job", None)
        if job is None and own_job is not None and own_job.state not in _GONE:
            links["job"] = own_job
        if person_id is None:
            links["person_id"] = getattr(record, "person_id", None) or (own_job and own_job.person_id)
        if isinstance(record, Job):
            links["job"] = record
        elif isinstance(record, Person):
            links["person_id"] = record.pk
        elif type(record) not in linked_models():
            links[f"{LINK_COLUMNS[type(record)]}_id"] = record.pk
    if links["job"]:
        links["person_id"] = links["job"].person_id
    links["is_personal"] = not any(links.values())
    return links
