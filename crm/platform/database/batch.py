"""A batch: what it writes again and again is written once at its end, what it reads again and again is read once.

Outside of one all is as ever: written at once, read each time.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, TypeVar, cast

T = TypeVar("T")
Writer = Callable[[list[Any]], None]


@dataclass
class _Batch:
    # What waits to be written, by what writes it.
    waiting: dict[Writer, list[Any]] = field(default_factory=dict)
    # By loader.
    read: dict[Any, Any] = field(default_factory=dict)


_batch: ContextVar[_Batch | None] = ContextVar("batch", default=None)


@contextmanager
def batch() -> Iterator[None]:
    """Write what the block writes by `write` at its end, and read what `once_a_batch` decorates once.

    One inside another hands over what it would write: so where the inner one fails, only its own is left out. Nothing
    in the block may read what waits to be written, or change what is read once.
    """
    outer = _batch.get()
    if outer:
        mine = _Batch(read=outer.read)
    else:
        mine = _Batch()
    token = _batch.set(mine)
    try:
        yield
    finally:
        _batch.reset(token)
    for writer, rows in mine.waiting.items():
        write(writer, rows)


def write(writer: Writer, rows: list[Any]) -> None:
    """Have a function write rows: at once, or in a batch at its end, with all that it is to write."""
    here = _batch.get()
    if here is None:
        writer(rows)
    else:
        here.waiting.setdefault(writer, []).extend(rows)


def once_a_batch(loader: Callable[[], T]) -> Callable[[], T]:
    """Decorator: in a batch, which is one tenant's, keep what a loader read."""

    @wraps(loader)
    def read() -> T:
        here = _batch.get()
        if here is None:
            return loader()
        if loader not in here.read:
            here.read[loader] = loader()
        return cast("T", here.read[loader])

    return read
