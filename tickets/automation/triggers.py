"""Triggers on conversations: their events, and how long they have waited."""

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.automation.registry.triggers import Anchor, Chosen, EventTrigger, TimeTrigger, Trigger
from crm.jobs.models import Side
from crm.platform.models import Event
from tickets.automation.actions import TICKET
from tickets.automation.options import MetricOptions
from tickets.models import Ticket

# What may begin or end a wait, ours or theirs.
_MOVES = tuple(
    f"ticket.{what}"
    for what in "created received replied turned paused resumed solved closed reopened undone merged split".split()
)


def _of_metric(event: Event, chosen: Chosen) -> bool:
    return chosen["metric"] in ("", event.data.get("metric"))


def _says_something(event: Event, chosen: Chosen) -> bool:
    """Exclude mere thanks on solved tickets, and a mere "yes" to an appointment."""
    return not (event.data.get("thanks") or event.data.get("confirms"))


def _open_tickets() -> Any:
    return Ticket.objects.open().for_everybody().filter(merged_into=None)


def _waiting_anchor(ticket: Ticket, chosen: Chosen) -> Anchor | None:
    if ticket.waiting_since:
        return Anchor(ticket.waiting_since, ticket.waiting_since.isoformat())
    return None


def _their_move(ticket: Ticket, chosen: Chosen) -> Anchor:
    return Anchor(ticket.status_since, ticket.status_since.isoformat())


def _solved_anchor(ticket: Ticket, chosen: Chosen) -> Anchor | None:
    if ticket.solved_at:
        return Anchor(ticket.solved_at, ticket.solved_at.isoformat())
    return None


TRIGGERS: list[Trigger] = [
    EventTrigger(name="ticket.created", record=TICKET, label=_("starts"), events=("ticket.created",)),
    EventTrigger(
        name="ticket.received",
        record=TICKET,
        label=_("receives a customer message"),
        events=("ticket.received",),
        heeds=_says_something,
    ),
    EventTrigger(name="ticket.upset", record=TICKET, label=_("seems upset"), events=("ticket.upset",)),
    EventTrigger(
        name="ticket.missed",
        record=TICKET,
        label=_("misses a response time:"),
        options=MetricOptions,
        events=("ticket.missed",),
        heeds=_of_metric,
    ),
    EventTrigger(name="ticket.solved", record=TICKET, label=_("is solved"), events=("ticket.solved",)),
    EventTrigger(name="ticket.reopened", record=TICKET, label=_("is reopened"), events=("ticket.reopened",)),
    TimeTrigger(
        name="ticket.unanswered",
        record=TICKET,
        label=_("has been waiting for our reply"),
        rows=lambda chosen: _open_tickets().filter(waiting_since__isnull=False),
        anchor=_waiting_anchor,
        events=_MOVES,
    ),
    TimeTrigger(
        name="ticket.their_move",
        record=TICKET,
        label=_("has been waiting for the customer"),
        rows=lambda chosen: _open_tickets().filter(side=Side.CUSTOMER),
        anchor=_their_move,
        events=_MOVES,
    ),
    TimeTrigger(
        name="ticket.solved_since",
        record=TICKET,
        label=_("has been solved"),
        rows=lambda chosen: Ticket.objects.for_everybody().filter(status="solved", merged_into=None),
        anchor=_solved_anchor,
        events=_MOVES,
        grace=timedelta(days=3),
    ),
]
