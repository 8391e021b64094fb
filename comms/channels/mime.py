"""An outgoing email as MIME: text and HTML as alternatives, inline images, attachments.

One Django message for every provider: SMTP and the spool render it, the others (django-anymail) take it apart.
"""

from email.encoders import encode_base64
from email.message import Message as Part
from email.mime.base import MIMEBase
from email.utils import quote
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.core.mail.message import SafeMIMEMultipart

from comms.channels.interface import Outgoing, OutgoingFile, Permanent
from comms.models import Channel

# How the media type of an invitation begins; its method follows.
INVITATION = "text/calendar; method="
# Below the 998 characters that a line may have (RFC 5322).
LONGEST_HEADER_LINE = 900
# Headers that are ours to set elsewhere; a caller's would double them.
_SET_HERE = frozenset({"from", "to", "cc", "bcc", "subject", "reply-to", "content-type", "mime-version"})


class OutgoingMail(EmailMultiAlternatives):
    """An EmailMultiAlternatives whose inline images are related to the HTML (multipart/related)."""

    def message(self, *args: Any, **kwargs: Any) -> Any:
        """Return the MIME message; long headers are folded late.

        At the usual 78 characters Python breaks right behind the colon of a Message-ID or List-Unsubscribe, and some
        servers take such a header for an empty one.
        """
        message = super().message(*args, **kwargs)
        message.policy = message.policy.clone(max_line_length=LONGEST_HEADER_LINE)
        return message

    def _create_attachments(self, msg: Any) -> Any:
        inline = [part for part in self.attachments if _is_inline(part)]
        files = [part for part in self.attachments if not _is_inline(part)]
        if inline:
            related = SafeMIMEMultipart(_subtype="related", encoding=self.encoding or "utf-8")
            related.attach(msg)
            for part in inline:
                related.attach(part)
            msg = related
        if files:
            mixed = SafeMIMEMultipart(_subtype="mixed", encoding=self.encoding or "utf-8")
            mixed.attach(msg)
            for part in files:
                mixed.attach(part)
            msg = mixed
        return msg


def build(channel: Channel, message: Outgoing, *, with_invitation: bool = True) -> OutgoingMail:
    """Build the email of a message. Raises Permanent for an invalid address or header.

    `with_invitation`: an invitation for a calendar is one more alternative of the text, by which mail programs ask
    whether to accept (RFC 6047); else it is a file, for providers that take no other alternatives.
    """
    headers = {name: value for name, value in message.headers.items() if name.lower() not in _SET_HERE}
    _refuse_lines(message, headers)
    mail = OutgoingMail(
        subject=message.subject,
        body=message.text,
        from_email=_mailbox(message.sender_name or channel.display_name, channel.address),
        to=[_mailbox(message.to_name, message.to)],
        cc=[_mailbox(name, address) for name, address in message.cc],
        bcc=[_mailbox(name, address) for name, address in message.bcc],
        reply_to=[message.reply_to] if message.reply_to else None,
        headers=headers,
    )
    if message.html:
        mail.attach_alternative(message.html, "text/html")
    for file in message.files:
        if file.media_type.startswith(INVITATION) and with_invitation:
            mail.attach_alternative(file.content.decode(), file.media_type)
        else:
            mail.attach(_mime_part(file))
    return mail


def mail_bytes(mail: OutgoingMail) -> bytes:
    """Return the bytes of an email. Raises Permanent for content no email can hold."""
    try:
        message: Any = mail.message()  # Django's own class: with `linesep`
        return bytes(message.as_bytes(linesep="\r\n"))
    except (ValueError, UnicodeError) as error:  # BadHeaderError is one
        raise Permanent(f"No mail can be made of it: {error}") from error


def _is_inline(part: Any) -> bool:
    return isinstance(part, Part) and "Content-ID" in part


def _mailbox(name: str, address: str) -> str:
    if name:
        return f'"{quote(name)}" <{address}>'
    return address


def _refuse_lines(message: Outgoing, headers: dict[str, str]) -> None:
    """Refuse line breaks in headers, which would add further headers."""
    values = [message.subject, message.to, message.to_name, message.sender_name, message.reply_to]
    values += [text for pair in (*message.cc, *message.bcc, *headers.items()) for text in pair]
    if any("\r" in text or "\n" in text or "\0" in text for text in values):
        raise Permanent("An address, a name or the subject has a line break in it")


def _mime_part(file: OutgoingFile) -> MIMEBase:
    kind, _, subtype = file.media_type.partition("/")
    if not subtype or kind in ("message", "multipart"):  # base64 is not allowed around these
        kind = "application"
        subtype = "octet-stream"
    part = MIMEBase(kind, subtype.partition(";")[0])
    part.set_payload(file.content)
    encode_base64(part)
    name = _plain_id(file.name)
    disposition = "attachment"
    if file.content_id:
        disposition = "inline"
    part.add_header("Content-Disposition", disposition, filename=name if name.isascii() else ("utf-8", "", name))
    if file.content_id:
        part["Content-ID"] = f"<{_plain_id(file.content_id)}>"
    return part


def _plain_id(text: str) -> str:
    return "".join(character for character in text if character.isprintable() and character not in "<>") or "file"
