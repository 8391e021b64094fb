"""Changes of tables beside others who use them."""

import os
from collections.abc import Iterator

import psycopg
import pytest
from django.db import OperationalError, connection

from crm.platform.schema import brief_locks
from crm.platform.schema.brief_locks import change_tables
from tests.platform.test_tenant_commands import as_owner

__all__ = ["as_owner"]


@pytest.fixture
def reader() -> Iterator[psycopg.Connection]:
    """A transaction that has read tenants and has not ended."""
    with psycopg.connect(os.environ["MIGRATION_DATABASE_URL"]) as connection:
        connection.execute("lock table platform_tenant in access share mode")
        yield connection


def lock_tenants() -> str:
    with connection.cursor() as cursor:
        cursor.execute("lock table platform_tenant in access exclusive mode")
    return "changed"


def test_a_change_is_tried_again_when_the_others_are_done(
    as_owner: None, reader: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(brief_locks.time, "sleep", lambda seconds: reader.rollback())
    assert change_tables(lock_tenants) == "changed"


def test_a_change_gives_up_in_the_end(
    as_owner: None, reader: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float] = []
    monkeypatch.setattr(brief_locks, "TRIES", 2)
    monkeypatch.setattr(brief_locks.time, "sleep", pauses.append)
    with pytest.raises(OperationalError, match="lock timeout"):
        change_tables(lock_tenants)
    assert pauses == [brief_locks.PAUSE]


def test_three_waits_end_before_postgres_looks_for_a_deadlock(db: None) -> None:
    looks_after = "(select setting || unit from pg_settings where name = 'deadlock_timeout')::interval"
    with connection.cursor() as cursor:
        cursor.execute(f"select 3 * %s::interval < {looks_after}", [brief_locks.LONGEST_WAIT])
        assert cursor.fetchone() == (True,)
