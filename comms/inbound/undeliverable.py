"""Bounces, complaints and reports: find the message they are about, and record the outcome."""

from collections.abc import Iterator, Mapping

from comms.channels.interface import ProviderReport
from comms.inbound.email_threading import with_brackets
from comms.inbound.inbound_result import InboundResult, ReadLater
from comms.models import DeliveryReport, Direction, Inbound, Message
from comms.outbox import reports
from comms.stored_words import stored_gettext as _
from libs.inbound_mail import Bounce, Complaint, RecipientReport

# A report may come before we have noted which message it is of: it is looked at again so often.
LOOKS = 2


def record_bounce(bounce: Bounce, inbound: Inbound, known: Mapping[str, Message]) -> tuple[Message | None, str]:
    """Record a bounce for each recipient; return the first message, and in words whether one was found."""
    messages: list[Message] = []
    for number, failure in enumerate(bounce.failures or (_nameless_report(bounce),)):
        recipients = (failure.recipient,) if failure.recipient else ()
        for message in _find_originals(bounce.original_message_id, recipients, known):
            messages.append(message)
            reports.record_mail_bounce(
                message,
                permanent=failure.permanent,
                detail=failure.diagnostic[:500],
                event_id=f"mail:{inbound.pk}:{number}" if number else f"mail:{inbound.pk}",
                code=failure.status[:40],
                recipient=failure.recipient,
                refusal=failure.refusal,
                inbound=inbound,
            )
    return (messages[0], "") if messages else (None, _("It is not about a message of ours."))


def _nameless_report(bounce: Bounce) -> RecipientReport:
    """Return a report for a bounce without recipients, about the message's own; it marks no address."""
    return RecipientReport("", "failed", bounce.permanent, bounce.status, bounce.diagnostic)


def record_complaint(complaint: Complaint | None, inbound: Inbound, known: Mapping[str, Message]) -> str:
    """Record a spam complaint about a message of ours; return the reason if none is found."""
    details = complaint or Complaint(())
    messages = [
        each for each in _find_originals(details.original_message_id, details.recipients, known) if each.channel
    ]
    for message in messages:
        report = ProviderReport(
            message.provider_id,
            DeliveryReport.Kind.COMPLAINED,
            f"mail:{inbound.pk}",
            inbound.received_at,
            is_permanent=True,
            detail=details.feedback_type[:500],
            message_id=message.message_id,
        )
        if message.channel:
            reports.record_report(report, message.channel, inbound=inbound)
    if messages:
        return ""
    return _("It is not about a message of ours.")


def record_report(report: ProviderReport, inbound: Inbound) -> InboundResult:
    """Record a provider's report on a message. Raises ReadLater if it may not be stored yet."""
    message = None
    if inbound.channel:
        message = reports.record_report(report, inbound.channel, inbound=inbound)
    if message is None and inbound.attempts < LOOKS:
        raise ReadLater
    return InboundResult("report", "" if message else _("It is not about a message of ours."), message)


def _find_originals(message_id: str, recipients: tuple[str, ...], known: Mapping[str, Message]) -> Iterator[Message]:
    """Yield the messages of a bounce: the named or returned one, else the last to each recipient."""
    named = known.get(message_id)
    ours = [each for each in (named, *known.values()) if each and each.direction == Direction.OUT]
    if ours:
        yield ours[0]
        return
    seen = set()
    for recipient in recipients[:50]:
        message = reports.find_bounced(with_brackets(message_id), recipient)
        if message and message.pk not in seen:
            seen.add(message.pk)
            yield message
