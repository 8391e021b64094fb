"""Store the files of a message for as long as the message, with their detected type."""

import io
from collections.abc import Sequence

from comms.inbound.text_cleaning import clean_text
from comms.models import Attachment, Direction, Message
from crm.platform.files import stored_files
from crm.platform.files.media_types import sniff_media_type
from crm.platform.models import StoredFile
from libs.inbound_mail import MailPart, own_images


def keep_parts(message: Message, parts: Sequence[MailPart]) -> None:
    """Store the attachments of a mail in order, in two queries."""
    types = [sniff_media_type(part.content, name=part.name, declared=part.type) for part in parts]
    files = stored_files.store_files(
        (
            (io.BytesIO(part.content), clean_text(part.name), media_type)
            for part, media_type in zip(parts, types, strict=True)
        ),
        purpose="attachment",
    )
    rows = [
        _build_attachment(message, position, part, file)
        for position, (part, file) in enumerate(zip(parts, files, strict=True))
    ]
    _show_own_photos(message, rows)
    Attachment.objects.bulk_create(rows)


def _show_own_photos(message: Message, rows: Sequence[Attachment]) -> None:
    """Count a photo within a customer's own text as an attachment, as phones send photos that way."""
    if message.direction != Direction.IN or not any(row.is_inline for row in rows):
        return
    own = own_images(message.html)
    for row in rows:
        if row.content_id.lower() in own:
            row.is_inline = False


def keep_file(message: Message, position: int, name: str, declared_type: str, content: bytes) -> Attachment:
    """Store one file of a message."""
    part = MailPart(name, declared_type, content)
    media_type = sniff_media_type(content, name=name, declared=declared_type)
    file = stored_files.store_file(
        io.BytesIO(content), clean_text(name), purpose="attachment", by=None, content_type=media_type, days=None
    )
    attachment = _build_attachment(message, position, part, file)
    attachment.save()
    return attachment


def _build_attachment(message: Message, position: int, part: MailPart, file: StoredFile) -> Attachment:
    return Attachment(
        message=message,
        file=file,
        name=clean_text(part.name, 200) or "file",
        media_type=file.content_type[:100],
        declared_type=clean_text(part.type, 100),
        size=part.size,
        content_id=clean_text(part.content_id, 250),
        is_inline=part.inline,
        position=position,
    )
