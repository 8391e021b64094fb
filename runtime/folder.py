"""The data folder (VAR_DIR) and its lock: only one copy runs at a time.

Children inherit the lock's descriptor. So it is free only when the supervisor and all it started are gone,
even after a kill -9: a new copy waits for the rest of the old one instead of colliding with it.
"""

import fcntl
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

from runtime.refusal import CannotStart

MAX_LOG_BYTES = 10_000_000
LEFTOVER_SECONDS = 30
# Bytes that a first start writes, and that must be free for a later one.
FIRST_NEEDS = 200_000_000
LATER_NEEDS = 50_000_000


class DataFolder:
    """Paths inside VAR_DIR. Raises CannotStart where it cannot be written."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.logs = path / "logs"
        # There once the demo's companies are.
        self.seeded = path / "seeded.stamp"
        try:
            self.logs.mkdir(parents=True, exist_ok=True)
            self._lock = os.open(path / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise CannotStart(f"The data folder {path} cannot be written ({error.strerror}); set VAR_DIR.") from error

    @property
    def lock_descriptor(self) -> int:
        """The lock file's descriptor, which every child must keep open."""
        return self._lock

    def try_lock(self) -> bool:
        """Take the lock if it is free; return whether it was."""
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def refuse_second_copy(self) -> None:
        """Raise CannotStart while the process that holds the lock is alive."""
        holder = os.pread(self._lock, 200, 0).decode("utf-8", "replace").strip()
        if is_alive(holder.split(" ")[0]):
            raise CannotStart(
                f"Another copy runs on {self.path} (process {holder}): stop it, or give this one a VAR_DIR "
                "and a PORT of its own."
            )

    def wait_for_lock(self, check: Callable[[], None]) -> None:
        """Wait for the lock until the children of a killed copy have ended. Raises CannotStart if they do not."""
        limit = time.monotonic() + LEFTOVER_SECONDS
        while not self.try_lock():
            if time.monotonic() > limit:
                raise CannotStart(f"Processes of an earlier copy still use {self.path} and do not end.")
            check()
            time.sleep(0.1)

    def write_owner(self, owner: str) -> None:
        """Write the owner into the lock file: `owner` begins with a process id and is shown to others."""
        os.ftruncate(self._lock, 0)
        os.pwrite(self._lock, owner.encode(), 0)

    def describe_shortage(self) -> str:
        """Describe a shortage of free disk space; "" if there is enough."""
        left = shutil.disk_usage(self.path).free
        if self.seeded.exists():
            needed = LATER_NEEDS
        else:
            needed = FIRST_NEEDS
        if left >= needed:
            return ""
        return (
            f"The disk of {self.path} has {left / 1e6:.0f} MB left, but some {needed / 1e6:.0f} MB are needed: "
            "make room, or set VAR_DIR to a folder on another disk, and start again."
        )

    def log_file(self, name: str) -> Path:
        """Return a child's log file; a large one is rotated first."""
        path = self.logs / f"{name}.log"
        if path.exists() and path.stat().st_size > MAX_LOG_BYTES:
            path.replace(path.with_suffix(".log.1"))
        return path


def is_alive(pid: str) -> bool:
    """Tell whether a process with that id runs; one that has ended but was not reaped does not count."""
    try:
        os.kill(int(pid), 0)
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (ValueError, ProcessLookupError):
        return False
    except OSError:  # another user's, or a system without /proc
        return True
