"""A disk with room for very little, for tests of a full one: a small file system where root allows, else a limit."""

import resource
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

SIZE = 64 * 1024


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """Give the folder room for some 64 kB; a write beyond ends in the middle, as on any full disk."""
    folder.mkdir(exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode == 0:
        try:
            yield folder
        finally:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)
        return
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (SIZE, before[1]))
    try:
        yield folder
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def files_in(folder: Path) -> list[Path]:
    """Return all files in it, whole or not."""
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.fixture
def disk(settings: Any, tmp_path: Path) -> Iterator[Path]:
    """The folder of files, with room for some 64 kB."""
    with small_disk(tmp_path / "files") as folder:
        keep_files_in(settings, folder)
        yield folder


@pytest.fixture
def room(settings: Any, tmp_path: Path) -> Callable[[], None]:
    """Make room: called, it has files go to a folder with enough of it."""
    return lambda: keep_files_in(settings, tmp_path / "large")


def keep_files_in(settings: Any, folder: Path) -> None:
    storage = {"BACKEND": "crm.platform.health.full_disk.FileFolder", "OPTIONS": {"location": folder}}
    settings.STORAGES = settings.STORAGES | {"default": storage}
