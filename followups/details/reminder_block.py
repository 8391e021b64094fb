"""The reminders on the page of a follow-up: of its assignee, and of the customer."""

from typing import Any

from django.utils.translation import gettext as _

from comms.models import Message
from comms.stored_words import StoredWords
from crm.kernel import clock
from crm.web.reader import Reader
from followups.customer_reminders.message import refusal
from followups.customer_reminders.models import CustomerReminder
from followups.details.detail_fields import recipient_choices
from followups.models import FollowUp, Reminder
from followups.models.reminder import SkipReason
from followups.models.reminder_plan import read_times, wanted_times
from followups.reminders.fields import BLANK, CUSTOMER, describe_times, list_fields


def reminder_block(follow_up: FollowUp, reader: Reader) -> dict[str, Any]:
    """Return the reminders of a follow-up for its page: when each is sent, or why it was not."""
    times = wanted_times(follow_up)
    stored = {(row.minutes_before, row.channel): row for row in Reminder.objects.filter(follow_up=follow_up)}
    notes = [_describe_state(stored.get((one.minutes, one.channel)), reader) for one in times]
    rows = list_fields(times, notes, most=0)
    words = describe_times(times)
    if follow_up.customer_reminders:
        customer_times = read_times(follow_up.customer_reminders)
        rows += list_fields(customer_times, _customer_notes(follow_up, reader), to=CUSTOMER, most=0)
        words = _("%(member)s; the customer: %(customer)s") % {
            "member": words,
            "customer": describe_times(customer_times),
        }
    return {
        "is_own": follow_up.own_reminders is not None,
        "words": words,
        "fields": [*rows, BLANK],
        "recipients": recipient_choices(rows, follow_up.kind, has_customer=bool(follow_up.person_id)),
    }


def _describe_state(row: Reminder | None, reader: Reader) -> str:
    """Format the state of a reminder: "Tue, May 19, 2:45 PM", "Sent …", "Not sent: …"."""
    if row is None:
        return ""
    if row.skipped_reason:
        return _("Not sent: %(why)s") % {"why": SkipReason(row.skipped_reason).label}
    if row.sent_at:
        return _("Sent %(when)s") % {"when": reader.moment(row.sent_at)}
    if row.planned_at < clock.now():
        return ""
    return reader.moment(row.planned_at)


def _customer_notes(follow_up: FollowUp, reader: Reader) -> list[str]:
    """Return the state of each reminder to the customer, in their order."""
    rows = CustomerReminder.objects.filter(follow_up=follow_up).select_related("message", "follow_up")
    stored = {(row.minutes_before, row.channel): row for row in rows}
    times = read_times(follow_up.customer_reminders)
    return [_describe_customer_state(stored.get((one.minutes, one.channel)), reader) for one in times]


def _describe_customer_state(row: CustomerReminder | None, reader: Reader) -> str:
    if row is None:
        return ""
    if row.skipped_reason:
        return _("Not sent: %(why)s") % {"why": row.skipped_reason}
    message = row.message
    if message is None:
        why = refusal(row.follow_up, row)
        if why:
            return _("due %(moment)s, but can’t be sent: %(why)s") % {
                "moment": reader.moment(row.planned_at),
                "why": why,
            }
        return reader.moment(row.planned_at)
    if message.state in (Message.State.SENT, Message.State.SENDING):
        return _("Sent %(when)s") % {"when": reader.moment(message.sent_at or message.at)}
    if message.state in Message.WAITING:
        return _("Waits to be sent")
    return _("Not sent: %(why)s") % {"why": _refusal_text(message)}


def _refusal_text(message: Message) -> str:
    """Return why a message did not leave: the gate's words, else the provider's."""
    decision = message.decisions.order_by("-pk").first()
    if decision is not None and decision.checks and message.state != Message.State.FAILED:
        return str(StoredWords.read(decision.checks[-1]))
    return message.error_text or _("the message failed")
