"""Keep the files of a message as long as the message itself, with the type they are found to be."""

import io
from collections.abc import Iterable

from comms.inbound.clean import clean
from comms.mail.message import MailPart
from comms.models import Attachment, Message
from crm.platform.files import stored_files
from crm.platform.files.media_types import sniff


def keep_parts(message: Message, parts: Iterable[MailPart]) -> None:
    """Store the attachments of a mail, in their order."""
    for position, part in enumerate(parts):
        keep_file(message, position, part.name, part.type, part.content, part.content_id, is_inline=part.inline)


def keep_file(
    message: Message,
    position: int,
    name: str,
    declared_type: str,
    content: bytes,
    content_id: str = "",
    *,
    is_inline: bool = False,
) -> Attachment:
    """Store one file of a message."""
    found = sniff(content, name=name, declared=declared_type)
    file = stored_files.keep(
        io.BytesIO(content), clean(name), purpose="attachment", by=None, content_type=found, days=None
    )
    attachment: Attachment = Attachment.objects.create(
        message=message,
        file=file,
        name=clean(name, 200) or "file",
        media_type=found[:100],
        declared_type=clean(declared_type, 100),
        size=len(content),
        content_id=clean(content_id, 250),
        is_inline=is_inline,
        position=position,
    )
    return attachment
