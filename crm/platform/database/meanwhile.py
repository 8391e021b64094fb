"""Let Postgres write while Python goes on: what a block writes and needs no answer of runs in a thread, in its order.

Postgres is another process, on another core. All is still one connection and one transaction: whatever else asks the
database waits for what was written first, and so does the end of the block; there an error comes up.
"""

import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import connection

# So many wait behind the one that runs, as each holds its rows as one document: all that a batch of an import writes.
_WAITING = 16
# Seconds after which a thread that computes lets another one go on, while there are such writes. The writing thread has
# little to do, and often; at Python's own 5 ms Postgres would wait as long as it works, for each next statement.
_BRISK = 0.0005


class _Brisk:
    """The switch interval, which is the process's: short while anybody needs it so."""

    def __init__(self) -> None:
        self.lock, self.count, self.usual = threading.Lock(), 0, sys.getswitchinterval()

    @contextmanager
    def __call__(self) -> Iterator[None]:
        with self.lock:
            if not self.count:
                self.usual = sys.getswitchinterval()
                sys.setswitchinterval(_BRISK)
            self.count += 1
        try:
            yield
        finally:
            with self.lock:
                self.count -= 1
                if not self.count:
                    sys.setswitchinterval(self.usual)


_brisk = _Brisk()


class _Writes:
    """The statements that Postgres is busy with."""

    def __init__(self, pool: ThreadPoolExecutor) -> None:
        self.pool, self.begun = pool, list[Future[Any]]()

    def begin(self, cursor: Any, sql: str, values: dict[str, Any]) -> None:
        while len(self.begun) > _WAITING:
            self._end_first()
        # Below Django's cursor, which belongs to this thread.
        self.begun.append(self.pool.submit(cursor.cursor.execute, sql, values))

    def end(self) -> None:
        while self.begun:
            self._end_first()

    def _end_first(self) -> None:
        with connection.wrap_database_errors:
            self.begun.pop(0).result()

    def ended_first(self, execute: Callable[..., Any], *statement: Any) -> Any:
        """Wrapper of all other statements of this thread."""
        self.end()
        return execute(*statement)


_writes: ContextVar[_Writes | None] = ContextVar("writes", default=None)


@contextmanager
def meanwhile() -> Iterator[None]:
    """Have what the block writes written while it goes on. Inside a transaction of the caller's."""
    with _brisk(), ThreadPoolExecutor(1) as pool:
        writes = _Writes(pool)
        token = _writes.set(writes)
        try:
            with connection.execute_wrapper(writes.ended_first):
                yield
            writes.end()
        finally:
            _writes.reset(token)


def run(cursor: Any, sql: str, values: dict[str, Any]) -> None:
    """Execute a statement that returns nothing: in such a block meanwhile, else at once."""
    writes = _writes.get()
    if writes is None or connection.queries_logged:
        cursor.execute(sql, values)
    else:
        writes.begin(cursor, sql, values)
