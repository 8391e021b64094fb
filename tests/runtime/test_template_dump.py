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


def restore_copy(folder: Path) -> str:
    """Restore a database from a dump of the template; returns its address."""
    admin_url = os.environ["CRM_TEST_ADMIN_URL"]
    logins.drop_database(admin_url, COPY)
    logins.create_database(admin_url, COPY)
    dump = TemplateDump(folder / "of-the-template.dump")
    assert not dump.restore(database_url(COPY))
    dump.save(database_url(testing.template_name()))
    assert dump.restore(database_url(COPY))
    return database_url(COPY)


def test_a_restored_template_has_the_same_policies_and_rights(django_db_setup: None, tmp_path: Path) -> None:
    copy_url = restore_copy(tmp_path)
    with psycopg.connect(database_url(testing.template_name())) as template, psycopg.connect(copy_url) as copy:
        for query in (POLICIES, RIGHTS, GUARDED):
            rows = template.execute(query).fetchall()
            assert len(rows) > 100
            assert rows == copy.execute(query).fetchall(), query


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
