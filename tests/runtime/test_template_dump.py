"""The dump that spares a run of tests the migrations."""

import os
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from runtime import testing
from runtime.servers import logins
from runtime.template_dump import TemplateDump

COPY = "crm_dump_copy"
POLICIES = "select tablename, policyname, qual, with_check from pg_policies order by 1, 2"
RIGHTS = """select table_name, privilege_type from information_schema.role_table_grants
            where grantee = 'crm_app' order by 1, 2"""
GUARDED = "select relname from pg_class where relrowsecurity order by 1"


def database_url(name: str) -> str:
    return urlsplit(os.environ["CRM_TEST_ADMIN_URL"])._replace(path=f"/{name}").geturl()


@pytest.fixture
def copy_url(django_db_setup: None, tmp_path: Path) -> str:
    """The address of a database restored from a dump of the template."""
    admin_url = os.environ["CRM_TEST_ADMIN_URL"]
    logins.drop_database(admin_url, COPY)
    logins.create_database(admin_url, COPY)
    dump = TemplateDump(tmp_path / "of-the-template.dump")
    assert not dump.restore(database_url(COPY))
    dump.save(database_url(testing.template_name()))
    assert dump.restore(database_url(COPY))
    return database_url(COPY)


@pytest.mark.parametrize("query", [POLICIES, RIGHTS, GUARDED])
def test_a_restored_template_has_the_same_policies_and_rights(copy_url: str, query: str) -> None:
    rows = []
    for url in (database_url(testing.template_name()), copy_url):
        with psycopg.connect(url) as connection:
            rows.append(connection.execute(query).fetchall())
    assert len(rows[0]) > 100
    assert rows[0] == rows[1]


def test_ci_trusts_no_dump(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    assert TemplateDump.find() is None


def test_another_migration_is_another_dump(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setattr("runtime.template_dump.ROOT", tmp_path)
    (tmp_path / "uv.lock").touch()
    first = TemplateDump.find()
    migration = tmp_path / "jobs" / "migrations" / "0001_initial.py"
    migration.parent.mkdir(parents=True)
    for file in (tmp_path / "jobs" / "__init__.py", migration):
        file.touch()
    assert TemplateDump.find() != first
