"""Record reports of providers and bounces on our messages, in any order, each once."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from comms.channels.interface import ProviderReport
from comms.gate.consent import suppressions
from comms.mail import threads
from comms.models import Channel, DeliveryReport, Inbound, Medium, Message
from comms.outbox import fallback, send_results
from comms.outbox.delivery import DeliveryFact, derive, is_machine
from comms.outbox.refusal_words import refusal_reason
from crm.automation.setup import wanted_events
from crm.kernel import clock
from crm.platform.events import hints
from libs.inbound_mail import MailRefusal, refusal_of

Kind = DeliveryReport.Kind
# What the provider would not say of a message it never took.
_TAKEN = frozenset({Kind.SENT, Kind.DELIVERED, Kind.OPENED, Kind.CLICKED, Kind.BOUNCED, Kind.COMPLAINED, Kind.DEFERRED})
DELIVERED = "message.delivered"
_BAD = frozenset({"failed", "bounced"})
# A bounce that names no message of ours is about one of these days.
RECENT = timedelta(days=7)


@transaction.atomic
def record_report(report: ProviderReport, channel: Channel, *, inbound: Inbound | None = None) -> Message | None:
    """Record a report; return its message, or None if it isn't stored (yet), for the caller to park.

    The same report again changes nothing. A bounce, complaint or unsubscription goes to the suppression list.
    """
    message_id = find_message(report, channel)
    if message_id is None:
        return None
    return _record_locked(message_id, report, inbound)


def _record_locked(message_id: int, report: ProviderReport, inbound: Inbound | None) -> Message:
    locked = Message.objects.select_for_update(no_key=True, of=("self",)).select_related("job", "channel", "brand")
    message: Message = locked.get(pk=message_id)
    at = min(report.at or clock.now(), clock.now())
    copies = [address.lower() for key in ("cc", "bcc") for _name, address in message.participants.get(key, ())]
    is_copy = report.recipient.lower() in copies and report.recipient.lower() != message.address.lower()
    # One event of a provider may be of several recipients.
    number = ""
    if is_copy:
        number = f"#{copies.index(report.recipient.lower()) + 1}"
    _row, is_new = DeliveryReport.objects.get_or_create(
        message=message,
        kind=report.kind,
        event_id=f"{(report.event_id or at.isoformat())[: 200 - len(number)]}{number}",
        defaults={
            "at": at,
            "is_copy": is_copy,
            "is_permanent": report.is_permanent,
            "is_machine": report.is_machine or is_machine(report.user_agent),
            "code": report.code[:40],
            "detail": report.detail[:500],
            "inbound": inbound,
        },
    )
    if is_new:
        _settle_call(message, report)
        if is_copy:
            _note_copy(message, report)
        else:
            _update_delivery(message, report)
            if _is_first_final(message, report):
                fallback.go_on(message)
        _suppress_address(message, report, report.recipient if is_copy else message.address)
        if report.kind == Kind.DELIVERED and message.delivery not in _BAD:
            if is_copy:
                address = report.recipient
            else:
                address = message.address
            suppressions.lift_dead_address(
                address, _("A message was delivered there"), medium=message.medium, before=at
            )
    return message


@transaction.atomic
def record_mail_bounce(
    message: Message,
    *,
    permanent: bool,
    detail: str,
    event_id: str,
    code: str = "",
    recipient: str = "",
    refusal: MailRefusal | None = None,
    inbound: Inbound | None = None,
) -> None:
    """Record a bounce that came by email. `recipient` blank: the message's own."""
    report = ProviderReport(
        provider_id=message.provider_id,
        kind=Kind.BOUNCED,
        event_id=event_id,
        is_permanent=permanent,
        code=code,
        detail=detail,
        recipient=recipient,
        refusal=refusal,
    )
    _record_locked(message.pk, report, inbound)


def find_bounced(message_id: str, recipient: str, channel: Channel | None = None) -> Message | None:
    """Return the bounced email: by our Message-ID, else the last one to the address within a week."""
    ours = Message.objects.filter(direction="out", medium=Medium.EMAIL)
    if uid := threads.own_message(message_id):
        return ours.filter(uid=uid).first()
    if message_id and (named := ours.filter(message_id=message_id).first()):
        return named
    to = ours.filter(address__iexact=recipient, state=Message.State.SENT, sent_at__gt=clock.now() - RECENT)
    if channel is not None:
        to = to.filter(brand_id=channel.brand_id)
    if recipient:
        return to.order_by("-sent_at").first()
    return None


