"""Measurements of a load: seconds and statuses by kind of page, and the memory of each process."""

import math
import threading
from collections import Counter, defaultdict
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

PROCESSES = Path("/proc")
# What a process of the demo is, by a part of its command line; the first that fits.
SERVICES = {
    "web": b"gunicorn",
    "live": b"crm.web.live",
    "beat": b"\0beat\0",
    "worker-io": b"--queues=io",
    "worker": b"--queues=celery",
    "valkey": b"valkey-server",
    "postgres": b"postgres",
}


class Measurements:
    """Answers by kind; threads add to it."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, list[float]] = defaultdict(list)
        self.statuses: Counter[tuple[str, int]] = Counter()
        self._lock = threading.Lock()

    def add(self, kind: str, status: int, seconds: float) -> None:
        """Add an answer; status 0: there was none."""
        with self._lock:
            self.seconds[kind].append(seconds)
            self.statuses[kind, status] += 1

    def count_errors(self) -> int:
        """Count the answers of 500 and above, and those that did not come."""
        return sum(number for (_kind, status), number in self.statuses.items() if status == 0 or status >= 500)

    def count_refusals(self, kind: str) -> int:
        """Count the answers that were neither an error nor what was asked for, such as a move that came too late."""
        return sum(number for (name, status), number in self.statuses.items() if name == kind and 400 <= status < 500)


def find_percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that is at least as large as a share of all. Raises ValueError without values."""
    if not values:
        raise ValueError("no values")
    return sorted(values)[max(0, math.ceil(len(values) * share) - 1)]


def read_memory(root: int) -> Counter[str]:
    """Return the bytes of memory of a process's descendants by service: their share of what they share (PSS)."""
    bytes_of: Counter[str] = Counter()
    for process in list_descendants(root):
        with suppress(OSError):
            command = (PROCESSES / str(process) / "cmdline").read_bytes()
            service = next((name for name, part in SERVICES.items() if part in command), "other")
            bytes_of[service] += _read_pss(process)
    return bytes_of


def list_descendants(root: int) -> list[int]:
    """Return the ids of all processes below a process."""
    children: defaultdict[int, list[int]] = defaultdict(list)
    for folder in PROCESSES.glob("[0-9]*"):
        with suppress(OSError):
            # The name, in parentheses, may contain anything.
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            children[parent].append(int(folder.name))
    descendants = []
    waiting = [root]
    while waiting:
        below = children[waiting.pop()]
        descendants += below
        waiting += below
    return descendants


def _read_pss(process: int) -> int:
    for line in (PROCESSES / str(process) / "smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0
