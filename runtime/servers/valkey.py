"""Run an embedded Valkey on loopback with a password; it keeps its queue in an append-only file.

One `redis://` URL serves Celery and the cache alike; a socket would need a different spelling for each.
"""

import signal
import socket
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from urllib.parse import quote

from runtime import child
from runtime.servers.binaries import valkey_server
from runtime.servers.postgres import last_line

STOP_SIGNALS = (signal.SIGTERM,)  # it writes its file and leaves
READY_SECONDS = 20


@dataclass(frozen=True)
class ValkeyServer:
    """One data folder and how to reach its server."""

    folder: Path
    port: int
    password: str
    options: Mapping[str, str] = field(default_factory=dict)
    program: Path = field(default_factory=valkey_server)

    @property
    def url(self) -> str:
        return f"redis://:{quote(self.password, safe='')}@127.0.0.1:{self.port}/0"

    def start(self, log: IO[bytes], *, keep_open: Sequence[int] = ()) -> subprocess.Popen[bytes]:
        """Spawn the server; it stops when this process dies."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        settings = self.folder / "valkey.conf"  # a file, because a password in argv is seen by every user
        settings.touch(mode=0o600)
        settings.write_text(
            "".join(f"{name} {value}\n" for name, value in self._server_settings().items()), encoding="utf-8"
        )
        return child.spawn_process([self.program, settings.name], log=log, cwd=self.folder, keep_open=keep_open)

    def _server_settings(self) -> dict[str, str]:
        return {
            "bind": "127.0.0.1",
            "port": str(self.port),
            "requirepass": self.password,
            "appendonly": "yes",
            "save": '""',
            "maxmemory-policy": "noeviction",
            "databases": "1",
            **self.options,
        }

    def is_ready(self) -> bool:
        """Tell whether a server that accepts the password answers and has loaded its file."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                connection.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
                return connection.makefile("rb").read(12) == b"+OK\r\n+PONG\r\n"
        except OSError:
            return False

    def start_ready(self, log_file: Path) -> subprocess.Popen[bytes]:
        """Start the server and wait until ready. Raises CannotStart with the last line of its log."""
        with log_file.open("ab") as log:
            process = self.start(log)
        child.wait_until(
            self.is_ready,
            process,
            seconds=READY_SECONDS,
            refusal=lambda: f"Valkey did not start: {last_line(log_file)} (see {log_file})",
        )
        return process
