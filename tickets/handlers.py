"""Subscribers and due handlers of tickets; imported when Django starts."""

from comms.inbound.outcome import mail_placed
from crm.jobs.clock import recalculation, tick
from crm.platform.events.events import on
from tickets.matching.subscribers import place_received, place_sent, say_where
from tickets.models import Ticket

tick.register(Ticket)
recalculation.register(Ticket)

on("message.received")(place_received)
on("message.queued", "message.sent")(place_sent)
mail_placed.connect(say_where, dispatch_uid="tickets")
