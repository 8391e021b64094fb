"""Subscribers and due handlers of messages; imported when Django starts."""

from comms.models.outbound import SEND
from comms.outbox import send
from crm.platform.work import due_io

due_io.handler(SEND, when_parked=send.give_up)(send.send)
