"""The records that public events are about: their public id, and which of them a member may see."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from billing.models import Invoice, Payment, Refund
from comms.models import Message
from crm.documents.models import Document
from crm.jobs.customer_visibility import visible_people
from crm.jobs.models import Job
from crm.jobs.models.appointments import Appointment
from crm.platform.access.permissions import allows
from crm.platform.models import Member
from followups.models import FollowUp
from leads.models import TrackedCall
from quotes.models import Quote
from service.models import ClaimMail, Issue, JobClaim, Milestone, Project
from tickets.models import Ticket


@dataclass(frozen=True)
class PublicRecord:
    """A kind of record. `resource`: its address in the API, if it has one. `key`: the column of its public id."""

    kind: str
    resource: str
    permission: str
    visible_rows: Callable[[Member], Any]
    key: str = "uid"

    def find_visible(self, ids: Collection[int], member: Member) -> dict[int, Any]:
        """Return the public ids of those of these records that a member may see, by primary key. One query."""
        if not ids or not allows(member, self.permission):
            return {}
        rows = self.visible_rows(member).order_by().filter(pk__in=ids)
        return dict(rows.values_list("pk", self.key))


def _shared_messages(member: Member) -> Any:
    """Return the messages that are not private: of a member's own mailbox nothing goes to programs."""
    return Message.objects.visible_to(member).for_everybody().filter(channel__owner__isnull=True)


def _shared_tickets(member: Member) -> Any:
    return Ticket.objects.visible_to(member).for_everybody()


def _shared_calls(member: Member) -> Any:
    messages = _shared_messages(member).order_by().values("pk")
    return TrackedCall.objects.visible_to(member).filter(message__in=messages)


def _shared_claim_mails(member: Member) -> Any:
    messages = _shared_messages(member).order_by().values("pk")
    return ClaimMail.objects.filed_and_visible_to(member).filter(message__in=messages)


def _rows_of(model: Any) -> Callable[[Member], Any]:
    return lambda member: model.objects.visible_to(member)


RECORDS = {
    record.kind: record
    for record in (
        PublicRecord("job", "jobs", "jobs.view", _rows_of(Job), key="number"),
        PublicRecord("person", "people", "people.view", visible_people),
        PublicRecord("quote", "quotes", "quotes.view", _rows_of(Quote)),
        PublicRecord("invoice", "invoices", "billing.view", _rows_of(Invoice)),
        PublicRecord("payment", "payments", "billing.view", _rows_of(Payment)),
        PublicRecord("refund", "refunds", "billing.view", _rows_of(Refund)),
        PublicRecord(
            "ticket",
            "tickets",
            "tickets.view",
            lambda member: Ticket.objects.visible_to(member).for_everybody(),
            "number",
        ),
        PublicRecord("message", "messages", "comms.view", _shared_messages),
        PublicRecord("followup", "follow-ups", "followups.view", _rows_of(FollowUp)),
        PublicRecord("appointment", "appointments", "appointments.view", _rows_of(Appointment)),
        PublicRecord("document", "documents", "documents.view", _rows_of(Document)),
        PublicRecord("project", "projects", "projects.view", _rows_of(Project)),
        PublicRecord("milestone", "milestones", "projects.view", _rows_of(Milestone)),
        PublicRecord("call", "calls", "sources.view", _shared_calls),
        PublicRecord("job_claim", "claims", "jobs.view", _rows_of(JobClaim)),
        PublicRecord("claim_mail", "claim-mails", "jobs.view", _shared_claim_mails),
        PublicRecord("issue", "issues", "issues.view", _rows_of(Issue)),
    )
}
