"""Limits of processor time for a machine of the test bed, by control groups of either version."""

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

CONTROL_GROUPS = Path("/sys/fs/cgroup")
# Microseconds in which a share of a processor is counted.
PERIOD = 100_000


class ProcessorLimit:
    """A control group that gives its processes a share of one processor. Use `add`, and `remove` at the end."""

    def __init__(self, name: str, share: float) -> None:
        is_first_version = (CONTROL_GROUPS / "cpu").is_dir()
        self._folder = CONTROL_GROUPS / f"tl-drill-{name}"
        if is_first_version:
            self._folder = CONTROL_GROUPS / "cpu" / f"tl-drill-{name}"
        self._folder.mkdir(exist_ok=True)
        quota = round(PERIOD * share)
        if is_first_version:
            (self._folder / "cpu.cfs_period_us").write_text(str(PERIOD))
            (self._folder / "cpu.cfs_quota_us").write_text(str(quota))
        else:
            (self._folder / "cpu.max").write_text(f"{quota} {PERIOD}")

    def add(self, processes: Iterable[int]) -> None:
        """Limit these processes, and what they start."""
        for process in processes:
            with suppress(ProcessLookupError):
                (self._folder / "cgroup.procs").write_text(str(process))

    def read_periods(self) -> tuple[int, int]:
        """Return how many periods there were with work, and in how many of them the limit was reached."""
        pairs = (line.split() for line in (self._folder / "cpu.stat").read_text().splitlines())
        figures = {name: int(value) for name, value in pairs}
        return figures["nr_periods"], figures["nr_throttled"]

    def remove(self) -> None:
        """Give the processes back and remove the group."""
        parent = self._folder.parent / "cgroup.procs"
        for process in (self._folder / "cgroup.procs").read_text().split():
            with suppress(OSError):
                parent.write_text(process)
        with suppress(OSError):
            self._folder.rmdir()
