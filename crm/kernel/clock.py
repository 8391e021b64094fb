"""The only source of the present time. Passed to SQL as a parameter, so that tests can freeze it everywhere at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

_frozen: ContextVar[datetime | None] = ContextVar("frozen", default=None)


def now() -> datetime:
    """Return the present instant, aware, in UTC."""
    return _frozen.get() or datetime.now(UTC)


def of_machine() -> datetime:
    """Return the time of this machine, also while the clock is frozen: to compare it with another machine's."""
    return datetime.now(UTC)


@contextmanager
def at(instant: datetime) -> Iterator[None]:
    """Freeze the clock at an instant for a block: for tests, and for demo history written afterwards."""
    token = _frozen.set(instant.astimezone(UTC))
    try:
        yield
    finally:
        _frozen.reset(token)
