"""Uploaded and generated files: stored under an unguessable path for 30 days, then deleted and logged.

What belongs to a record (an attachment) is kept until it is deleted: `days=None`.

with make("list.xlsx", purpose="export", by=member) as making:     # or keep(file, "list.csv", purpose=…, by=…)
    making.write(b"…")                                              # a real temporary file: seek, tell, read, too
stored = making.stored                                              # the StoredFile row; nothing is left on an error
return answer(stored)                                               # in a view with a permission of its own; or 404
with opened(stored) as file: …                                      # raises Gone once the bytes are deleted
delete(stored, by=member)                                           # before its time; idempotent
"""

import hashlib
import logging
import mimetypes
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import PurePath
from typing import IO, Any, cast
from uuid import uuid4

from django.core.files.storage import default_storage
from django.dispatch import Signal
from django.http import FileResponse, Http404

from crm.kernel import clock
from crm.platform.events import events
from crm.platform.files.file_dry_run import delete_bytes, save_bytes
from crm.platform.models import Member, StoredFile
from crm.platform.tenancy.context import required_tenant_id
from crm.platform.work import due

logger = logging.getLogger(__name__)

KEPT_DAYS = 30
# Of what belongs to something that stays, such as a logo: deleted with it.
FOREVER_DAYS = 365 * 100
EXPIRE = "files.expire"
NEVER = datetime(9999, 1, 1, tzinfo=UTC)
# Sent with `ids` of files past their retention: an app answers with those that somebody must keep, by law. They are
# kept so long, then it is asked again.
expiring = Signal()
ASKED_AGAIN = timedelta(days=1)
# Bytes without a row are what a rolled back request left; younger ones may belong to a request still under way.
ORPHAN_AGE = timedelta(days=1)


class FileGone(Exception):
    """The file's bytes are deleted, or past their retention."""


def store_file(
    file: IO[bytes], name: str, *, purpose: str, by: Member | None, content_type: str = "", days: int | None = KEPT_DAYS
) -> StoredFile:
    """Store a file for the current tenant, and schedule its deletion.

    `days` None: kept until somebody deletes it, with the record it belongs to.
    """
    row = _write_file(file, name, purpose, by, content_type, days)
    row.save()
    if days is not None:
        due.schedule(EXPIRE, row.pk, row.expires_at)
    return row


def store_files(
    files: Iterable[tuple[IO[bytes], str, str]], *, purpose: str, by: Member | None = None
) -> list[StoredFile]:
    """Store files (bytes, name, type) of one record until they are deleted with it, with one statement.

    A mail may have a thousand, so their rows are one statement.
    """
    with delete_files_on_error() as rows:
        for file, name, content_type in files:
            rows.append(_write_file(file, name, purpose, by, content_type, None))
        stored: list[StoredFile] = StoredFile.objects.bulk_create(rows)
    return stored


@contextmanager
def delete_files_on_error() -> Iterator[list[StoredFile]]:
    """Context manager: delete the bytes of all files in the yielded list if the block raises.

    The rows go with the transaction; without this the bytes would take up room until they are swept.
    """
    rows: list[StoredFile] = []
    try:
        yield rows
    except BaseException:
        for row in rows:
            delete_bytes(row.path)
        raise


def _write_file(
    file: IO[bytes], name: str, purpose: str, by: Member | None, content_type: str, days: int | None
) -> StoredFile:
    """Write a file's bytes to the storage; return its unsaved row."""
    digest = hashlib.sha256()
    size = 0
    file.seek(0)
    while piece := file.read(1 << 20):
        digest.update(piece)
        size += len(piece)
    file.seek(0)
    now = clock.now()
    path = f"{required_tenant_id()}/{purpose}/{uuid4().hex}{PurePath(name).suffix[:8].lower()}"
    return StoredFile(
        purpose=purpose,
        name=PurePath(name.replace("\\", "/")).name[-200:] or purpose,
        content_type=content_type or mimetypes.guess_type(name)[0] or "application/octet-stream",
        path=save_bytes(path, file),
        size=size,
        sha256=digest.hexdigest(),
        by=by,
        created_at=now,
        expires_at=NEVER if days is None else now + timedelta(days=days),
    )


