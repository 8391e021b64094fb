"""Handling of a full disk: incomplete files are deleted, and the failure is shown on the health page.

Whoever meets it is answered 507 (crm/web/requests/error_pages.py); due work waits and comes again, untried.
"""

import errno
import logging
import shutil
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from django.core.cache import cache
from django.core.files.storage import FileSystemStorage, default_storage

from crm.kernel import clock

logger = logging.getLogger(__name__)

# No space, no quota, no file may be as large, and a file system that was remounted read-only after an error.
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS})
_LAST_FAILURE = "files:last-failure"
_KEPT_SECONDS = 7 * 24 * 3600


def is_full_disk(error: BaseException | None) -> bool:
    """Tell whether an error means that there is no room for a file."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in _NO_ROOM:
            return True
        error = error.__cause__
    return False


class FileFolder(FileSystemStorage):
    """The storage of uploaded and generated files. A file that could not be written completely is deleted."""

    def _save(self, name: str, content: Any) -> str:
        try:
            return cast("str", super()._save(name, content))  # type: ignore[misc]
        except OSError as error:
            # Its name is of a random number, and was free a moment ago: what lies there is what was just begun.
            with suppress(OSError):
                Path(self.path(name)).unlink(missing_ok=True)
            if is_full_disk(error):
                note_failure()
            raise


def note_failure() -> None:
    """Note that a file could not be written. In the cache: the transaction it happened in is rolled back."""
    logger.error("no room for a file", extra={"free": free_bytes()})
    cache.set(_LAST_FAILURE, clock.now().isoformat(), timeout=_KEPT_SECONDS)


def last_failure() -> datetime | None:
    """Return when a file last could not be written, within a week."""
    noted = cache.get(_LAST_FAILURE)
    if noted:
        return datetime.fromisoformat(noted)
    return None


def is_in_bucket() -> bool:
    """Tell whether files are in a bucket of an object storage, not in a folder."""
    return not isinstance(default_storage, FileSystemStorage)


def free_bytes() -> int | None:
    """Return the free disk space for files in bytes; None if unknown, or where they are in a bucket."""
    if is_in_bucket():
        return None
    folder = Path(default_storage.path(""))
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return None
