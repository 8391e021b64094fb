"""Follow-ups about a conversation, an appointment and a document; some are done by the customer."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Model

from crm.documents.models import Document
from crm.jobs.models.appointments import Appointment
from crm.platform.models import Member, Role
from crm.platform.organization.configuration import directory
from crm.platform.work import due
from followups.models import CustomerAct, FollowUp, FollowUpKind
from followups.models.due_time import MISSED
from tickets.models import Ticket

SUBJECTS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "ticket": "Ask whether the answer helped",
        "appointment": "Confirm who is at home",
        "document": "Ask whether they have read it",
    },
    "nl": {
        "ticket": "Vragen of het antwoord geholpen heeft",
        "appointment": "Navragen wie er thuis is",
        "document": "Vragen of ze het gelezen hebben",
    },
}


def create_linked_tasks(now: datetime) -> None:
    """Create them inside the tenant, after its conversations, appointments and documents."""
    subjects = SUBJECTS.get(directory().tenant.language, SUBJECTS["en"])
    rows = [
        FollowUp.build(
            kind=kind,
            subject=subjects[name],
            due_at=(now + timedelta(hours=hours)).replace(minute=0, second=0, microsecond=0),
            about=record,
            assignee=_choose_assignee(record),
            completes_on=act,
            created_at=now - timedelta(days=1),
        )
        for name, record, kind, hours, act in _list_records(now)
    ]
    FollowUp.objects.bulk_create(rows)
    due.schedule_all(MISSED, [(row.pk, row.sort_at) for row in rows])


def _list_records(now: datetime) -> Iterator[tuple[str, Model, str, int, str]]:
    """Return two of each: the name of its kind, the record, the type, the hours until it is due, what completes it."""
    # Their leads have an earlier next step, which stays the next one.
    later = {"job__person__isnull": False, "job__next_step_at__lt": now + timedelta(hours=2)}
    tickets = Ticket.objects.filter(status="pending", **later).order_by("-pk")[:2]
    coming = Appointment.objects.coming(now).filter(**later).order_by("starts_at", "pk")[:2]
    documents = Document.objects.filter(visibility="customer", **later).order_by("-pk")[:2]
    for nth, ticket in enumerate(tickets):
        yield "ticket", ticket, FollowUpKind.EMAIL, 4 + 24 * nth, CustomerAct.ANSWER
    for nth, appointment in enumerate(coming):
        yield "appointment", appointment, FollowUpKind.CALL, 3 + 24 * nth, ""
    for nth, document in enumerate(documents):
        yield "document", document, FollowUpKind.CALL, 28 + 24 * nth, CustomerAct.LOOK


def _choose_assignee(record: Any) -> Member:
    """Return the owner of its lead, else the first rep."""
    members = directory().members
    owner = members.get(record.job.member_id or 0)
    if owner and owner.active:
        return owner
    return min((row for row in members.values() if row.role == Role.REP), key=lambda row: row.pk)
