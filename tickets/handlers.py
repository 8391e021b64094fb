"""Subscribers and due handlers of tickets; imported when Django starts."""

from functools import partial

from comms.inbound.inbound_result import lead_asked, mails_placed, open_conversation_asked
from comms.inbound.retention import retention_asked
from comms.private_mail import messages_removing, readers_changed
from crm.jobs.assignment.wake import drain_when_freed
from crm.jobs.clock import recalculation, tick
from crm.platform.events.events import on
from crm.platform.organization.calendar_effects import hours_previewed
from crm.platform.work import due
from tickets import customer_names, notices
from tickets.assignment import KIND
from tickets.calls.logged import place_logged
from tickets.inbox.replies import answer_when_sent, take_back_replies
from tickets.life import automatic, ending_dates  # noqa: F401 (ending_dates: a run)
from tickets.life.upset import notice_upset
from tickets.matching.changed_messages import hide_revoked, take_in_edited
from tickets.matching.subscribers import place_received, place_sent, say_lead, say_open, say_where
from tickets.models import Ticket
from tickets.models.ticket_promises import MISS
from tickets.models.ticket_verbs.ending import ARCHIVE, CLOSE
from tickets.models.ticket_verbs.urgency import WAKE, wake_all
from tickets.notes.mentions import tell_mentioned
from tickets.privacy.removal import remove_entries
from tickets.privacy.sharing import follow_readers
from tickets.sla import presets, retargeting
from tickets.sla.effect import preview_effect

tick.register(Ticket)
recalculation.register(Ticket)

on("ticket.solved", "ticket.closed", "ticket.assigned", "ticket.replied", "ticket.tagged")(drain_when_freed(KIND))
on("ticket.answered_privately")(drain_when_freed(KIND))
on("message.received")(place_received)
on("message.queued", "message.sent")(place_sent)
on("message.edited")(take_in_edited)
on("message.revoked")(hide_revoked)
on(*retargeting.POLICY_EVENTS)(retargeting.after_policy)
on(*retargeting.TICKET_EVENTS)(retargeting.after_ticket)
on(*presets.EVENTS)(presets.raise_priorities)
on("ticket.received")(notice_upset)
on(*customer_names.EVENTS)(customer_names.follow_names)
# Of which members are told.
on("ticket.assigned")(notices.tell_assigned)
on("ticket.received")(notices.tell_received)
on("ticket.missed")(notices.tell_missed)
on("ticket.far_overdue")(notices.tell_unmoved)
due.handler(WAKE)(partial(wake_all, Ticket))
due.handler(CLOSE)(automatic.close_solved)
due.handler(ARCHIVE)(automatic.archive_closed)
due.handler(MISS)(automatic.record_misses)
retention_asked.connect(automatic.legally_held, dispatch_uid="tickets")
on("ticket.noted", "ticket.note_edited")(tell_mentioned)
on("message.sent")(answer_when_sent)
on("message.cancelled")(take_back_replies)
on("job.contacted")(place_logged)
readers_changed.connect(follow_readers, dispatch_uid="tickets")
messages_removing.connect(remove_entries, dispatch_uid="tickets")
mails_placed.connect(say_where, dispatch_uid="tickets")
open_conversation_asked.connect(say_open, dispatch_uid="tickets")
lead_asked.connect(say_lead, dispatch_uid="tickets")
hours_previewed.connect(preview_effect, dispatch_uid="tickets")
