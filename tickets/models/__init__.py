"""Models of tickets: ticket, entries, participants."""

from tickets.models.ending_run import EndingRun
from tickets.models.entry import Entry
from tickets.models.entry_move import EntryMove
from tickets.models.macro import Macro
from tickets.models.mention import Mention, NoteVersion
from tickets.models.metric import Metric
from tickets.models.note import Audience
from tickets.models.participant import Participant
from tickets.models.policy import LifePolicy
from tickets.models.sla_policy import SlaPolicy, SlaTarget
from tickets.models.status import OPEN_STATUSES, STEPS, Status
from tickets.models.ticket import Ticket
from tickets.models.ticket_clock import TicketClock

__all__ = [
    "OPEN_STATUSES",
    "STEPS",
    "Audience",
    "EndingRun",
    "Entry",
    "EntryMove",
    "LifePolicy",
    "Macro",
    "Mention",
    "Metric",
    "NoteVersion",
    "Participant",
    "SlaPolicy",
    "SlaTarget",
    "Status",
    "Ticket",
    "TicketClock",
]
