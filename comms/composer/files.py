"""The files that go out with a message: types found out, positions taken out of pictures and videos, within limits."""

import io
from collections.abc import Iterable
from typing import Any

from comms.media import limits
from comms.media.limits import File
from crm.platform.files import stored_files
from crm.platform.files.media_types import sniff
from crm.platform.files.positions import strip_position
from crm.platform.models import Member, StoredFile

# More than a mail's limit is not even read.
MOST_BYTES = 64 << 20


def keep_files(uploads: Iterable[Any], medium: str, *, by: Member) -> list[StoredFile]:
    """Keep uploaded files to be sent. Raises Refused in words, before anything is kept."""
    read = [(upload.name or "file", upload.read(MOST_BYTES + 1), upload.content_type or "") for upload in uploads]
    found = [(name, content, sniff(content, name, declared)) for name, content, declared in read]
    limits.check(medium, [File(name, kind, len(content)) for name, content, kind in found])
    with stored_files.all_or_none() as kept:
        for name, content, kind in found:
            is_picture = kind.startswith(("image/", "video/"))
            file = io.BytesIO(strip_position(content) if is_picture else content)
            days = stored_files.FOREVER_DAYS
            kept.append(stored_files.keep(file, name, purpose="message", by=by, content_type=kind, days=days))
    return kept
