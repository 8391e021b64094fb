"""What crm_app may not do beside the tables: other databases, large objects, other logins."""

import os

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege

from runtime import testing
from runtime.servers import logins

FORBIDDEN = [
    "select lo_create(0)",
    "select lo_creat(-1)",
    "select lo_from_bytea(0, 'of no tenant')",
    "select lo_get(1)",
    "alter role crm_owner password 'mine'",
    "alter role crm_app bypassrls",
    "create schema mine",
    "create table mine (n int)",
    "create database mine",
]


@pytest.mark.parametrize("database", logins.MAINTENANCE)
def test_the_app_connects_to_no_other_database(db: None, database: str) -> None:
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        psycopg.connect(testing.login_url(logins.APP, database))


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_the_app_may_not(db: None, statement: str) -> None:
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as app, pytest.raises(InsufficientPrivilege):
        app.execute(statement)