def find_message(report: ProviderReport, channel: Channel) -> int | None:
    """Return the key of a report's message: by provider ID, our key, or Message-ID."""
    ours = Message.objects.filter(channel=channel, direction="out").order_by()
    named: UUID | None = None
    if report.message_id:
        named = threads.own_message(report.message_id)
    tries: list[dict[str, Any] | None] = [
        {"provider_id": report.provider_id} if report.provider_id else None,
        {"uid": named} if named else None,
        {"uid": _parse_uid(report.key)} if _parse_uid(report.key) else None,
        {"message_id": report.message_id} if report.message_id else None,
    ]
    for wanted in filter(None, tries):
        if message_id := ours.filter(**wanted).values_list("pk", flat=True).first():
            return int(message_id)
    return None


def _parse_uid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _settle_call(message: Message, report: ProviderReport) -> None:
    """Mark the message as sent if the provider reports on it, whatever the call returned."""
    if report.kind in _TAKEN and message.state in (Message.State.UNKNOWN, Message.State.SENDING):
        message._become(
            Message.State.SENT, sent_at=clock.now(), provider_id=message.provider_id or report.provider_id[:200]
        )
        message.record_event("message.sent", None)


def _update_delivery(message: Message, report: ProviderReport) -> None:
    """Save the delivery derived from all reports, and why it was not delivered."""
    rows = message.reports.filter(is_copy=False).values_list("kind", "at", "is_permanent", "is_machine")
    before = message.delivery
    message.delivery = derive((DeliveryFact(*row) for row in rows), is_mail=message.medium == Medium.EMAIL)
    if message.delivery == before:
        if message.delivery in _BAD and _is_decisive(message, report):
            message.set_error(_reason_text(message, report))
            message.save(update_fields=["error", "error_words"])
            hints.touch("messages")
        return
    message.set_error(_reason_text(message, report) if message.delivery in _BAD else "")
    message.save(update_fields=["delivery", "error", "error_words"])
    data = {"reason": message.error[:200]}
    if message.delivery in _BAD and before not in _BAD:
        message.record_event("message.bounced", None, data)
    elif message.delivery == Kind.COMPLAINED:
        message.record_event("message.complained", None, {"reason": (report.detail or report.code)[:200]})
    elif message.delivery == Kind.CLICKED:
        message.record_event("message.clicked", None)
    else:
        hints.touch("messages")
        # Nobody reads of each on a timeline: recorded where a rule asks for it.
        if message.delivery == Kind.DELIVERED and DELIVERED in wanted_events():
            message.record_event(DELIVERED, None)


def _is_first_final(message: Message, report: ProviderReport) -> bool:
    """True for the first final failure of the message; soft bounces may precede it.

    Only then is it sent by the next channel, so that a second report sends no third message.
    """
    if message.state != Message.State.SENT or message.delivery not in _BAD:
        return False
    final = Q(kind=Kind.FAILED) | Q(kind=Kind.BOUNCED, is_permanent=True)
    is_final = report.kind == Kind.FAILED or (report.kind == Kind.BOUNCED and report.is_permanent)
    return is_final and message.reports.filter(final, is_copy=False).count() == 1


def _is_decisive(message: Message, report: ProviderReport) -> bool:
    """True if this failure report is the decisive one: final, or the newest of equals."""
    failures = message.reports.filter(is_copy=False, kind__in=_BAD)
    decisive = failures.order_by("-is_permanent", "-at", "-pk").values_list("event_id", flat=True).first()
    return report.kind in _BAD and decisive == report.event_id


def _note_copy(message: Message, report: ProviderReport) -> None:
    """Record that a copy was not delivered; the message itself may have been."""
    if report.kind in _BAD:
        message.record_event("message.copy_bounced", None, {"reason": _reason_text(message, report)[:200]})


def _refusal_reason(message: Message, report: ProviderReport) -> MailRefusal | None:
    """Return why an email was refused; None for other media."""
    if message.medium != Medium.EMAIL:
        return None
    return report.refusal or refusal_of(report.code, report.detail)


def _reason_text(message: Message, report: ProviderReport) -> str:
    """Return why it was not delivered, in words."""
    return refusal_reason(_refusal_reason(message, report), report.detail or report.code)


def _suppress_address(message: Message, report: ProviderReport, address: str) -> None:
    """Suppress an address that complained, unsubscribed or doesn't exist.

    Of mail the reason counts, not whether it is final: a full mailbox or a policy is of one message. Where a mail went
    to several, a report about none of them marks nobody.
    """
    reasons = {Kind.COMPLAINED: "complaint", Kind.UNSUBSCRIBED: "unsubscribed"}
    is_named = report.recipient.lower() in ("", address.lower()) or not message.participants.get("cc")
    if report.is_permanent and is_named and _refusal_reason(message, report) in (None, MailRefusal.NO_ADDRESS):
        reasons |= {Kind.BOUNCED: "hard_bounce", Kind.FAILED: "hard_bounce"}
    if reason := reasons.get(Kind(report.kind)):
        send_results.suppress(message, reason, report.detail or _("Reported by the provider"), address=address)
