"""Backups by pg_dump and trial restores, run by management commands and recorded with time and size.

A database that is backed up by other means (a provider's snapshots) says so by `manage.py note_backup`.
"""

import os
import shutil
import subprocess
import tarfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import environ
from django.conf import settings
from django.db import connection

from crm.kernel import clock
from crm.platform.health.measurement import Backup
from runtime.refusal import CannotStart
from runtime.servers.binaries import postgres_bindir

NIGHTS = 14
_TABLES = "select count(*) from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace"


class BackupFailed(Exception):
    """A backup or restore failed; the text says why, without addresses and passwords."""


@dataclass(frozen=True)
class BackupStatus:
    """The last successful backup, a failed one after it, the last trial restore, and the recent nights."""

    last: Backup | None
    failed: Backup | None
    restored: Backup | None
    nights: Sequence[Backup]


def backup_status() -> BackupStatus:
    """Return the status of backups with one query."""
    rows = list(Backup.objects.order_by("-at", "-pk")[: 4 * NIGHTS])
    backups = [row for row in rows if row.kind == Backup.Kind.BACKUP]
    last = next((row for row in backups if not row.error), None)
    failed = next((row for row in backups if row.error and (last is None or row.at > last.at)), None)
    restored = next((row for row in rows if row.kind == Backup.Kind.RESTORE and not row.error), None)
    return BackupStatus(last, failed, restored, backups)


def record_backup(
    kind: str, *, at: datetime, seconds: float = 0, size: int = 0, about: str = "", error: str = ""
) -> Backup:
    """Record a backup or a trial restore. Needs the owner's login; the app's login may only read them."""
    return Backup.objects.create(
        kind=kind, at=at, seconds=round(seconds), size=size, note=about[:200], error=error[:200]
    )


def back_up(folder: Path, *, keep: int = NIGHTS) -> Backup:
    """Write a dump of the database and the stored files into a folder, read the dump's contents, and note both.

    The oldest beyond `keep` are deleted. Raises BackupFailed, which is noted too.
    """
    at = clock.now()
    began = time.monotonic()
    name = f"crm-{at:%Y%m%d-%H%M%S}"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        size = _dump_database(folder / f"{name}.dump") + _pack_files(folder / f"{name}-files.tar")
    except (BackupFailed, OSError) as error:
        if isinstance(error, BackupFailed):
            words = str(error)
        else:
            words = f"{error.strerror}"
        record_backup(Backup.Kind.BACKUP, at=at, seconds=time.monotonic() - began, about=name, error=words)
        raise BackupFailed(words) from error
    _delete_oldest(folder, keep)
    return record_backup(Backup.Kind.BACKUP, at=at, seconds=time.monotonic() - began, size=size, about=name)


def try_restore(dump: Path, url: str) -> Backup:
    """Restore a dump into an empty database, and check that it contains organizations. Raises BackupFailed."""
    at = clock.now()
    began = time.monotonic()
    target = environ.Env.db_url_config(url)
    try:
        if _run_query(target, _TABLES) != "0":
            raise BackupFailed("The database to restore into is not empty")
        options = ["--no-owner", "--no-privileges", "--exit-on-error", f"--dbname={target['NAME']}"]
        _run_program(["pg_restore", *options, str(dump)], target)
        tenants = _run_query(target, "select count(*) from platform_tenant")
        if tenants == "0":
            raise BackupFailed("It was restored, and holds no organization")
    except BackupFailed as error:
        record_backup(Backup.Kind.RESTORE, at=at, seconds=time.monotonic() - began, about=dump.name, error=str(error))
        raise
    return record_backup(
        Backup.Kind.RESTORE, at=at, seconds=time.monotonic() - began, size=dump.stat().st_size, about=dump.name
    )


def _dump_database(path: Path) -> int:
    part = path.with_suffix(".part")
    part.touch(mode=0o600)
    try:
        _run_program(["pg_dump", "--format=custom", f"--file={part}"], connection.settings_dict)
        # A file that ends too early has no table of contents.
        _run_program(["pg_restore", "--list", str(part)], connection.settings_dict)
        part.rename(path)
    finally:
        part.unlink(missing_ok=True)
    return path.stat().st_size


def _pack_files(path: Path) -> int:
    files = settings.VAR_DIR / "files"
    if not files.is_dir():
        return 0
    part = path.with_suffix(".part")
    part.touch(mode=0o600)
    try:
        with tarfile.open(part, "w") as packed:
            packed.add(files, arcname="files")
        part.rename(path)
    finally:
        part.unlink(missing_ok=True)
    return path.stat().st_size


def _delete_oldest(folder: Path, keep: int) -> None:
    for old in sorted(folder.glob("crm-*.dump"))[: -keep or None]:
        old.unlink()
        old.with_name(f"{old.stem}-files.tar").unlink(missing_ok=True)


def _run_query(target: Mapping[str, Any], sql: str) -> str:
    return _run_program(["psql", "--no-psqlrc", "--tuples-only", "--no-align", f"--command={sql}"], target).strip()


def _run_program(argv: Sequence[str], target: Mapping[str, Any]) -> str:
    """Run one of Postgres's programs. The password goes by the environment: an argument shows in process lists."""
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    env = os.environ | {name: str(target[key]) for name, key in names.items() if target.get(key)}
    program = [_find_program(argv[0]), "--no-password", *argv[1:]]
    process = subprocess.run(program, env=env, capture_output=True, text=True, check=False)  # noqa: S603 - our own argv
    if process.returncode:
        reason = (process.stderr.strip().splitlines() or ["it said nothing"])[0]
        raise BackupFailed(f"{argv[0]}: {reason}"[:200])
    return process.stdout


def _find_program(name: str) -> str:
    try:
        embedded = postgres_bindir() / name
    except CannotStart:
        embedded = Path()
    path = str(embedded) if embedded.name == name and embedded.exists() else shutil.which(name)
    if not path:
        raise BackupFailed(f"{name} is not installed: install Postgres's client programs")
    return path
