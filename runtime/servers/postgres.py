"""Run an embedded Postgres cluster in its own folder: create it once, start it, wait until ready, stop it.

Driven by its own programs; the data folder carries the major version, whose files no other major can read.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from urllib.parse import quote

from runtime import child
from runtime.refusal import CannotStart
from runtime.servers.account import ServerAccount, unprivileged_account
from runtime.servers.binaries import POSTGRES_MAJOR, postgres_bindir
from runtime.servers.postmaster import clear_stale_lock, lock_lines

STOP_SIGNALS = (signal.SIGINT, signal.SIGQUIT)  # fast, then immediate; SIGTERM would wait for every client
READY_SECONDS = 60  # crash recovery may need it
# Before it recovers from a crash, Postgres syncs its folder: file by file it took twelve seconds on a busy machine.
SYNC_AT_ONCE = {"recovery_init_sync_method": "syncfs"} if sys.platform == "linux" else {}


@dataclass(frozen=True)
class PostgresCluster:
    """One data folder and how to reach its server. `password` is that of the superuser `postgres`."""

    folder: Path
    port: int
    password: str
    options: Mapping[str, str] = field(default_factory=dict)
    bindir: Path = field(default_factory=postgres_bindir)
    account: ServerAccount = field(default_factory=unprivileged_account)

    @property
    def data_folder(self) -> Path:
        return self.folder / f"pg{POSTGRES_MAJOR}"

    def url(self, login: str, password: str, database: str) -> str:
        return f"postgres://{login}:{quote(password, safe='')}@127.0.0.1:{self.port}/{database}"

    @property
    def admin_url(self) -> str:
        """The superuser's URL, for making roles and databases only: it bypasses every policy."""
        return self.url("postgres", self.password, "postgres")

    def create(self) -> None:
        """Run initdb unless the data folder exists. An incomplete folder never has the final name."""
        if not self.data_folder.exists():
            self._fill_data_folder(self._run_initdb)

    def copy(self, url: str) -> None:
        """Copy all databases and logins of the running server at `url`, the superuser's URL."""
        backup = [f"{self.bindir}/pg_basebackup", f"--dbname={url}", "--checkpoint=fast", "--no-sync", "--no-manifest"]
        self._fill_data_folder(lambda workshop: self._run_program([*backup, f"--pgdata={workshop}/data"], workshop))

    def _fill_data_folder(self, fill: Callable[[Path], None]) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.account.require_reach(self.folder, self.bindir)
        workshop = Path(tempfile.mkdtemp(dir=self.folder, prefix=".initdb-"))
        try:
            self.account.give_ownership(workshop)
            fill(workshop)
            os.rename(workshop / "data", self.data_folder)
        finally:
            shutil.rmtree(workshop, ignore_errors=True)

    def _run_initdb(self, workshop: Path) -> None:
        password_file = workshop / "password"
        password_file.touch(mode=0o600)
        password_file.write_text(self.password, encoding="ascii")
        self.account.give_ownership(password_file)
        argv = [f"{self.bindir}/initdb", f"--pgdata={workshop}/data", "--username=postgres", "--encoding=UTF8"]
        argv += ["--locale-provider=builtin", "--locale=C", "--builtin-locale=C.UTF-8", "--auth=scram-sha-256"]
        argv += ["--no-instructions", f"--pwfile={password_file}"]
        if self.options.get("fsync") == "off":
            argv.append("--no-sync")
        self._run_program(argv, workshop)

    def _run_program(self, argv: Sequence[str], workshop: Path) -> None:
        log = workshop / "log"
        with log.open("wb") as output:
            process = child.spawn_process(
                argv, env=clean_environment(), log=output, cwd=workshop, **self._account_arguments()
            )
        if process.wait() != 0:
            raise CannotStart(f"Postgres could not create its data folder: {last_line(log)}")

    def start(self, log: IO[bytes], *, keep_open: Sequence[int] = ()) -> subprocess.Popen[bytes]:
        """Spawn the server; it shuts down cleanly when this process dies."""
        clear_stale_lock(self.data_folder)
        options = {
            "port": str(self.port),
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",  # no socket: its path is limited to 107 bytes
            "timezone": "UTC",
            "log_timezone": "UTC",
            **SYNC_AT_ONCE,
            **self.options,
        }
        argv = [
            f"{self.bindir}/postgres",
            f"-D{self.data_folder}",
            *(f"--{name}={value}" for name, value in options.items()),
        ]
        env = clean_environment()
        return child.spawn_process(
            argv,
            env=env,
            log=log,
            cwd=self.data_folder,
            death_signal=signal.SIGINT,
            keep_open=keep_open,
            **self._account_arguments(),
        )

    def is_ready(self, process: subprocess.Popen[bytes]) -> bool:
        """Tell whether *this* process serves the folder: postmaster.pid may be a leftover of another."""
        lines = lock_lines(self.data_folder)
        return len(lines) > 7 and lines[0] == str(process.pid) and lines[7].strip() == "ready"

    def start_ready(self, log_file: Path, seconds: float = READY_SECONDS) -> subprocess.Popen[bytes]:
        """Start the server and wait so long until ready. Raises CannotStart with the last line of its log."""
        with log_file.open("ab") as log:
            process = self.start(log)
        child.wait_until(
            lambda: self.is_ready(process),
            process,
            seconds=seconds,
            refusal=lambda: f"Postgres did not start: {last_line(log_file)} (see {log_file})",
        )
        return process

    def _account_arguments(self) -> dict:
        return {"user": self.account.user, "before_exec": self.account.before_exec}


def clean_environment() -> dict[str, str]:
    """Return our environment without PG*: a developer's PGDATA or PGPORT must not leak into the server."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")} | {"LC_ALL": "C"}


def last_line(log: Path) -> str:
    """Return the last line of a server's log, for the one sentence shown to the user."""
    try:
        lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    except OSError:
        lines = []
    spoken = [line for line in lines if re.search(r"FATAL|Refused|[Ee]rror: |Exception: |Configured: ", line)]
    spoken = [line for line in spoken if "HaltServer" not in line] or lines
    if spoken:
        return spoken[-1].strip()
    return "it said nothing"
