"""Assign tickets with new messages by the rules; reassign those of absent members, and of sold jobs."""

from collections.abc import Iterable

from comms.models import Channel
from crm.jobs.assignment.absences import relieve
from crm.jobs.assignment.engine import assign, place, rule_for
from crm.jobs.assignment.wake import drain_soon
from crm.jobs.assignment.work import work_of
from crm.jobs.models.assignment.setup import assignment_setup
from crm.platform.organization.configuration import directory
from tickets.assignment import KIND, facts
from tickets.models import Entry, Ticket
from tickets.models.ticket_verbs.assignment import assign_tickets

# What took a ticket from its member: they have left.
BY_DEPARTURE = "left"
# Of a batch more are left to the queue, which gives out many at once.
_AT_ONCE = 5


def give_out(entries: Iterable[Entry | None]) -> None:
    """Make sure that waiting tickets have a present assignee. Called last, because it locks the tickets' policy."""
    shared = [entry for entry in entries if entry and entry.ticket.sole_reader_id is None]
    tickets = list({entry.ticket_id: entry.ticket for entry in shared}.values())
    _release_from_leavers(tickets)
    for ticket in tickets:
        if ticket.member_id and ticket.waiting_since:
            relieve(KIND, ticket)
    handed = {receiver.pk for entry in shared if (receiver := _sold_to_service(entry))}
    for ticket in tickets:
        if ticket.pk in handed:
            place(work_of(KIND), [ticket])
    nobodys = [ticket for ticket in tickets if ticket.member_id is None and ticket.is_open]
    if len(nobodys) > _AT_ONCE:
        drain_soon(KIND)
        return
    for ticket in sorted(nobodys, key=_urgency_key):
        assign(KIND, ticket)


def _release_from_leavers(tickets: Iterable[Ticket]) -> None:
    """Unassign waiting tickets of members who have left, so that the rules reassign them."""
    leavers = {member.pk for member in directory().members.values() if not member.active}
    left = [ticket for ticket in tickets if ticket.member_id in leavers and ticket.waiting_since and ticket.is_open]
    assign_tickets([(ticket, None) for ticket in left], by=None, cause=BY_DEPARTURE)


def _sold_to_service(entry: Entry) -> Ticket | None:
    """Return the ticket of a message to sales about a sold job that is not with the team of the rule about it."""
    if entry:
        message, ticket = (entry.message, entry.ticket)
    else:
        message, ticket = (None, None)
    if message is None or ticket is None or message.channel is None or message.channel.role != Channel.Role.SALES:
        return None
    if ticket.member_id is None or ticket.waiting_since is None or ticket.job is None or not ticket.job.is_sold:
        return None
    rule = rule_for(facts([ticket])[0], assignment_setup().rules_of(KIND))
    if rule is None or not rule.sold_only or rule.team_id is None:
        return None
    if (rule.team_id, ticket.member_id) in directory().places:
        return None
    return ticket


def _urgency_key(ticket: Ticket) -> tuple[object, ...]:
    return ticket.level, ticket.sort_at, ticket.pk
