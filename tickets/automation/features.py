"""Register the automation of conversations."""

from django.utils.translation import gettext_lazy as _

from crm.automation.escalation import taken_up_signal
from crm.automation.registry.lists import RecordList
from crm.automation.registry.records import RecordKind
from crm.automation.registry.stops import StopSignal
from crm.platform.features import Feature
from tickets.automation.actions import ACTIONS, TICKET
from tickets.automation.triggers import TRIGGERS
from tickets.inbox.filters import TicketFilters
from tickets.models import Ticket

FEATURES: list[Feature] = [
    RecordList(TICKET, "tickets:list"),
    RecordKind(
        key=TICKET,
        model=Ticket,
        filterset=TicketFilters,
        noun=_("a conversation"),
        group=_("Conversations"),
        job_id=lambda ticket: ticket.job_id,
        member_id=lambda ticket: ticket.member_id,
        person_id=lambda ticket: ticket.person_id,
        title=lambda ticket: ticket.customer_name,
        # A private one fires no rule: what rules send and write down is everybody's.
        rows=lambda: Ticket.objects.for_everybody(),
    ),
    *TRIGGERS,
    *ACTIONS,
    StopSignal(name="ticket.received", record=TICKET, label=_("the customer replies"), events=("ticket.received",)),
    StopSignal(
        name="ticket.replied",
        record=TICKET,
        label=_("we reply"),
        events=("ticket.replied", "ticket.answered_privately"),
    ),
    StopSignal(
        name="ticket.ended",
        record=TICKET,
        label=_("it is solved"),
        events=("ticket.solved", "ticket.closed"),
    ),
    taken_up_signal(TICKET),
]
