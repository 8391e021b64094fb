"""The figures of a drill."""

import time
from collections.abc import Iterator
from contextlib import contextmanager


class Report:
    """Prints each figure as it comes, so that a drill that stops has still said what it measured."""

    def __init__(self) -> None:
        self._over: list[str] = []

    def add(self, name: str, value: float, unit: str, *, most: float | None = None, least: float | None = None) -> None:
        """Print a figure. `most` and `least`: what it may be and must be, where something is promised."""
        verdict = ""
        if least is not None and value < least:
            self._over.append(name)
            verdict = f"  UNDER {least:g} {unit}"
        if most is not None and value > most:
            self._over.append(name)
            verdict = f"  OVER {most:g} {unit}"
        print(f"{name:<60} {value:8.1f} {unit}{verdict}", flush=True)

    @contextmanager
    def measure(self, name: str) -> Iterator[None]:
        """Add how long it took, in seconds."""
        begin = time.monotonic()
        yield
        self.add(name, time.monotonic() - begin, "s")

    def close(self) -> int:
        """Return the exit code: 1 if a promise was broken."""
        return int(bool(self._over))
