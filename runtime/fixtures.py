"""Pytest fixtures for the temporary servers: pytest-django's test database is a clone of the template.

Tests connect as crm_app, so every policy binds them; what needs the owner's rights asks for `owner_connection`.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from runtime import child, testing
from runtime.servers import logins, valkey


@pytest.fixture(scope="session")
def django_db_setup() -> Iterator[None]:
    """Give this worker its own database and make transactional tests leave a fresh one behind."""
    from django.test import TransactionTestCase

    if "PYTEST_XDIST_WORKER" not in os.environ:
        testing.finish_template(testing.begin_template())
    clone_database()
    # Django would flush by TRUNCATE, which crm_app may not, and lose the rows that migrations made.
    patch = pytest.MonkeyPatch()
    patch.setattr(TransactionTestCase, "_fixture_teardown", lambda self: clone_database())
    yield
    patch.undo()


def clone_database(template: str = "") -> None:
    """Replace this worker's database by a fresh clone of the template, or of another one (about 30 ms)."""
    from django.db import connections

    connections.close_all()
    admin_url = os.environ["CRM_TEST_ADMIN_URL"]
    logins.drop_database(admin_url, testing.worker_database())
    logins.create_database(admin_url, testing.worker_database(), template=template or testing.template_name())


@pytest.fixture
def owner_connection(django_db_setup: None) -> Iterator[psycopg.Connection]:
    """Give an autocommit connection as crm_owner: it sees every tenant; its writes stay until the next clone."""
    with psycopg.connect(os.environ["MIGRATION_DATABASE_URL"], autocommit=True) as connection:
        yield connection


@pytest.fixture
def running_valkey(tmp_path: Path) -> Iterator[str]:
    """Give an empty Valkey at the settings' REDIS_URL for one test."""
    url = os.environ["REDIS_URL"]
    server = valkey.ValkeyServer(tmp_path / "valkey", urlsplit(url).port or 0, testing.PASSWORD, {"appendonly": "no"})
    process = server.start_ready(tmp_path / "valkey.log")
    yield url
    child.stop_process(process, valkey.STOP_SIGNALS, grace=5)
