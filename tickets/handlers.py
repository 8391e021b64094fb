"""Subscribers and due handlers of tickets; imported when Django starts."""

from crm.jobs.clock import recalculation, tick
from tickets.models import Ticket

tick.register(Ticket)
recalculation.register(Ticket)
