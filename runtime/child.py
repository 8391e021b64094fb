"""Start and stop child processes that end with this process; each has its own session, so Ctrl-C skips them."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

from runtime.refusal import CannotStart

PR_SET_PDEATHSIG = 1
# Loaded before any fork: the dynamic linker must not run between fork and exec.
_libc = ctypes.CDLL(None, use_errno=True)


def die_with_parent(death_signal: int, parent: int) -> None:
    """In the child: have the kernel send `death_signal` when the thread that forked us ends (Linux only)."""
    if sys.platform == "linux":
        _libc.prctl(PR_SET_PDEATHSIG, death_signal, 0, 0, 0)
        if os.getppid() != parent:  # it died before prctl took effect
            os.kill(os.getpid(), signal.SIGKILL)


def spawn_process(
    argv: Sequence[str | Path],
    *,
    env: Mapping[str, str] | None = None,
    log: IO[bytes] | None = None,
    cwd: Path | None = None,
    death_signal: int = signal.SIGTERM,
    user: int | None = None,
    before_exec: Callable[[], None] | None = None,
    keep_open: Sequence[int] = (),
) -> subprocess.Popen[bytes]:
    """Start `argv`. Call it from the main thread: the death signal follows the thread, not the process."""
    parent = os.getpid()

    def prepare() -> None:
        if before_exec:
            before_exec()
        die_with_parent(death_signal, parent)  # last: a change of user clears it

    return subprocess.Popen(
        [str(part) for part in argv],
        env=env,
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT if log else None,
        user=user,
        group=user,
        extra_groups=[] if user is not None else None,
        start_new_session=True,
        pass_fds=tuple(keep_open),
        preexec_fn=prepare,
    )


def stop_process(
    process: subprocess.Popen[bytes],
    signals: Sequence[int],
    *,
    grace: float,
    hurry: Callable[[], bool] = lambda: False,
) -> None:
    """Send each of `signals` in turn with `grace` seconds (in a hurry: one) in between, at last SIGKILL to all."""
    for number in signals:
        if process.poll() is not None:
            break
        process.send_signal(number)
        begin = time.monotonic()
        while process.poll() is None and time.monotonic() - begin < (min(grace, 1) if hurry() else grace):
            time.sleep(0.02)
    kill_session(process)


def kill_session(process: subprocess.Popen[bytes]) -> None:
    """Kill a child and the processes it started, and reap the child."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def wait_until(
    ready: Callable[[], bool],
    process: subprocess.Popen[bytes],
    *,
    seconds: float,
    refusal: Callable[[], str],
) -> None:
    """Poll `ready` until it holds. Raises CannotStart when the process ends or `seconds` pass before that."""
    limit = time.monotonic() + seconds
    while not ready():
        if process.poll() is not None or time.monotonic() > limit:
            raise CannotStart(refusal())
        time.sleep(0.02)
