"""Backups by the owner's commands: made, checked, noted, restored on trial; and told of when they fail."""

import os
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from crm.platform.health import backups
from crm.platform.models import Backup
from runtime.servers import logins
from tests.platform.test_tenant_commands import as_owner

__all__ = ["as_owner"]


def test_a_backup_is_made_noted_and_restored_on_trial(as_owner: None, tmp_path: Path, settings: Any) -> None:
    settings.VAR_DIR = tmp_path / "var"
    (settings.VAR_DIR / "files/1").mkdir(parents=True)
    (settings.VAR_DIR / "files/1/upload").write_bytes(b"a photo")
    folder = tmp_path / "backups"
    folder.mkdir()
    for night in ("20260101-021000", "20260102-021000"):
        (folder / f"crm-{night}.dump").touch()
    call_command("backup", folder, keep=2)
    (dump,) = folder.glob("crm-202[!6]*.dump") if False else sorted(folder.glob("*.dump"))[1:]
    assert [path.name for path in sorted(folder.iterdir())] == [
        "crm-20260102-021000.dump",
        f"{dump.stem}-files.tar",
        dump.name,
    ]
    assert dump.stat().st_mode & 0o077 == 0
    known = backups.backup_status()
    assert known.last is not None
    assert known.last.size > dump.stat().st_size > 0
    assert (known.failed, known.restored) == (None, None)

    admin, name = os.environ["CRM_TEST_ADMIN_URL"], f"restore_{os.getpid()}"
    into = f"{os.environ['MIGRATION_DATABASE_URL'].rpartition('/')[0]}/{name}"
    logins.create_database(admin, name)
    try:
        call_command("try_restore", dump, into=into)
        with pytest.raises(CommandError, match="not empty"):
            call_command("try_restore", dump, into=into)
    finally:
        logins.drop_database(admin, name)
    restored = backups.backup_status().restored
    assert restored is not None
    assert restored.note == dump.name
    assert Backup.objects.filter(kind="restore").exclude(error="").count() == 1


def test_one_that_fails_is_known_and_one_made_elsewhere_can_be_told(as_owner: None, tmp_path: Path) -> None:
    call_command("note_backup", size=3_200_000, about="snapshot", at="2026-05-12T02:10Z")
    with pytest.raises(CommandError):
        call_command("note_backup", at="2999-01-01T00:00Z")
    (tmp_path / "file").touch()
    with pytest.raises(CommandError):
        call_command("backup", tmp_path / "file")
    known = backups.backup_status()
    assert known.last is not None
    assert (known.last.size, known.last.note) == (3_200_000, "snapshot")
    assert known.failed is not None
    assert known.failed.error
