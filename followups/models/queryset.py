"""QuerySet methods of follow-ups."""

from datetime import datetime
from typing import Any, Self

from django.db.models import Exists, Model, OuterRef, Q

from crm.documents.models import Document
from crm.jobs.customer_visibility import visible_people
from crm.jobs.models import Job
from crm.platform.access.permissions import allows
from crm.platform.models import Member, TenantQuerySet
from followups.models.links import LINK_COLUMNS, linked_models
from tickets.models import Ticket

# What lists show of a follow-up's job, or need to know who may see it.
JOB_COLUMNS = ("number", "title", "value", "currency", "member_id", "person_id", "tenant_id")


class FollowUpQuerySet(TenantQuerySet[Any]):
    def visible_to(self, member: Member) -> Self:
        """Filter those a member may see: reps their own and those about what they see; others all of them.

        Its job decides, if it has one; else the ticket, else the document, else the person, else the property.
        """
        if allows(member, "followups.see_all"):
            return self
        jobs = Job.objects.visible_to(member).order_by()
        return self.filter(
            Q(assignee_id=member.pk)
            | Q(job_id__in=jobs.values("pk"))
            | Q(is_personal=True, created_by_id=member.pk)
            | Q(job=None) & _about_visible_record(member, jobs)
        )

    def open(self) -> Self:
        """Filter those that are not closed."""
        return self.filter(status__in=OPEN)

    def overdue(self, now: datetime) -> Self:
        """Filter those that are open and whose time has passed."""
        return self.open().filter(sort_at__lt=now)

    def of_job(self, job_id: int) -> Self:
        return self.filter(job_id=job_id)

    def about(self, record: Model) -> Self:
        """Filter those about a record; of a ticket also those about the tickets that were merged into it."""
        if isinstance(record, Ticket):
            return self.filter(ticket_id__in=_merged_ids(record.pk))
        if linked := linked_models().get(type(record)):
            references = linked.reference._default_manager.filter(**{linked.parameter: record})
            return self.filter(pk__in=references.values("follow_up"))
        return self.filter(**{LINK_COLUMNS[type(record)]: record})

    def with_jobs(self) -> Self:
        """Join the columns of their jobs that lists show."""
        own = [field.attname for field in self.model._meta.concrete_fields]
        return self.select_related("job").only(*own, *(f"job__{name}" for name in JOB_COLUMNS))

    def by_time(self) -> Self:
        """Order earliest first; those without a date last. One index, one keyset."""
        return self.order_by("sort_at", "id")


def _about_visible_record(member: Member, jobs: Any) -> Q:
    """Return the condition that a follow-up without a job is about a record that the member may see."""
    tickets = Ticket.objects.visible_to(member).order_by()
    documents = Document.objects.visible_to(member).order_by()
    people = visible_people(member).order_by()
    return (
        Q(Exists(tickets.filter(pk=OuterRef("ticket_id"))))
        | Q(Exists(documents.filter(pk=OuterRef("document_id"))), ticket=None)
        | Q(Exists(people.filter(pk=OuterRef("person_id"))), ticket=None, document=None)
        | Q(Exists(jobs.filter(site_id=OuterRef("site_id"))), ticket=None, document=None, person=None)
    )


def _merged_ids(ticket_id: int) -> set[int]:
    """Return the ids of a ticket and of all that were merged into it."""
    ids = {ticket_id}
    new = {ticket_id}
    while new:
        new = set(Ticket.objects.filter(merged_into_id__in=new).values_list("pk", flat=True)) - ids
        ids |= new
    return ids


# Their status; a constant here, for the model's constraints and the queries read it.
OPEN = ("pending", "in_progress")
CANCELLED = "cancelled"
CLOSED = ("completed", CANCELLED)
