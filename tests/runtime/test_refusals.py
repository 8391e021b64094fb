"""What is missing or in the way is said in one sentence, before anything is started."""

import errno
import os
import re
import socket
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import psycopg
import pytest

from runtime import folder
from runtime.demo import DemoRun, main
from runtime.refusal import CannotStart
from runtime.servers import binaries, external


def start_demo(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    inherited = {name: value for name, value in os.environ.items() if not name.endswith("_URL")}
    env = inherited | {"VAR_DIR": str(folder)} | environment
    argv = [sys.executable, "-m", "runtime.demo"]
    return subprocess.run(argv, env=env, capture_output=True, text=True, timeout=120, check=False)


def test_taken_port(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        demo = start_demo(tmp_path, PORT=str(port))
    assert demo.stderr == f"bin/demo: Port {port} is taken by another program: set PORT to a free one.\n"
    assert demo.returncode == 1
    assert not (tmp_path / "pg18").exists()


def test_port_that_is_no_number(tmp_path: Path) -> None:
    demo = start_demo(tmp_path, PORT="eighty")
    assert demo.stderr == "bin/demo: PORT must be a number from 1 to 65535, not “eighty”.\n"


def test_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    demo = start_demo(tmp_path / "file" / "var")
    assert demo.stderr.startswith(f"bin/demo: The data folder {tmp_path / 'file' / 'var'} cannot be written")
    assert demo.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "step", [OSError(errno.ENOSPC, "No space left on device"), CannotStart("initdb: it said nothing")]
)
def test_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: Exception) -> None:
    demo = DemoRun({"VAR_DIR": str(tmp_path)})

    def fail() -> None:
        raise step

    monkeypatch.setattr(folder.shutil, "disk_usage", lambda path: SimpleNamespace(free=20_000_000))
    words = f"The disk of {tmp_path} has 20 MB left, but some 200 MB are needed: make room, or set VAR_DIR"
    with pytest.raises(CannotStart, match=f"^{re.escape(words)}.*{re.escape(str(step))}"):
        demo.run_step("Database", fail)
    monkeypatch.setattr(folder.shutil, "disk_usage", lambda path: SimpleNamespace(free=10**12))
    with pytest.raises(type(step), match=f"^{re.escape(str(step))}$"):
        demo.run_step("Database", fail)


def test_a_quota_that_is_used_up(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def run(demo: DemoRun) -> None:
        raise OSError(errno.EDQUOT, "Disk quota exceeded", "/there/lock")

    monkeypatch.setattr(DemoRun, "run", run)
    assert main() == 1
    assert capsys.readouterr().err == (
        "bin/demo: Disk quota exceeded (/there/lock): make room, or set VAR_DIR to another disk.\n"
    )


def test_own_server_without_the_second_login() -> None:
    with pytest.raises(CannotStart, match="MIGRATION_DATABASE_URL is missing"):
        external.require_postgres({"DATABASE_URL": url()})


def test_own_server_that_does_not_answer() -> None:
    with pytest.raises(CannotStart, match=r"^DATABASE_URL: no connection to 127\.0\.0\.1:1 \(") as refusal:
        external.require_postgres({"DATABASE_URL": "postgres://crm_app:secret-word@127.0.0.1:1/crm"})
    assert "secret-word" not in str(refusal.value)


def test_own_server_that_is_too_old(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(psycopg.ConnectionInfo, "server_version", property(lambda self: 150_018))
    with pytest.raises(CannotStart, match="runs Postgres 15, but 18 or later is needed"):
        external.require_postgres({"DATABASE_URL": url()})


def test_own_broker_that_does_not_answer() -> None:
    with pytest.raises(CannotStart, match=r"^REDIS_URL: no answer from 127\.0\.0\.1:1 \("):
        external.require_redis("redis://:secret-word@127.0.0.1:1/0")


def test_programs_of_an_old_postgres(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("initdb", "postgres"):
        (tmp_path / name).write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 15.18 (Debian)'\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("CRM_PG_BINDIR", str(tmp_path))
    with pytest.raises(CannotStart, match=r"^Postgres 18 or later is needed, but .* holds .*15\.18"):
        binaries.postgres_bindir()


def test_programs_that_are_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRM_PG_BINDIR", str(tmp_path))
    with pytest.raises(CannotStart, match="CRM_PG_BINDIR must name the folder of initdb and postgres"):
        binaries.postgres_bindir()


def url() -> str:
    """A server of the right version that is there: this run's own."""
    return os.environ["CRM_TEST_ADMIN_URL"]
