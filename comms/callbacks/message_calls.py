"""Calls made in place of a message that no channel could deliver."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from comms.models import Message
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.models import Event, Member


@transaction.atomic
def log_message_call(message: Message, outcome: str, *, by: Member | None, note: str = "") -> None:
    """Log a call in place of an undeliverable message. One that reached the customer takes it off the call list.

    Idempotent once the message is off the list.
    """
    message.lock()
    if message.call_wanted_at is None:
        return
    was = message.call_wanted_at
    now = clock.now()
    if outcome in ("reached", "message_left"):
        message.call_wanted_at = None
    else:
        message.call_wanted_at = now
    message.save(update_fields=["call_wanted_at"])
    if message.job is not None:
        message.job.contact("call", outcome, by=by, note=note, at=now)
    message.record_event("message.called", by, {"outcome": outcome, "was": was.isoformat(), "at": now.isoformat()})


@transaction.atomic
def take_back_message_call(message: Message, *, by: Member) -> None:
    """Undo the last logged call: the message is on the call list as before. Idempotent.

    Raises Refused if a colleague logged it, or if the message was sent again since.
    """
    message.lock()
    calls = Event.objects.of(message).filter(kind__in=("message.called", "message.call_taken_back"))
    last = calls.order_by("-pk").first()
    if last is not None and last.kind == "message.call_taken_back":
        return
    if last is None or last.actor_id != by.pk or "was" not in last.data or message.state in message.WAITING:
        raise Refused(_("It is too late to cancel it."))
    message.call_wanted_at = datetime.fromisoformat(last.data["was"])
    message.save(update_fields=["call_wanted_at"])
    if message.job is not None:
        message.job.withdraw_contact(datetime.fromisoformat(last.data["at"]))
    message.record_event("message.call_taken_back", by)
