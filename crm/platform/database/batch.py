"""Batches: repeated writes are collected and written once at the end, repeated reads are cached.

Outside a batch, rows are written immediately and loaders run each time.
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
class _WriteBatch:
    # What waits to be written, by what writes it.
    waiting: dict[Writer, list[Any]] = field(default_factory=dict)
    # By loader.
    read: dict[Any, Any] = field(default_factory=dict)


_batch: ContextVar[_WriteBatch | None] = ContextVar("batch", default=None)


@contextmanager
def batch() -> Iterator[None]:
    """Write what the block writes by `write` at its end, and read what `once_a_batch` decorates once.

    One inside another hands over what it would write: so where the inner one fails, only its own is left out. Nothing
    in the block may read what waits to be written, or change what is read once.
    """
    outer = _batch.get()
    if outer:
        inner = _WriteBatch(read=outer.read)
    else:
        inner = _WriteBatch()
    token = _batch.set(inner)
    try:
        yield
    finally:
        _batch.reset(token)
    for writer, rows in inner.waiting.items():
        write_in_batch(writer, rows)


def write_in_batch(writer: Writer, rows: list[Any]) -> None:
    """Call a writer with rows: immediately, or inside a batch once at its end with all collected rows."""
    current = _batch.get()
    if current is None:
        writer(rows)
    else:
        current.waiting.setdefault(writer, []).extend(rows)


def cached_in_batch(loader: Callable[[], T]) -> Callable[[], T]:
    """Decorator: cache a loader's result for the current batch, which belongs to one tenant."""

    @wraps(loader)
    def read() -> T:
        current = _batch.get()
        if current is None:
            return loader()
        if loader not in current.read:
            current.read[loader] = loader()
        return cast("T", current.read[loader])

    return read
