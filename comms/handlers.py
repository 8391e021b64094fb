"""Event subscribers and due handlers of messages; imported when Django starts."""

from collections.abc import Sequence

from comms import notices, private_mail
from comms.appointments import calendar_answers, changes, questions, reminders, replies
from comms.automation import outcome as by_rule
from comms.channels import channel_check
from comms.gate import departure, switches
from comms.inbound import imap, inbound_processing, media, retention
from comms.inbound.inbound_storage import READ
from comms.library import approvals
from comms.mailboxes import removal, sign_in_check
from comms.models import Draft
from comms.models.channel import FETCH, TEST, sharing_changed
from comms.models.mail.mailbox_connection import CHECK, REMOVE
from comms.models.outbound import SEND
from comms.outbox import send, send_results
from comms.recordings import fetch as recording
from crm.jobs.models.appointments.appointment import appointment_changed
from crm.platform.events.events import on
from crm.platform.files.stored_files import expiring
from crm.platform.models import Event
from crm.platform.work import due, due_io

due_io.handler(SEND, when_parked=send.give_up)(send.send)
due.handler(READ, at_once=inbound_processing.AT_ONCE, in_order=True)(inbound_processing.read_waiting)
due.handler(send_results.FORGET_CODE)(send_results.forget_shown_secrets)
due_io.handler(media.FETCH, fetches=True)(media.fetch)
due_io.handler(recording.FETCH, fetches=True)(recording.fetch)
due.handler(retention.FORGET)(retention.forget)
expiring.connect(retention.held_files, dispatch_uid="comms")
due_io.handler(FETCH, fetches=True)(imap.fetch)
due_io.handler(CHECK)(sign_in_check.check_sign_in)
due_io.handler(REMOVE)(removal.remove_mailbox)
on("channel.created", "channel.edited", "channel.restored")(imap.begin)
on("member.reactivated", "mailbox_policy.set")(imap.go_on)
on("channel.created", "channel.edited", "channel.restored")(approvals.begin)
due_io.handler(TEST)(channel_check.test_later)
due_io.handler(approvals.READ)(approvals.read)
due.register_interval_kinds(READ, FETCH, approvals.READ)

sharing_changed.connect(private_mail.follow_sharing, dispatch_uid="comms")
on("message.received")(notices.tell_written)
# Appointments: what is said of one follows it in the same transaction; reminders are due; customers answer them.
appointment_changed.connect(changes.follow, dispatch_uid="comms")
due.handler(reminders.REMIND)(reminders.remind)
on("message.received")(replies.process_reply)
on("message.received")(calendar_answers.process_calendar_answer)
on("message.failed", "message.bounced", "message.dropped")(questions.note_lost)
on("message.failed", "message.bounced", "message.unknown", "message.dropped")(notices.tell_failed)
on("inbound.parked")(notices.tell_parked)
on(*by_rule.EVENTS)(by_rule.note)


@on("message.sent")
def forget_written(left: Sequence[Event]) -> None:
    """Delete drafts of sent messages that can't be cancelled any more. Idempotent."""
    Draft.objects.filter(sent_as_id__in=[event.subject_id for event in left]).delete()


@on("kill_switch.ended")
def release_held(_events: Sequence[Event]) -> None:
    """Release the messages a lifted stop held."""
    while switches.release_held():
        continue


@on("message.queued")
def pull_forward(queued: Sequence[Event]) -> None:
    """Move reminders before the quiet hours they would fall into (docs/rules.md#k3)."""
    departure.pull_forward([event.subject_id for event in queued])
