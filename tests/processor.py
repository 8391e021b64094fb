"""A limit on processor time, for what must be quick whatever it is given; what else the machine does does not count."""

import contextlib
import signal
from collections.abc import Iterator
from types import FrameType


class TookTooLong(Exception):
    """More processor time was used than is allowed."""


@contextlib.contextmanager
def processor_seconds(most: float) -> Iterator[None]:
    """Raise TookTooLong in the block once this process has used so much processor time; a match is interrupted, too."""
    before = signal.signal(signal.SIGPROF, _interrupt)
    signal.setitimer(signal.ITIMER_PROF, most)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise TookTooLong
