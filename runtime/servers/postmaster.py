"""Read postmaster.pid, and stop a Postgres whose supervisor died."""

import os
import signal
import time
from pathlib import Path

from runtime.refusal import CannotStart


def lock_lines(data: Path) -> list[str]:
    """Return the lines of postmaster.pid, or none."""
    try:
        return (data / "postmaster.pid").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []


def clear_stale_lock(data: Path, *, seconds: float = 10) -> None:
    """Stop a server whose supervisor died and clear its lock; the caller holds the folder's lock, so it is ours.

    It is asked to stop and given `seconds`. A zombie nobody reaps counts as gone, though Postgres itself
    would take it for alive and refuse to start for ever. Without /proc the matter is left to Postgres.
    """
    if not Path("/proc/self").exists():
        return
    limit = time.monotonic() + seconds
    while (lines := lock_lines(data)) and is_serving(lines[0], data):
        if time.monotonic() > limit:
            raise CannotStart(f"Another Postgres (process {lines[0]}) uses {data} and does not stop.")
        os.kill(int(lines[0]), signal.SIGINT)
        time.sleep(0.1)
    # Only then: the file of a server that merely died tells Postgres which shared memory to look for.
    if lines and is_zombie(lines[0]):
        (data / "postmaster.pid").unlink(missing_ok=True)


def is_zombie(pid: str) -> bool:
    """Tell whether a process has ended and was not reaped."""
    try:
        return Path(f"/proc/{int(pid)}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (OSError, ValueError):
        return False


def is_serving(pid: str, data: Path) -> bool:
    """Tell whether process `pid` works in `data`: the number alone may belong to another process by now."""
    try:
        return Path(os.readlink(f"/proc/{int(pid)}/cwd")) == data.resolve()  # a zombie has none
    except (OSError, ValueError):
        return False
