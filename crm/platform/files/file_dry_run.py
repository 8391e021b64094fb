"""Dry runs of what changes files: bytes that a write stores are deleted with it, and bytes that it deletes stay.

A transaction that is rolled back takes its rows back, but no bytes.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import IO

from django.core.files import File
from django.core.files.storage import default_storage

# The paths that the dry run under way has stored; None outside of one.
_stored_paths: ContextVar[list[str] | None] = ContextVar("stored_paths", default=None)


@contextmanager
def dry_run_of_files() -> Iterator[None]:
    """Context manager: leave all files as they are, however the block changes them."""
    paths: list[str] = []
    token = _stored_paths.set(paths)
    try:
        yield
    finally:
        _stored_paths.reset(token)
        for path in paths:
            default_storage.delete(path)


def save_bytes(path: str, file: IO[bytes]) -> str:
    """Write a file to the storage, and return the path that it has there."""
    stored: str = default_storage.save(path, File(file))
    paths = _stored_paths.get()
    if paths is not None:
        paths.append(stored)
    return stored


def delete_bytes(path: str) -> None:
    """Delete a file from the storage; in a dry run only one that it stored itself. Idempotent."""
    paths = _stored_paths.get()
    if paths is None or path in paths:
        default_storage.delete(path)
