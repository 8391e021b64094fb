"""A message as its provider is to send it: sender, reply address, thread headers, files."""

from collections.abc import Iterable

from django.conf import settings

from comms.channels.interface import Outgoing, OutgoingFile, Permanent
from comms.channels.registry import provider_of
from comms.channels.webhook_address import webhook_url
from comms.gate.preferences import links
from comms.mail import threads
from comms.models import Attachment, Channel, Medium, Message, SenderProfile
from comms.models.sender_profile import LOGO_CONTENT_ID
from crm.platform.files import stored_files


def outgoing(message: Message, channel: Channel) -> Outgoing:
    """Compose a message. Raises Permanent when a file of it is gone."""
    is_mail = message.medium == Medium.EMAIL
    return Outgoing(
        key=str(message.uid),
        medium=message.medium,
        to=message.address,
        to_name=message.address_name,
        cc=tuple((name, address) for name, address in message.participants.get("cc", ())),
        sender_name=channel.display_name or channel.brand.name,
        reply_to=_reply_to(message, channel) if is_mail else "",
        subject=message.subject,
        text=message.text,
        html=message.html,
        headers=_headers(message) if is_mail else {},
        files=(*_files(message.attachments.select_related("file").order_by("position", "pk")), *_logo(message)),
        language=message.language,
        callback_url=_callback_url(channel),
    )


def _callback_url(channel: Channel) -> str:
    """Where the provider reports what became of it; none where it could not reach us, for it would refuse to send."""
    carrier = provider_of(channel)
    return webhook_url(channel) if carrier and carrier.has_webhook and settings.TLS else ""


def _headers(message: Message) -> dict[str, str]:
    headers = {"Message-ID": message.message_id} | links.headers(message)
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


def _reply_to(message: Message, channel: Channel) -> str:
    """An address of the thread's own where the channel can receive one; otherwise answers go to the sender."""
    reply_domain = channel.settings.get("reply_domain", "")
    if reply_domain or channel.settings.get("plus_addressing"):
        return threads.reply_address(message.uid, channel.address, reply_domain)
    return ""


def _logo(message: Message) -> Iterable[OutgoingFile]:
    """The brand's logo, where the mail shows it; without its bytes the mail goes out and shows the brand's name."""
    if f"cid:{LOGO_CONTENT_ID}" not in message.html:
        return
    profile = SenderProfile.of(message.brand)
    try:
        if profile.logo:
            with stored_files.opened(profile.logo) as file:
                yield OutgoingFile("logo.png", "image/png", file.read(), LOGO_CONTENT_ID)
    except (stored_files.Gone, OSError):
        return


def _files(attachments: Iterable[Attachment]) -> Iterable[OutgoingFile]:
    for attachment in attachments:
        try:
            with stored_files.opened(attachment.file) as file:
                content = file.read()
        except (stored_files.Gone, OSError) as error:
            raise Permanent(f"Its file “{attachment.name}” is not kept any more") from error
        yield OutgoingFile(attachment.name, attachment.media_type, content, attachment.content_id)
