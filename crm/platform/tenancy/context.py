"""The tenant in use: `use_tenant` sets it, in Python and in the database.

It is the only writer of the database's setting; the policies (row_level_security.py) read that.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.db import connection, models, transaction


class NoTenant(RuntimeError):
    """A tenant's table was queried outside `use_tenant`."""


@dataclass
class _TenantScope:
    tenant_id: int
    config_version: int | None = None
    # What was read since this scope itself changed the configuration; None: it has not.
    draft: dict[Any, Any] | None = None


_scope: ContextVar[_TenantScope | None] = ContextVar("tenant", default=None)


def current_tenant_id() -> int | None:
    """Return the id of the tenant in use, or None."""
    scope = _scope.get()
    if scope:
        return scope.tenant_id
    return None


def required_tenant_id() -> int:
    """Return the id of the tenant in use. Raises NoTenant when there is none."""
    scope = _scope.get()
    if scope is None:
        raise NoTenant("no tenant: wrap this in use_tenant(...)")
    return scope.tenant_id


def current_config_version() -> int:
    """Return the version of the tenant's configuration, read once a scope; caches are keyed by it."""
    scope = _scope.get()
    if scope is None:
        raise NoTenant("no tenant: wrap this in use_tenant(...)")
    if scope.config_version is None:
        with connection.cursor() as cursor:
            cursor.execute("select config_version from platform_tenant where id = %s", [scope.tenant_id])
            row = cursor.fetchone()
        if row:
            scope.config_version = row[0]
        else:
            scope.config_version = 0
    return scope.config_version


def configuration_draft() -> dict[Any, Any] | None:
    """Return the cache for a configuration this scope has changed but not committed.

    Kept under its version it would outlive a rollback, and be taken for the next edit that gets the same number.
    """
    scope = _scope.get()
    if scope:
        return scope.draft
    return None


def forget_configuration() -> None:
    """Drop the scope's cached configuration: this transaction has just changed it, or waited for another."""
    scope = _scope.get()
    if scope is not None:
        scope.config_version = None
        scope.draft = {}


@contextmanager
def use_tenant(tenant: models.Model | int, *, config_version: int | None = None) -> Iterator[None]:
    """Run a block for one tenant, in a new transaction, or in a savepoint inside an outer one.

    The setting is local to the transaction, so a pooled connection cannot carry it over. A nested block's
    setting outlives the block on a normal exit, so the outer one is put back by hand.
    """
    if isinstance(tenant, int):
        tenant_id = tenant
    else:
        tenant_id = tenant.pk
    outer = current_tenant_id()
    token = _scope.set(_TenantScope(tenant_id, config_version))
    try:
        with transaction.atomic():
            _set_local(str(tenant_id))
            yield
    finally:
        _scope.reset(token)
        if connection.in_atomic_block and not connection.needs_rollback:
            _set_local("" if outer is None else str(outer))


def _set_local(value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select set_config('app.tenant_id', %s, true)", [value])
