"""Files of a draft: types detected, locations removed from pictures and videos, within a channel's limits."""

import io
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from comms.composer import attachment_limits
from comms.composer.attachment_limits import FileFacts
from comms.models import Attachment, Draft, DraftFile
from crm.platform.files import stored_files
from crm.platform.files.gps_removal import strip_gps_position
from crm.platform.files.media_types import sniff_media_type
from crm.platform.models import Member, StoredFile

# More than a mail's limit is not even read.
MOST_BYTES = 64 << 20


def store_uploads(
    uploads: Iterable[Any], medium: str, *, by: Member, beside: Iterable[StoredFile] = ()
) -> list[StoredFile]:
    """Store uploaded files beside the existing ones. Raises Refused before anything is stored."""
    contents = [(upload.name or "file", upload.read(MOST_BYTES + 1), upload.content_type or "") for upload in uploads]
    typed = [(name, content, sniff_media_type(content, name, declared)) for name, content, declared in contents]
    present = [FileFacts(file.name, file.content_type, file.size) for file in beside]
    attachment_limits.check(medium, [*present, *(FileFacts(name, kind, len(content)) for name, content, kind in typed)])
    with stored_files.delete_files_on_error() as rows:
        for name, content, kind in typed:
            is_picture = kind.startswith(("image/", "video/"))
            file = io.BytesIO(strip_gps_position(content) if is_picture else content)
            days = stored_files.FOREVER_DAYS
            rows.append(stored_files.store_file(file, name, purpose="message", by=by, content_type=kind, days=days))
    return rows


def add_files(draft: Draft, uploads: Iterable[Any], *, by: Member) -> None:
    """Add uploaded files to a draft, replacing the file if a message carries only one.

    Raises Refused in words.
    """
    present = list(draft.files.select_related("file"))
    if attachment_limits.LIMITS[draft.medium].files == 1:
        for row in present:
            remove_file(draft, str(row.uid), by=by)
        present = []
    for file in store_uploads(uploads, draft.medium, by=by, beside=[row.file for row in present]):
        draft.files.create(file=file)


def remove_file(draft: Draft, uid: str, *, by: Member) -> None:
    """Remove a file from a draft, and its bytes unless a message has them."""
    try:
        row: DraftFile | None = draft.files.select_related("file").filter(uid=UUID(uid)).first()
    except ValueError:
        return
    if row is None:
        return
    row.delete()
    if not Attachment.objects.filter(file=row.file).exists():
        stored_files.delete_file(row.file, by=by, cause="removed from a draft")
