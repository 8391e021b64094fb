"""Run a read on the replica, in the tenant in use; on the primary if the replica is late, down or not configured.

Inside, Django's default connection is the replica's. So raw SQL, querysets and `use_tenant` all go there, and Postgres
itself refuses a write: the read is then repeated on the primary. Nothing computed from old rows can be stored.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, Error, connections
from django.dispatch import Signal

from crm.platform.replica import lag
from crm.platform.tenancy.context import current_config_version, required_tenant_id, use_tenant

logger = logging.getLogger(__name__)
T = TypeVar("T")

# Sent for each read that could have used the replica, with `name` and `outcome`: "replica", or why not.
replica_read = Signal()
PINNED, WROTE, FAILED = "pinned", "wrote", "failed"
# SQLSTATE of a write in a read-only transaction.
_READ_ONLY = "25006"

# The primary's connection while the default one is the replica's.
_primary: ContextVar[Any] = ContextVar("primary", default=None)


def read_stale(read: Callable[[], T], *, name: str, is_pinned: bool = False) -> tuple[T, str]:
    """Call `read` on the replica if it may be used; return its result and the outcome.

    `name` is what metrics call it. `is_pinned`: the reader has just written and must see it. `read` must return values,
    not querysets, and is called again on the primary if it fails on the replica.
    """
    outcome = _refusal(is_pinned)
    if outcome == "":
        try:
            with _default_is_replica():
                result = read()
        except Error as error:
            outcome = _note_failure(error)
        else:
            replica_read.send(None, name=name, outcome=lag.REPLICA)
            return result, lag.REPLICA
    if lag.is_configured():
        replica_read.send(None, name=name, outcome=outcome)
    return read(), outcome


def _refusal(is_pinned: bool) -> str:
    """Return why the replica may not be read, or ""."""
    if not lag.is_configured():
        return "none"
    if is_pinned:
        return PINNED
    status = lag.replica_state().status
    if status == lag.READY:
        return ""
    return status


def _note_failure(error: Error) -> str:
    if getattr(error.__cause__, "sqlstate", None) == _READ_ONLY:
        return WROTE
    logger.warning("read on the replica failed", extra={"because": type(error.__cause__ or error).__name__})
    lag.leave_replica_alone()
    connections[lag.REPLICA].close()
    return FAILED


@contextmanager
def _default_is_replica() -> Iterator[None]:
    """Make the replica's connection the default one, in a transaction with the tenant set as on the primary."""
    tenant_id = required_tenant_id()
    version = current_config_version()
    primary = connections[DEFAULT_DB_ALIAS]
    token = _primary.set(primary)
    connections[DEFAULT_DB_ALIAS] = connections[lag.REPLICA]
    try:
        with use_tenant(tenant_id, config_version=version):
            yield
    finally:
        connections[DEFAULT_DB_ALIAS] = primary
        _primary.reset(token)


@contextmanager
def on_primary() -> Iterator[None]:
    """Run a block on the primary inside a read of the replica, for what is cached under a version of the primary."""
    primary = _primary.get()
    if primary is None:
        yield
        return
    replica = connections[DEFAULT_DB_ALIAS]
    token = _primary.set(None)
    connections[DEFAULT_DB_ALIAS] = primary
    try:
        yield
    finally:
        connections[DEFAULT_DB_ALIAS] = replica
        _primary.reset(token)
