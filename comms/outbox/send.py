"""Send one queued message: ask the gate, claim it, call the provider, store the outcome.

What is noted before the call makes sure that nothing leaves twice: a worker that dies after it leaves `sending`, and
the next one that finds it so leaves the message to a person. The row's lease is that of the due work (due_io.py).
"""

import logging
from contextlib import AbstractContextManager
from dataclasses import dataclass

from django.utils.translation import override

from comms.channels import registry
from comms.channels.interface import Outgoing, Permanent, Receipt, Transient, Unknown
from comms.gate import decide
from comms.models import Channel, Message
from comms.models.outbound import schedule_sending
from comms.outbox import send_results
from comms.outbox.composition import outgoing
from comms.stored_words import sentence_of
from comms.stored_words import stored_gettext as _
from crm.kernel import clock
from crm.platform.organization.configuration import directory
from crm.platform.tenancy.context import use_tenant

logger = logging.getLogger(__name__)
_State = Message.State


def send(tenant_id: int, message_id: int) -> None:
    """Send a due message. Running it twice sends it once."""
    with use_tenant(tenant_id), _in_their_language():
        attempt = _claim_message(message_id)
    if attempt is None:
        return
    answer = _call_provider(attempt)
    with use_tenant(tenant_id), _in_their_language():
        send_results.settle(message_id, attempt.number, answer)


def _in_their_language() -> AbstractContextManager[None]:
    """Activate the organization's language, as stored reasons are for members."""
    return override(directory().tenant.language)


def give_up(message_id: int) -> None:
    """Fail a message that could not be attempted repeatedly; nothing was sent."""
    message = Message.objects.select_for_update(no_key=True).filter(pk=message_id).first()
    if message is not None and message.state in Message.WAITING:
        send_results.record_failure(message, _("Something went wrong here before it could be sent."))


@dataclass(frozen=True)
class _Attempt:
    channel: Channel
    outgoing: Outgoing
    # Which attempt it is: what is noted later is of this one only.
    number: int


def _claim_message(message_id: int) -> _Attempt | None:
    """Claim a message for sending if it is due, so that no other worker sends it."""
    locked = Message.objects.select_for_update(no_key=True, of=("self",)).filter(pk=message_id)
    message = locked.select_related("channel__brand", "brand", "job", "person", "template_version__template").first()
    if message is None or not _is_due(message):
        return None
    verdict = decide(message)
    if not verdict.may_send:
        send_results.stop(message, verdict)
        return None
    try:
        composed = outgoing(message, message.channel)
    except Permanent as error:
        send_results.record_failure(message, sentence_of(error))
        return None
    message.attempts += 1
    message.state = _State.SENDING
    message.set_error("")
    message.save(update_fields=["attempts", "state", "error", "error_words"])
    return _Attempt(message.channel, composed, message.attempts)


def _is_due(message: Message) -> bool:
    """True if it is to be attempted now. Interrupted and expired messages are settled here."""
    if message.state == _State.SENDING:
        send_results.leave_to_a_person(message, _("The connection was lost while it was being sent."))
        return False
    if message.state not in Message.WAITING or (message.state == _State.HELD and message.send_at is None):
        return False
    if message.send_at and message.send_at > clock.now():
        schedule_sending(message.pk, message.channel_id, message.send_at)
        return False
    if message.useful_until and message.useful_until < clock.now():
        send_results.record_drop(message, _("It was too late to be useful."))
        return False
    return True


def _call_provider(attempt: _Attempt) -> Receipt | Transient | Permanent | Unknown:
    """Call the provider. Must run outside a transaction."""
    try:
        return registry.provider(attempt.channel.provider).send(attempt.channel, attempt.outgoing)
    except (Transient, Permanent, Unknown) as error:
        return error
    except Exception:
        # A mistake of ours or of the provider's library: nobody can know how far it came.
        logger.exception("a provider broke its word", extra={"provider": attempt.channel.provider})
        return Unknown(_("The provider’s answer could not be read."))
