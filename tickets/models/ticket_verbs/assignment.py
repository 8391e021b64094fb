"""Assigning tickets to members and teams, and attaching them to a job or a person."""

from collections.abc import Sequence
from typing import Any

from crm.jobs.models import Job
from crm.people.models import Person
from crm.platform.database import bulk_write
from crm.platform.events import events
from crm.platform.events.events import EventDraft
from crm.platform.models import Member, Team
from tickets.models.ticket_columns import TicketColumns
from tickets.models.ticket_verbs.requester import mark_requester


def assign_tickets(
    pairs: Sequence[tuple[Any, Member | None]], *, by: Member | None, cause: str = "", reason: str = ""
) -> None:
    """Assign locked tickets to members, with one statement. Idempotent."""
    moved = [(ticket, member) for ticket, member in pairs if ticket.member_id != _pk(member)]
    facts = []
    for ticket, member in moved:
        data = {"from": ticket.member_id, "to": _pk(member)} | _reasons(cause, reason)
        ticket.member_id = _pk(member)
        facts.append(EventDraft("ticket.assigned", ticket, data, job_id=ticket.event_job_id))
    bulk_write.save_all([ticket for ticket, _member in moved], ["member_id"])
    events.record_all(facts, by=by)


def assign_ticket(ticket: TicketColumns, member: Member | None, *, by: Member | None, cause: str) -> None:
    """Assign a locked ticket to a member, or unassign it. Idempotent."""
    if ticket.member_id != _pk(member):
        ticket.refuse_closed()
        ticket.refuse_private()
        assign_tickets([(ticket, member)], by=by, cause=cause)


def give_to_team(ticket: TicketColumns, team: Team | None, *, by: Member | None, cause: str, reason: str) -> None:
    """Assign a locked ticket to a team, or to none. Idempotent."""
    if ticket.team_id == _pk(team):
        return
    ticket.refuse_closed()
    ticket.refuse_private()
    data = {"from": ticket.team_id, "to": _pk(team)} | _reasons(cause, reason)
    ticket.team_id = _pk(team)
    ticket.save(update_fields=["team_id"])
    ticket._record("ticket.team_changed", by, data)


def attach_job(ticket: TicketColumns, job: Job | None, *, by: Member | None) -> None:
    """Attach a locked ticket to a job, or detach it; without a person, it gets the job's. Idempotent."""
    if ticket.job_id == _pk(job):
        return
    ticket.refuse_closed()
    ticket.refuse_private()
    data = {"from": ticket.job_id, "to": _pk(job)}
    ticket.job_id = _pk(job)
    person = getattr(job, "person", None)
    if ticket.person_id is None and person is not None:
        ticket.person_id = person.pk
        ticket.customer_name = person.name
    ticket.save(update_fields=["job_id", "person_id", "customer_name"])
    ticket._record("ticket.attached", by, data)


def change_person(ticket: TicketColumns, person: Person, *, by: Member | None) -> None:
    """Set the requester of a locked ticket. Idempotent."""
    if ticket.person_id == person.pk:
        return
    ticket.refuse_closed()
    data = {"from": ticket.person_id, "to": person.pk}
    ticket.person_id = person.pk
    ticket.customer_name = person.name
    ticket.save(update_fields=["person_id", "customer_name"])
    mark_requester(ticket)
    ticket._record("ticket.person_changed", by, data)


def _pk(row: Any) -> int | None:
    if row:
        return row.pk
    return None


def _reasons(cause: str, reason: str) -> dict[str, str]:
    return {name: text for name, text in (("cause", cause), ("reason", reason)) if text}
