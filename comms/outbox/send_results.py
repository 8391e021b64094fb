"""Outcomes of a sending attempt: sent, retried, failed, dropped, held, or left to a member."""

from collections.abc import Sequence
from datetime import timedelta

from comms.channels.interface import Permanent, Receipt, Transient, Unknown
from comms.channels.providers.embedded import forget_spooled
from comms.gate.consent import suppressions
from comms.gate.rules.channel import KEY as CHANNEL
from comms.gate.verdict import GateVerdict, Outcome
from comms.models import Medium, Message, Purpose, Suppression
from comms.outbox import fallback
from comms.outbox.refusal_words import failure_reason
from comms.stored_words import sentence_of
from crm.kernel import clock
from crm.platform.work import due

# Tries on errors that may pass; with the pauses between them about two hours.
ATTEMPTS = 7
PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(hours=6)
_State = Message.State
# What stands where a code stood, and the provider of the built-in phone and mailbox.
SECRET, EMBEDDED = "••••••", "embedded"
# The Due that blanks a code of a built-in channel, and when: no code counts longer (portal/models/code.py).
FORGET_CODE = "comms.forget_code"
CODE_LASTS = timedelta(minutes=15)


def settle(message_id: int, attempt: int, answer: Receipt | Transient | Permanent | Unknown) -> None:
    """Store the provider's answer to an attempt; a no-op for earlier attempts and settled messages."""
    # Whoever puts it on its ticket meanwhile refers to it, and holds the job that is told below.
    locked = Message.objects.select_for_update(no_key=True, of=("self",)).select_related("job")
    message = locked.filter(pk=message_id).first()
    if message is None or message.attempts != attempt or message.state not in (_State.SENDING, _State.UNKNOWN):
        return
    if isinstance(answer, Receipt):
        record_sent(message, answer)
    elif isinstance(answer, Unknown):
        leave_to_a_person(message, sentence_of(answer))
    elif isinstance(answer, Transient) and attempt < ATTEMPTS:
        retry_later(message, answer)
    else:
        record_failure(message, failure_reason(answer), suppress_as=getattr(answer, "suppress", ""))


def record_sent(message: Message, receipt: Receipt) -> None:
    """Mark it as sent. A member's message counts as an answer; an automatic one doesn't."""
    now = clock.now()
    taken = Message.objects.filter(channel_id=message.channel_id, provider_id=receipt.provider_id)
    message._become(
        _State.SENT,
        sent_at=now,
        at=now,
        provider_id="" if receipt.provider_id and taken.exists() else receipt.provider_id,
        message_id=receipt.message_id or message.message_id,
        segments=receipt.segments,
        cost=receipt.cost,
        cost_currency=receipt.currency,
    )
    message.record_event("message.sent", None)
    forget_secret(message)
    if message.job is not None and message.author is not None and not message.automatic:
        message.job.answer(message.medium, by=message.author)


def retry_later(message: Message, error: Transient) -> None:
    """Queue it for another attempt: when the provider said, or after a growing pause."""
    if error.after is not None:
        pause = error.after
    else:
        pause = PAUSE * 2 ** (message.attempts - 1)
    at = clock.now() + max(min(pause, LONGEST_PAUSE), timedelta(seconds=1))
    message._become(_State.QUEUED, sentence_of(error), send_at=at)
    message._schedule()


def record_failure(message: Message, reason: str, suppress_as: str = "") -> None:
    """Mark it as failed, and continue with the next channel or the call list."""
    message._become(_State.FAILED, reason)
    message.record_event("message.failed", None, {"reason": reason[:200]})
    if suppress_as:
        suppress(message, suppress_as, reason)
    fallback.go_on(message)
    forget_secret(message)


def forget_secret(message: Message) -> None:
    """Blank a sign-in code so that no member can use it; built-in channels show it while it is valid."""
    if message.purpose != Purpose.SECURITY:
        return
    if message.channel and message.channel.provider == EMBEDDED:
        due.schedule(FORGET_CODE, message.pk, clock.now() + CODE_LASTS)
    else:
        _blank_secret(message)


def forget_shown_secrets(ids: Sequence[int]) -> None:
    """Blank expired codes on built-in channels, and their emails. Idempotent."""
    for message in Message.objects.filter(pk__in=ids).select_for_update(of=("self",)).order_by("pk"):
        _blank_secret(message)
        forget_spooled(message.tenant_id, [message.uid])


def _blank_secret(message: Message) -> None:
    for name in ("text", "html", "subject", "search_text"):
        setattr(message, name, SECRET)
    message.template_values = None
    message.save(update_fields=["text", "html", "subject", "search_text", "template_values"])


def leave_to_a_person(message: Message, reason: str) -> None:
    """Mark its state as unknown, for a member to decide."""
    message._become(_State.UNKNOWN, reason)
    message.record_event("message.unknown", None, {"reason": reason[:200]})


def record_drop(message: Message, reason: str) -> None:
    """Mark it as dropped by a rule; a fallback message continues with the next channel."""
    message._become(_State.DROPPED, reason)
    message.record_event("message.dropped", None, {"reason": reason[:200]})
    if message.instead_of_id:
        fallback.go_on(message)
    forget_secret(message)


def stop(message: Message, verdict: GateVerdict) -> None:
    """Apply the gate's verdict to a message that may not be sent.

    One in place of another that its channel may not carry (WhatsApp's window, say) is no more use to wait for.
    """
    is_no_way = bool(message.instead_of_id) and verdict.outcome == Outcome.NEEDS_HUMAN and verdict.rule == CHANNEL
    if verdict.outcome == Outcome.DROP or is_no_way:
        record_drop(message, verdict.words)
        return
    until = None
    if verdict.outcome == Outcome.DEFER:
        until = verdict.until
    message._become(_State.HELD, verdict.words, send_at=until)
    message.record_event("message.held", None, {"reason": verdict.words[:200], "until": until and until.isoformat()})
    if until:
        message._schedule()


def suppress(message: Message, why: str, evidence: str, address: str = "") -> None:
    """Suppress the address of a message as its provider reports: dead, or opted out.

    A dead address or number is so for all brands; whom they asked was one. Who unsubscribes from mail is still told
    what concerns work in hand.
    """
    reasons = Suppression.Reason
    is_wish = why in (reasons.STOP, reasons.UNSUBSCRIBED)
    is_mail = message.medium == Medium.EMAIL
    if is_mail:
        wish = reasons.UNSUBSCRIBED
    else:
        wish = reasons.STOP
    if is_wish and is_mail:
        covers = Suppression.Covers.OPTIONAL
    else:
        covers = Suppression.Covers.EVERYTHING
    if is_wish:
        reason = wish
    elif why == reasons.COMPLAINT:
        reason = reasons.COMPLAINT
    else:
        reason = reasons.HARD_BOUNCE
    suppressions.suppress(
        address or message.address,
        reason,
        source="provider",
        medium=message.medium,
        brand=message.brand if is_wish else None,
        covers=covers,
        evidence=evidence,
    )
