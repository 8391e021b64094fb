"""The built-in mailbox and phone, for demo and development: no message is sent out.

A mail is kept as a file of the tenant, byte by byte as it would leave; texts and calls are the message itself. A
recipient at `bounce.example`, or a number that ends in 0000, is refused, so that failures can be tried out.
"""

from base64 import b64decode
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from comms.channels import difficulty, payload
from comms.channels.interface import (
    Capability,
    Outgoing,
    Permanent,
    Provider,
    ProviderReport,
    RawRequest,
    Receipt,
    Received,
    ReceivedCall,
    ReceivedFile,
    ReceivedText,
    Transient,
    UnreadableRequest,
)
from comms.channels.mime import build, mail_bytes
from comms.models import Channel, DeliveryReport, Medium
from comms.stored_words import stored_gettext as _
from libs.inbound_mail import MailRefusal


class Embedded(Provider):
    """Accepts every message and passes none on."""

    key = "embedded"
    name = "Built-in"
    media = frozenset({Medium.EMAIL, Medium.SMS, Medium.WHATSAPP, Medium.CALL})
    carries_files = frozenset({Medium.EMAIL, Medium.SMS, Medium.WHATSAPP})
    is_embedded = True
    settings = difficulty.SETTINGS

    def capabilities(self, channel: Channel) -> Sequence[Capability]:
        network = difficulty.difficulty_of(channel, difficulty.NETWORK)
        if not network:
            return ()
        words = f"{difficulty.NETWORK.label} {dict(difficulty.NETWORK.choices)[network]}"
        return (Capability(_("Made difficult, on Phone and mailbox"), can=False, missing=words),)

    def send(self, channel: Channel, message: Outgoing) -> Receipt:
        difficulty.pass_network(channel)
        if message.to.endswith(("@bounce.example", "0000")):
            raise Permanent(_("There is no such mailbox or number"), code="550", suppress="hard_bounce")
        if channel.medium == Medium.EMAIL:
            try:
                _write_file(_spool_path(channel.tenant_id, UUID(message.key)), mail_bytes(build(channel, message)))
            except OSError as error:
                raise Transient(f"The file could not be written: {error.strerror}") from error
        return Receipt(provider_id=f"embedded-{message.key}", segments=int(channel.medium == Medium.SMS))

    def read(self, channel: Channel, request: RawRequest) -> Sequence[Received]:
        """Parse what the demo page delivered (comms/phone), which stores it directly, without a webhook."""
        return [_read_item(payload.json_object(request))]

    def test(self, channel: Channel) -> str:
        return _("Messages stay in the built-in mailbox and phone.")


def _read_item(said: dict[str, Any]) -> Received:
    kind = payload.text(said, "kind")
    sender = payload.text(said, "from")
    at = payload.instant(payload.text(said, "at"))
    key = payload.text(said, "id")
    to = payload.text(said, "to")
    if kind == "report":
        report_kind = payload.text(said, "report")
        permanent = report_kind == DeliveryReport.Kind.BOUNCED
        why = None
        if permanent:
            why = MailRefusal.NO_ADDRESS
        return ProviderReport(
            payload.text(said, "of"), report_kind, event_id=key, at=at, is_permanent=permanent, refusal=why
        )
    if kind == "call":
        seconds = payload.whole(payload.text(said, "seconds"))
        return ReceivedCall(sender, to, f"embedded-{key}", is_answered=seconds > 0, duration=seconds, at=at)
    if kind != "text":
        raise UnreadableRequest(_("It is not a text, call or report."))
    return ReceivedText(
        medium=payload.text(said, "medium"),
        sender=sender,
        to=to,
        text=payload.text(said, "text"),
        provider_id=f"embedded-{key}",
        at=at,
        sender_name=payload.text(said, "name"),
        files=tuple(
            ReceivedFile(
                payload.text(file, "name"), payload.text(file, "type"), b64decode(payload.text(file, "content"))
            )
            for file in payload.objects(said, "files")
        ),
    )


def spooled_mail(tenant_id: int, uid: UUID) -> bytes | None:
    """Return the email as it would have been sent; None if none was stored."""
    path = _spool_path(tenant_id, uid)
    if not default_storage.exists(path):
        return None
    with default_storage.open(path) as file:
        return bytes(file.read())


def forget_spooled(tenant_id: int, uids: Iterable[UUID]) -> None:
    """Delete stored copies of emails that would have been sent. Idempotent."""
    for uid in uids:
        default_storage.delete(_spool_path(tenant_id, uid))


def _spool_path(tenant_id: int, uid: UUID) -> str:
    return f"{tenant_id}/spool/{uid.hex}.eml"


def _write_file(path: str, content: bytes) -> None:
    """Write a file; the same email replaces itself."""
    default_storage.delete(path)
    default_storage.save(path, ContentFile(content))
