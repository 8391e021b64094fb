"""The mailbox and phone of the played customer: texts, emails, and an email as displayed."""

from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, NamedTuple, cast

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.html import escape, linebreaks, urlize

from comms.channels.providers.embedded import spooled_mail
from comms.models import Message
from comms.phone.customers import PROVIDER, PhoneCustomer

# What the customer never saw: it has not left, or never will.
NOT_THERE = ("queued", "held", "sending", "failed", "dropped", "unknown", "cancelled")


class MailHead(NamedTuple):
    """The header of an email as displayed."""

    sender: str
    subject: str
    at: datetime
    can_unsubscribe: str


def messages_of(who: PhoneCustomer) -> Any:
    """Return the messages between the customer and the company over built-in channels, newest first."""
    addresses = [address for address in (who.number, who.email) if address]
    rows = Message.objects.filter(channel__provider=PROVIDER, address__in=addresses).select_related("channel")
    return rows.exclude(Q(direction="out") & Q(state__in=NOT_THERE)).prefetch_related("attachments").newest_first()


def message(who: PhoneCustomer, uid: str) -> Message | None:
    """Return a message of the customer; None for anybody else's."""
    try:
        own_message: Message | None = None
        if uid:
            own_message = messages_of(who).filter(uid=uid).first()
    except ValidationError:
        return None
    return own_message


def raw_of(found: Message) -> bytes | None:
    """Return the bytes of an email sent by the company; None if it is the customer's or was not stored."""
    if found.direction == "out":
        return spooled_mail(found.tenant_id, found.uid)
    return None


def head_of(found: Message) -> MailHead:
    """Return sender and subject of an email as sent."""
    mail = _parse_mail(found)
    if mail is None:
        return MailHead(found.address, found.subject, found.at, "")
    unsubscribe = str(mail.get("List-Unsubscribe", ""))
    addresses = [part.strip(" <>") for part in unsubscribe.split(",")]
    one_click = next((each for each in addresses if each.startswith("http")), "")
    return MailHead(str(mail.get("From", "")), str(mail.get("Subject", "")), found.at, one_click)


def paper_of(found: Message) -> str:
    """Return the HTML of an email with its inline images; the text of a plain one."""
    mail = _parse_mail(found)
    html = None
    if mail:
        html = mail.get_body(("html",))
    if mail is None or html is None:
        return _PLAIN % linebreaks(urlize(escape(found.text)))
    return _with_pictures(str(html.get_content()), mail)


def answer_subject(found: Message | None) -> str:
    """Return the subject of an answer."""
    if found is None:
        return ""
    if found.subject.lower().startswith("re:"):
        return found.subject
    return f"Re: {found.subject}"


def reply_address(found: Message) -> str:
    """Return the reply address of an email."""
    mail = _parse_mail(found)
    address = None
    if mail:
        address = cast("Any", mail.get("Reply-To") or mail.get("From"))
    if address is not None and address.addresses:
        return str(address.addresses[0].addr_spec)
    return ""


def _parse_mail(found: Message) -> EmailMessage | None:
    raw = raw_of(found)
    if raw:
        return message_from_bytes(raw, policy=policy.default)
    return None


def _with_pictures(html: str, mail: EmailMessage) -> str:
    for part in mail.walk():
        cid = str(part.get("Content-ID", "")).strip(" <>")
        if cid and part.get_content_maintype() == "image":
            content = str(part.get_payload()).replace("\n", "").replace("\r", "")
            html = html.replace(f"cid:{cid}", f"data:{part.get_content_type()};base64,{content}")
    return html


_PLAIN = (
    '<!doctype html><meta charset="utf-8"><meta name="color-scheme" content="light">'
    '<body style="font:15px/1.55 system-ui,sans-serif;margin:20px">%s</body>'
)
