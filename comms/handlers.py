"""Subscribers and due handlers of messages; imported when Django starts."""

from comms.inbound import media, reading
from comms.inbound.arrival import READ
from comms.models.outbound import SEND
from comms.outbox import send
from crm.platform.work import due, due_io

due_io.handler(SEND, when_parked=send.give_up)(send.send)
due.handler(READ)(reading.read_waiting)
due_io.handler(media.FETCH)(media.fetch)
