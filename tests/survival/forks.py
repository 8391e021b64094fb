"""Processes of the product that are forked from one that has imported it (tests/survival/fork_server.py)."""

import json
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from runtime import child

HANGS = 120  # seconds in which every answer has come


class Forks:
    """The process that forks, and what it was asked for."""

    def __init__(self, env: Mapping[str, str], cwd: Path, log_file: Path) -> None:
        self.env, self.cwd, self.log_file = dict(env), cwd, log_file
        self.control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        argv = [sys.executable, "-m", "tests.survival.fork_server", str(theirs.fileno())]
        with theirs, log_file.open("ab") as log:
            self.process = child.spawn_process(argv, env=env, cwd=cwd, log=log, keep_open=[theirs.fileno()])
        self.control.settimeout(HANGS)
        self._answer()

    def spawn(
        self,
        argv: Sequence[str | Path],
        *,
        env: Mapping[str, str],
        log: IO[bytes],
        cwd: Path,
        death_signal: int = signal.SIGTERM,
        keep_open: Sequence[int] = (),
    ) -> "Fork":
        """Do as child.spawn_process does, for a Python module in the environment the settings were read in."""
        python, option, *module = map(str, argv)
        assert (python, option, cwd, dict(env)) == (sys.executable, "-m", self.cwd, self.env)
        order = json.dumps({"argv": module, "death_signal": death_signal}).encode()
        socket.send_fds(self.control, [order], [log.fileno()])
        return Fork(self, int(self._answer()))

    def reap(self, pid: int) -> int:
        """Take the end of a fork that is over; returns as Popen's returncode."""
        self.control.send(json.dumps({"ended": pid}).encode())
        return int(self._answer())

    def _answer(self) -> bytes:
        answer = self.control.recv(100)
        assert answer, f"the process that forks is gone: {self.log_file.read_text()}"
        return answer

    def end(self) -> None:
        self.control.close()
        self.process.wait()


class Fork(subprocess.Popen[bytes]):
    """A fork, to whoever handles it a process as any other."""

    def __init__(self, forks: Forks, pid: int) -> None:
        self.forks, self.pid, self.returncode = forks, pid, None
        self.ending = os.pidfd_open(pid)

    def poll(self) -> int | None:
        if self.returncode is None and self._has_ended(0):
            self.returncode = self.forks.reap(self.pid)
            os.close(self.ending)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        if self.returncode is None and not self._has_ended(timeout):
            raise subprocess.TimeoutExpired([], timeout or 0)
        return self.poll() or 0

    def _has_ended(self, timeout: float | None) -> bool:
        ending = select.poll()
        ending.register(self.ending, select.POLLIN)
        return bool(ending.poll(None if timeout is None else timeout * 1000))


def python(*module: str) -> list[Any]:
    """The command line of a module."""
    return [sys.executable, "-m", *module]
