"""Compose an outgoing message for its provider: sender, reply address, headers, template, files or links."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from comms.channels.interface import Outgoing, OutgoingFile, Permanent
from comms.channels.registry import provider_of
from comms.channels.webhook_address import webhook_url
from comms.gate.preferences import links
from comms.mail import threads
from comms.models import Attachment, Channel, Medium, Message, SenderProfile
from comms.models.sender_profile import LOGO_CONTENT_ID
from comms.outbox import file_links
from crm.platform.files import stored_files
from libs.inbound_mail import LOOP_HEADER

# The server delivers name+code@… to the mailbox.
PLUS_ADDRESSING = "yes"
# Neither an address of the thread's own nor a line that the customer sees.
HEADERS_ALONE = "headers"


def outgoing(message: Message, channel: Channel) -> Outgoing:
    """Compose a message. Raises Permanent if a file is gone or not supported by the channel."""
    is_mail = message.medium == Medium.EMAIL
    if is_mail:
        text, html = _add_thread_mark(message, channel)
    else:
        text, html = (message.text, message.html)
    return Outgoing(
        key=str(message.uid),
        medium=message.medium,
        to=message.address,
        to_name=message.address_name,
        cc=tuple((name, address) for name, address in message.participants.get("cc", ())),
        bcc=tuple((name, address) for name, address in message.participants.get("bcc", ())),
        sender_name=channel.display_name or channel.brand.name,
        reply_to=_reply_to(message, channel) if is_mail else "",
        subject=message.subject,
        text=text,
        html=html,
        headers=_mail_headers(message, channel) if is_mail else {},
        files=(*_outgoing_files(message, channel), *_logo_file(message)),
        callback_url=_callback_url(channel),
        **_template_fields(message),
    )


def _template_fields(message: Message) -> dict[str, Any]:
    """Return the template for WhatsApp to fill in, with language and values; else the message's language."""
    version = message.template_version
    values = message.template_values
    if not message.leaves_as_template or version is None or values is None:
        return {"language": message.language}
    names = version.whatsapp_shape.get("names", {})
    return {
        "names": tuple(names.get("body", ())),
        "heading_names": tuple(names.get("header", ())),
        "heading": version.heading,
        "template": version.whatsapp_name or version.template.key,
        "language": version.whatsapp_language or version.language,
        "values": tuple(values.get("body", ())),
        "heading_values": tuple(values.get("header", ())),
        "button_values": tuple((position, value) for position, value in values.get("buttons", ())),
    }


def _callback_url(channel: Channel) -> str:
    """Return the address for delivery reports; blank if the provider can't reach this site."""
    carrier = provider_of(channel)
    if carrier and carrier.has_webhook and settings.TLS:
        return webhook_url(channel)
    return ""


def _mail_headers(message: Message, channel: Channel) -> dict[str, str]:
    # A provider may give the mail another Message-ID; by the mark it is known when it comes back.
    headers = {"Message-ID": message.message_id, LOOP_HEADER: channel.address} | links.headers(message)
    if message.in_reply_to:
        headers |= {"In-Reply-To": message.in_reply_to, "References": message.references}
        headers |= {
            name: message.thread_headers[name]
            for name in ("Thread-Index", "Thread-Topic")
            if name in message.thread_headers
        }
    if message.author_id is None:
        # RFC 3834, and what Exchange asks instead: nobody's absence notice answers it.
        headers |= {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "OOF, AutoReply"}
    return headers


def _add_thread_mark(message: Message, channel: Channel) -> tuple[str, str]:
    """Add the thread mark to an email so that a quotation contains it; hidden in HTML.

    A mail of text alone shows it, so it has one only where no reply address of its own says the same, and where the
    channel's setting wants it.
    """
    if message.html:
        hidden = f'<div style="display:none;font-size:1px;line-height:1px">{threads.thread_mark(message.uid)}</div>'
        body, end, rest = message.html.rpartition("</body>")
        return message.text, f"{body}{hidden}{end}{rest}" if end else f"{message.html}{hidden}"
    if _reply_to(message, channel) or channel.settings.get("plus_addressing") == HEADERS_ALONE:
        return message.text, ""
    return f"{message.text}\n\n{threads.thread_mark(message.uid)}", ""


def _reply_to(message: Message, channel: Channel) -> str:
    """Return the thread's own reply address if the channel can receive it; else answers go to the sender."""
    reply_domain = channel.settings.get("reply_domain", "")
    if reply_domain or channel.settings.get("plus_addressing") == PLUS_ADDRESSING:
        return threads.reply_address(message.uid, channel.address, reply_domain)
    return ""


def _logo_file(message: Message) -> Iterable[OutgoingFile]:
    """Return the brand's logo if the email shows it; if its bytes are gone, the brand's name is shown."""
    if f"cid:{LOGO_CONTENT_ID}" not in message.html:
        return
    profile = SenderProfile.of(message.brand)
    try:
        if profile.logo:
            with stored_files.open_file(profile.logo) as file:
                yield OutgoingFile("logo.png", "image/png", file.read(), LOGO_CONTENT_ID)
    except (stored_files.FileGone, OSError):
        return


def _outgoing_files(message: Message, channel: Channel) -> Iterable[OutgoingFile]:
    carrier = provider_of(channel)
    for attachment in message.attachments.select_related("file").order_by("position", "pk"):
        if carrier and Medium(message.medium) not in carrier.carries_files:
            raise Permanent(_("%(provider)s can’t send files this way.") % {"provider": carrier.name})
        yield _linked_file(attachment) if carrier and carrier.fetches_files else _with_content(attachment)


def _linked_file(attachment: Attachment) -> OutgoingFile:
    """Return a file as a link for its provider to fetch."""
    if not attachment.file.is_kept:
        raise _missing_file(attachment)
    if not (url := file_links.link(attachment)):
        raise Permanent(
            _(
                "Files can be sent this way only if this site is reached over https, because the "
                "provider fetches them here."
            )
        )
    return OutgoingFile(attachment.name, attachment.media_type, b"", attachment.content_id, url)


def _with_content(attachment: Attachment) -> OutgoingFile:
    try:
        with stored_files.open_file(attachment.file) as file:
            return OutgoingFile(attachment.name, attachment.media_type, file.read(), attachment.content_id)
    except (stored_files.FileGone, OSError) as error:
        raise _missing_file(attachment) from error


def _missing_file(attachment: Attachment) -> Permanent:
    return Permanent(_("The file “%(name)s” is no longer kept.") % {"name": attachment.name})
