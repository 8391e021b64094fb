"""Whatever ends the supervisor, nothing of it stays; whatever ends a server, nothing committed is lost."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest

from runtime.folder import DataFolder
from runtime.stack import postgres_service, valkey_service
from runtime.supervisor import RunningService, ServiceSpec, Supervisor

pytestmark = [
    pytest.mark.servers,
    pytest.mark.skipif(sys.platform != "linux", reason="reads /proc to see what is left"),
]

# After so many seconds what has not come about never will.
HANGS = 120


def test_interrupt_stops_everything_in_order(rig: "Rig") -> None:
    rig.start()
    rig.process.send_signal(signal.SIGINT)
    assert rig.process.wait(HANGS) == 0
    assert rig.holders() == []
    assert "database system is shut down" in rig.log("postgres")


def test_killed_supervisor_leaves_nothing_behind(rig: "Rig") -> None:
    rig.start()
    assert len(rig.holders()) >= 4  # supervisor, Postgres, Valkey, branch (and Postgres' own children)
    rig.process.kill()
    rig.process.wait()
    rig.until(lambda: rig.holders() == [])
    assert "database system is shut down" in rig.log("postgres")


def test_killed_postgres_comes_back_with_every_committed_row(rig: "Rig") -> None:
    rig.start()
    rig.sql("CREATE TABLE row (n int)")
    for n in range(20):
        rig.sql(f"INSERT INTO row VALUES ({n})")
    os.kill(rig.process_named("postgres"), signal.SIGKILL)
    rig.until(rig.answers)
    assert rig.sql("SELECT count(*) FROM row") == [(20,)]
    if sys.platform == "linux":
        assert rig.sql("SHOW recovery_init_sync_method") == [("syncfs",)], "file by file takes long on a busy disk"
    assert "postgres ended (signal 9)" in rig.said()


def test_crashed_service_is_started_again(rig: "Rig") -> None:
    rig.start()
    branch = rig.process_named("branch")
    os.kill(branch, signal.SIGKILL)
    rig.until(lambda: rig.process_named("branch") not in (0, branch))
    assert not Path(f"/proc/{branch}").exists()


@pytest.mark.parametrize(("service", "longest"), [(postgres_service, 2), (valkey_service, 2), (None, 30)])
def test_what_all_others_wait_for_comes_back_within_two_seconds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, service: Any, longest: float
) -> None:
    monkeypatch.setattr(signal, "signal", lambda number, handler: None)
    server = service(SimpleNamespace(start=None, is_ready=None), 0) if service else ServiceSpec("web", print, bool)
    server.spawn = lambda log: subprocess.Popen(["true"])
    said: list[str] = []
    now = [0.0]
    supervisor = Supervisor(DataFolder(tmp_path), said.append)
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    supervisor.running.append(RunningService(server, server.spawn(None), 0.0))
    while len(said) < 9:
        supervisor.running[0].process.wait()
        supervisor._restart_crashed(supervisor.running[0])
        now[0] += 0.25
    pauses = [float(line.split()[-2]) for line in said]
    assert pauses[:3] == [0.5, 1, 2]
    assert max(pauses) == longest


def test_second_copy_on_the_same_folder_says_one_sentence(rig: "Rig") -> None:
    rig.start()
    second = subprocess.run(rig.command, capture_output=True, text=True, check=False, timeout=HANGS)
    assert second.returncode == 1
    assert second.stderr.startswith(f"Another copy runs on {rig.folder} (process {rig.process.pid} ")
    assert second.stderr.count("\n") == 1


def test_a_killed_copy_can_be_started_again_at_once(rig: "Rig") -> None:
    rig.start()
    rig.sql("CREATE TABLE kept (n int)")
    rig.process.kill()
    rig.process.wait()
    rig.start()
    assert rig.sql("SELECT count(*) FROM kept") == [(0,)]


@pytest.fixture
def rig(tmp_path: Path) -> Iterator["Rig"]:
    stack = Rig(tmp_path / "var with a space")
    yield stack
    stack.end()


class Rig:
    """The stack of tests/runtime/rig.py in a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.command = [sys.executable, "-m", "tests.runtime.rig", str(folder)]

    def start(self) -> None:
        out = self.folder.parent / "said"
        with out.open("w") as said:
            self.process = subprocess.Popen(self.command, stdout=said, stderr=said)
        self.until(lambda: "ready" in self.said(), seconds=HANGS)

    def end(self) -> None:
        self.process.terminate()
        self.process.wait(HANGS)

    def said(self) -> str:
        return (self.folder.parent / "said").read_text()

    def log(self, name: str) -> str:
        return (self.folder / "logs" / f"{name}.log").read_text()

    def sql(self, statement: str) -> list[tuple]:
        url = (self.folder / "url").read_text()
        with psycopg.connect(url, autocommit=True, connect_timeout=HANGS) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def answers(self) -> bool:
        try:
            return self.sql("SELECT 1") == [(1,)]
        except psycopg.OperationalError:
            return False

    def holders(self) -> list[int]:
        """The processes that keep the folder's lock open: everything the supervisor started, and itself."""
        lock = str(self.folder / "lock")
        return [pid for pid in processes() if lock in open_files(pid)]

    def process_named(self, name: str) -> int:
        """The supervisor's own child of that name; 0 while there is none."""
        words = {"postgres": "bin/postgres", "branch": "subprocess.Popen"}[name]
        found = [pid for pid in processes() if parent_of(pid) == self.process.pid and words in command_of(pid)]
        return found[0] if found else 0

    def until(self, holds: Callable[[], bool], seconds: float = HANGS) -> None:
        limit = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < limit, self.said()
            time.sleep(0.05)


def processes() -> list[int]:
    return [int(path.name) for path in Path("/proc").iterdir() if path.name.isdecimal()]


def open_files(pid: int) -> set[str]:
    try:
        return {os.readlink(path) for path in Path(f"/proc/{pid}/fd").iterdir()}
    except OSError:
        return set()


def parent_of(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return ""
