"""Let Postgres write while Python goes on: what a block writes and needs no answer of runs in a thread, in its order.

Postgres is another process, on another core. All is still one connection and one transaction: whatever else asks the
database waits for what was written first, and so does the end of the block; there an error comes up.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import connection


class _Writes:
    """The statements that Postgres is busy with."""

    def __init__(self, pool: ThreadPoolExecutor) -> None:
        self.pool, self.begun = pool, list[Future[Any]]()

    def begin(self, cursor: Any, sql: str, values: dict[str, Any]) -> None:
        # At most one waits behind the one that runs: each holds its rows as one document.
        while len(self.begun) > 1:
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
    with ThreadPoolExecutor(1) as pool:
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
