"""Connect connections to events and due work."""

from connections.accounting import queueing
from connections.feeds import pushing
from connections.models.connection import ESCALATE, SYNC
from connections.sync import alerts, sync_round
from crm.platform.events.events import on_chosen
from crm.platform.work import due_io
from crm.platform.work.due import handler

on_chosen(queueing.followed_kinds)(queueing.follow_events)
on_chosen(pushing.followed_kinds)(pushing.follow_events)
due_io.handler(SYNC, fetches=True, when_parked=sync_round.give_up)(sync_round.sync_connection)
handler(ESCALATE)(alerts.escalate)
