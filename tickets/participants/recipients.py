"""Who may get a copy of an answer: those who take part, and nobody else (RULES 3.1)."""

from tickets.models import Participant, Ticket
from tickets.participants.visibility import may_be_answered

MOST = 20


def copies(ticket: Ticket) -> tuple[tuple[str, str], ...]:
    """Return the others with a mail address to whom an answer may go, as name and address; none of them by itself."""
    others = Participant.objects.filter(ticket=ticket, is_requester=False).order_by("pk")
    mails = [one for one in others if "@" in one.address and may_be_answered(one)]
    return tuple((one.name, one.address) for one in mails[:MOST])
