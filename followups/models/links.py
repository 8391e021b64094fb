"""FollowUpLinks: the columns that say what a follow-up is about, and what it takes over from a linked record."""

from functools import reduce
from operator import or_
from typing import Any

from django.db import models
from django.db.models import Q

from crm.documents.models import Document
from crm.jobs.models import Job
from crm.jobs.models.appointments import Appointment
from crm.jobs.models.job_part import JobPart
from crm.jobs.models.job_record import JobState
from crm.people.models import Person, Property
from crm.platform.models import TenantForeignKey
from tickets.models import Ticket

# The column of each model that a follow-up can be about. A record of an app above, such as a quote, has a job or a
# customer: its app plans the follow-up about that and keeps a row that refers to both.
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
        else:
            links[f"{LINK_COLUMNS[type(record)]}_id"] = record.pk
    if links["job"]:
        links["person_id"] = links["job"].person_id
    links["is_personal"] = not any(links.values())
    return links
