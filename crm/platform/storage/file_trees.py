"""All files below a path of a storage: list, delete, copy out, and move to another storage."""

import hashlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from django.core.files import File
from django.core.files.storage import FileSystemStorage, Storage, default_storage

_PIECE = 1 << 20


class DifferentBytes(Exception):
    """A copied file that is not what was copied."""


@dataclass
class FileMove:
    """The counts of a move: files copied, there already, and deleted at the source; and the bytes copied."""

    copied: int = 0
    present: int = 0
    deleted: int = 0
    size: int = 0


def walk_files(storage: Storage, folder: str = "") -> Iterator[str]:
    """Yield the paths of all files below a folder, in order; none where it does not exist."""
    try:
        folders, names = storage.listdir(folder)
    except FileNotFoundError:
        return
    prefix = f"{folder}/" if folder else ""
    for name in sorted(filter(None, names)):
        yield f"{prefix}{name}"
    for name in sorted(filter(None, folders)):
        yield from walk_files(storage, f"{prefix}{name}")


def delete_tree(folder: str) -> None:
    """Delete all files below a folder of the default storage. Idempotent."""
    if isinstance(default_storage, FileSystemStorage):
        shutil.rmtree(default_storage.path(folder), ignore_errors=True)
        return
    for path in list(walk_files(default_storage, folder)):
        default_storage.delete(path)


def copy_tree(folder: str, target: Path) -> None:
    """Copy all files below a folder of the default storage into a new folder; nothing if there are none."""
    for path in walk_files(default_storage, folder):
        place = target / path.removeprefix(f"{folder}/")
        place.parent.mkdir(parents=True, exist_ok=True)
        with default_storage.open(path) as file, place.open("wb") as copy:
            shutil.copyfileobj(file, copy, _PIECE)


def move_files(source: Storage, target: Storage, *, dry_run: bool, delete: bool) -> FileMove:
    """Copy each file to another storage, read it back, and compare hashes; then delete it at the source if asked.

    Resumable: a file that is there with the same hash is not copied again; one with another hash is replaced. Raises
    DifferentBytes when a copy differs from its source, which is then kept.
    """
    move = FileMove()
    for path in walk_files(source):
        digest, size = _digest(source, path)
        if target.exists(path) and _digest(target, path)[0] == digest:
            move.present += 1
        else:
            move.copied += 1
            move.size += size
            if dry_run:
                continue
            _copy(source, target, path)
            if _digest(target, path)[0] != digest:
                raise DifferentBytes(path)
        if delete and not dry_run:
            source.delete(path)
            move.deleted += 1
    return move


def _copy(source: Storage, target: Storage, path: str) -> None:
    # What lies there is the rest of a copy that was broken off.
    target.delete(path)
    with source.open(path) as file:
        name = target.save(path, File(file))
    if name != path:
        target.delete(name)
        raise DifferentBytes(path)


def _digest(storage: Storage, path: str) -> tuple[str, int]:
    digest = hashlib.sha256()
    size = 0
    with storage.open(path) as opened:
        file: IO[Any] = opened
        while piece := file.read(_PIECE):
            digest.update(piece)
            size += len(piece)
    return digest.hexdigest(), size
