"""Match texts, WhatsApp messages, calls and portal messages, which have no threads.

Rule: docs/rules.md#text-messages.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Q

from comms.models import Medium, Message
from crm.kernel import clock
from tickets.matching.by_mail.private_mail import may_join
from tickets.matching.evidence import Evidence, Match
from tickets.matching.participants import is_confirmed
from tickets.merging.current_ticket import current_ticket, find_ticket_of
from tickets.models import Entry, Status, Ticket
from tickets.models.policy import life_policy

# How many of the last messages between two numbers are looked at for a ticket that is still open.
_MOST_MESSAGES = 30


def match_text(message: Message, answers: Message | None, by: str) -> Match:
    """Return the newest open ticket between their number and ours, else the person's; else one solved within days."""
    ticket = None
    if answers:
        ticket = find_ticket_of(answers)
    if answers and ticket and may_join(ticket, message):
        return Match(by, ticket, {"message": answers.pk})
    on_number = _on_number(message)
    of_person = _of_person(message)
    for code, tickets in ((Evidence.SAME_NUMBER, on_number), (Evidence.OPEN_TICKET, of_person)):
        still_open = next((each for each in tickets if each.is_open), None)
        if still_open:
            return Match(code, still_open)
    for code, tickets in ((Evidence.SAME_NUMBER, on_number), (Evidence.OPEN_TICKET, of_person)):
        ended = next((each for each in tickets if _ended_lately(each)), None)
        if ended:
            return Match(code, ended, {"ended": True})
    return Match()


def _on_number(message: Message) -> list[Ticket]:
    """Return the tickets of the last messages between their number and ours, newest first."""
    if not message.address or message.channel_id is None:
        return []
    between = Message.objects.filter(address=message.address, channel_id=message.channel_id).exclude(pk=message.pk)
    newest = list(between.order_by("-at", "-pk").values_list("pk", flat=True)[:_MOST_MESSAGES])
    entries = Entry.objects.filter(message__in=newest).select_related("ticket").order_by("-at", "-pk")
    tickets = dict.fromkeys(current_ticket(each.ticket) for each in entries)
    return [ticket for ticket in tickets if _is_theirs(ticket, message) and may_join(ticket, message)]


def _is_theirs(ticket: Ticket, message: Message) -> bool:
    """Return whether it is the sender's ticket, or has them as a confirmed participant (e.g. after a merge)."""
    if message.person_id is None or ticket.person_id in (None, message.person_id):
        return True
    return is_confirmed(ticket, message)


def _of_person(message: Message) -> list[Ticket]:
    """Return a person's open or recently ended tickets at this brand, newest first, of any channel.

    Email and text belong on the same ticket; what is about something else is split off with one click.
    """
    if message.person_id is None:
        return []
    theirs = Ticket.objects.filter(person_id=message.person_id, brand_id=message.brand_id)
    theirs = theirs.filter(sole_reader=message.sole_reader_id)
    is_open = ~Q(status__in=(Status.SOLVED, Status.CLOSED))
    lately = theirs.filter(is_open | Q(solved_at__gte=_reopen_limit()) | Q(merged_into__isnull=False))
    newest = _current_tickets(lately.order_by("-last_message_at", "-pk")[:_MOST_MESSAGES], message)
    if message.medium != Medium.PORTAL:
        return newest
    # Written on the page of a job: it is about that one, and about no other.
    about = [each for each in newest if each.job_id in (None, message.job_id)]
    return sorted(about, key=lambda each: each.job_id is None)


def _current_tickets(tickets: Iterable[Ticket], message: Message) -> list[Ticket]:
    """Return tickets in order without repeats; merged ones are replaced by their target at the same brand."""
    survivors = dict.fromkeys(current_ticket(ticket) if ticket.merged_into_id else ticket for ticket in tickets)
    return [one for one in survivors if one.brand_id == message.brand_id and may_join(one, message)]


def _ended_lately(ticket: Ticket) -> bool:
    return ticket.solved_at is not None and ticket.solved_at >= _reopen_limit()


def _reopen_limit() -> datetime:
    return clock.now() - timedelta(days=life_policy().reopen_days)
