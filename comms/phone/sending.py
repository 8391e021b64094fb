"""Actions of the played customer, delivered as raw bytes like real messages and read by a worker."""

import base64
import json
from collections.abc import Iterable
from email.message import EmailMessage
from email.utils import format_datetime, formataddr, make_msgid
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import UploadedFile

from comms.channels import difficulty
from comms.inbound import inbound_storage
from comms.models import Channel, Inbound, Message
from comms.phone.customers import PROVIDER, PhoneCustomer
from comms.phone.mailbox import reply_address
from crm.kernel import clock


def write_text(who: PhoneCustomer, channel: Channel, text: str, files: Iterable[UploadedFile] = ()) -> Inbound:
    """Send a text or WhatsApp message, with pictures."""
    sent = [
        {"name": file.name, "type": file.content_type, "content": base64.b64encode(file.read()).decode()}
        for file in files
    ]
    name = ""
    if who.person:
        name = who.name
    return _deliver_item(
        channel,
        {"kind": "text", "medium": channel.medium, "from": who.number, "name": name, "text": text, "files": sent},
    )


def call(who: PhoneCustomer, channel: Channel, *, seconds: int) -> Inbound:
    """Make a call of some seconds; 0 hangs up before it is answered."""
    return _deliver_item(channel, {"kind": "call", "from": who.number, "seconds": seconds})


def report(message: Message, kind: str) -> Inbound | None:
    """Simulate a provider's report on a message of the company: opened, clicked, bounced …"""
    if message.channel is None or not message.provider_id:
        return None
    now = clock.now()
    payload = {"kind": "report", "of": message.provider_id}
    delivered = [
        _deliver_item(message.channel, {**payload, "report": str(each), "at": (now - ago).isoformat()})
        for each, ago in difficulty.reports_of(message.channel, kind)
    ]
    return delivered[0]


def write_mail(
    who: PhoneCustomer, channel: Channel, *, subject: str, text: str, files: Iterable[UploadedFile] = (),
    answers: Message | None = None, away_until: str = "",
) -> Inbound:  # fmt: skip
    """Send an email as a mail program does; `away_until` makes it an absence notice."""
    mail = EmailMessage()
    mail["From"] = formataddr((who.name if who.person else "", who.email))
    mail["To"] = (reply_address(answers) if answers else "") or channel.address
    mail["Subject"] = subject
    mail["Date"] = format_datetime(clock.now())
    mail["Message-ID"] = make_msgid(domain=who.email.rpartition("@")[2])
    if away_until:
        mail["Auto-Submitted"] = "auto-replied"
        mail["X-Auto-Response-Suppress"] = "All"
    if answers:
        mail["In-Reply-To"] = answers.message_id
        mail["References"] = " ".join(filter(None, (answers.references, answers.message_id)))
    mail.set_content(text + (_quotation(answers) if answers and not away_until else ""))
    for file in files:
        kind, _slash, sort = (file.content_type or "application/octet-stream").partition("/")
        mail.add_attachment(file.read(), maintype=kind, subtype=sort or "octet-stream", filename=file.name)
    delivered: list[Inbound] = []
    for number in range(difficulty.copies(channel)):
        # Of the same bytes the door would know that it has them.
        raw = b"X-Delivery: %d\n" % number + mail.as_bytes()
        envelope = {"to": channel.address}
        delivered += inbound_storage.store(
            raw, kind=Inbound.Kind.MAIL, channel=channel, provider=PROVIDER, envelope=envelope
        )[:1]
    return delivered[0]


def _quotation(message: Message) -> str:
    when = message.at.strftime("%a, %b %d, %Y at %H:%M")
    quoted = "\n".join(f"> {line}" for line in message.text.splitlines())
    return f"\n\nOn {when} {message.channel} wrote:\n\n{quoted}\n"


def _deliver_item(channel: Channel, payload: dict[str, Any]) -> Inbound:
    payload = {"id": uuid4().hex, "to": channel.address, "at": clock.now().isoformat()} | payload
    envelope = {"headers": {"Content-Type": "application/json"}}
    delivered: list[Inbound] = []
    for number in range(difficulty.copies(channel)):
        body = json.dumps(payload | {"delivery": number}).encode()
        kind = Inbound.Kind.WEBHOOK
        inbound, _new = inbound_storage.store(body, kind=kind, channel=channel, provider=PROVIDER, envelope=envelope)
        delivered.append(inbound)
    return delivered[0]