class StoredFileWriter:
    """A file being written: `file` is open for writing, `stored` is its row once the block has ended."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.write = file.write
        self.stored: StoredFile | None = None


@contextmanager
def write_stored_file(
    name: str, *, purpose: str, by: Member | None, content_type: str = ""
) -> Iterator[StoredFileWriter]:
    """Context manager: write a file and store it when the block ends; an error stores nothing."""
    with tempfile.TemporaryFile() as file:
        writer = StoredFileWriter(file)
        yield writer
        writer.stored = store_file(file, name, purpose=purpose, by=by, content_type=content_type)


@contextmanager
def open_file(row: StoredFile) -> Iterator[IO[bytes]]:
    """Open the bytes, from their beginning. Raises Gone."""
    with _open_bytes(row) as file:
        yield file


def file_response(row: StoredFile) -> FileResponse:
    """Return the file as a download, never shown by the browser itself. Raises Http404 once it is gone.

    Rule: docs/rules.md#k17.
    """
    try:
        file = _open_bytes(row)
    except FileGone:
        raise Http404 from None
    response = FileResponse(file, as_attachment=True, filename=row.name, content_type=row.content_type)
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _open_bytes(row: StoredFile) -> IO[bytes]:
    if not row.is_kept:
        raise FileGone
    try:
        return cast("IO[bytes]", default_storage.open(row.path).file)
    except (FileNotFoundError, IsADirectoryError):
        raise FileGone from None


def delete_file(row: StoredFile, *, by: Member | None, cause: str = "") -> None:
    """Delete the bytes; the row stays with the time of deletion. Idempotent."""
    row = StoredFile.objects.select_for_update().get(pk=row.pk)
    if not row.path:
        return
    # The bytes first: if this transaction fails they are deleted again, while the other way round they would stay.
    delete_bytes(row.path)
    row.path = ""
    row.deleted_at = clock.now()
    row.save(update_fields=["path", "deleted_at"])
    due.cancel(EXPIRE, [row.pk])
    data: dict[str, Any] = {"purpose": row.purpose, "size": row.size, "sha256": row.sha256, "cause": cause}
    events.record("file.deleted", subject=row, by=by, data=data)


def expire_files(ids: Sequence[int]) -> None:
    """Delete files past their retention, except those that an app must keep, and orphaned bytes."""
    past = list(StoredFile.objects.filter(pk__in=ids, expires_at__lte=clock.now()).exclude(path="").order_by("pk"))
    answers = expiring.send(StoredFile, ids=[row.pk for row in past]) if past else ()
    retained = {pk for _receiver, kept in answers for pk in kept or ()}
    for row in past:
        if row.pk in retained:
            extend_retention(row, clock.now() + ASKED_AGAIN)
        else:
            delete_file(row, by=None, cause="retention")
    delete_orphans()


def extend_retention(row: StoredFile, until: datetime) -> None:
    """Change the instant at which the bytes are deleted."""
    row.expires_at = until
    row.save(update_fields=["expires_at"])
    due.schedule(EXPIRE, row.pk, until)


def delete_orphans() -> int:
    """Delete the tenant's files without a row, left by rolled back transactions; return how many."""
    home = str(required_tenant_id())
    count = 0
    try:
        purposes = default_storage.listdir(home)[0]
    except FileNotFoundError:
        return 0
    for purpose in purposes:
        paths = {f"{home}/{purpose}/{name}" for name in default_storage.listdir(f"{home}/{purpose}")[1]}
        stored = set(StoredFile.objects.filter(path__in=paths).values_list("path", flat=True))
        for path in sorted(paths - stored):
            if default_storage.get_modified_time(path) < clock.now() - ORPHAN_AGE:
                default_storage.delete(path)
                count += 1
    if count:
        logger.info("deleted files without a row", extra={"tenant": required_tenant_id(), "files": count})
    return count
