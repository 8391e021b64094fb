"""Who descends from whom, by /proc: to kill a family and to see that nobody is left of it."""

import os
import signal
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path


def descendants(pid: int) -> list[int]:
    """All processes that descend from `pid`, the nearest first."""
    parents = {other: status[1] for other in _everybody() if (status := _status(other))}
    found = [pid]
    for ancestor in found:
        found += [other for other, parent in parents.items() if parent == str(ancestor)]
    return found[1:]


def kill(pids: Iterable[int]) -> None:
    """SIGKILL each of them, in order."""
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def alive(pids: Iterable[int]) -> list[int]:
    """Those that still run; one that ended and was not reaped does not count."""
    return [pid for pid in pids if (status := _status(pid)) and status[0] != "Z"]


def in_sessions(leaders: Iterable[int]) -> list[int]:
    """Every running process in one of these sessions, whoever its parent is by now."""
    wanted = {str(leader) for leader in leaders}
    return [pid for pid in alive(_everybody()) if (status := _status(pid)) and status[3] in wanted]


def _everybody() -> list[int]:
    return [int(path.name) for path in Path("/proc").iterdir() if path.name.isdecimal()]


def _status(pid: int) -> list[str]:
    """State, parent, group, session, … of a process; nothing for one that is gone."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return []
