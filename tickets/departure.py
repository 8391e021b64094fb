"""Hand over a leaving member's open conversations; private ones stay private (docs/private-mail.md)."""

from typing import Any

from django.db import transaction
from django.utils.translation import ngettext

from crm.jobs.assignment.wake import drain_soon
from crm.platform.models import Member
from crm.platform.organization.member_departure import WorkHolding
from tickets.assignment import KIND
from tickets.models import Ticket
from tickets.models.ticket_verbs.assignment import assign_tickets


def count(member: Member) -> int:
    """Count the member's open conversations."""
    number: int = _open_tickets_of(member).count()
    return number


@transaction.atomic
def hand_over(member: Member, to: Member | None, by: Member | None) -> int:
    """Assign them to a member, or by the assignment rules if None. Returns their number."""
    tickets = Ticket.lock_all(_open_tickets_of(member))
    assign_tickets([(ticket, to) for ticket in tickets], by=by, cause="offboarding")
    if to is None:
        drain_soon(KIND)
    return len(tickets)


def say(number: int) -> str:
    words = ngettext("%(number)s open conversation", "%(number)s open conversations", number)
    return words % {"number": number}


def count_private(member: Member) -> int:
    """Count the conversations that only the member sees."""
    number: int = Ticket.objects.filter(sole_reader=member, merged_into=None).count()
    return number


def keep_private(member: Member, to: Member | None, by: Member | None) -> int:
    """Leave them private: they are not reassigned (tickets/privacy/sharing.py: take_over)."""
    return 0


def say_private(number: int) -> str:
    words = ngettext(
        "%(number)s private conversation, which stays private",
        "%(number)s private conversations, which stay private",
        number,
    )
    return words % {"number": number}


def _open_tickets_of(member: Member) -> Any:
    return Ticket.objects.open().for_everybody().filter(merged_into=None, member=member)


HOLDINGS = [
    WorkHolding(name="tickets", count=count, say=say, hand_over=hand_over),
    WorkHolding(name="private tickets", count=count_private, say=say_private, hand_over=keep_private),
]
