"""The set-up of the logins makes a new server ready and corrects an older one, by Python and in compose alike."""

import os
import subprocess
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import psycopg
import pytest

from runtime import child, testing
from runtime.servers import logins, postgres
from runtime.servers.ports import free_port

pytestmark = pytest.mark.servers
SCRIPT = Path(__file__).resolve().parents[2] / "docker" / "postgres-init.sh"
PASSWORD = "letters-and-digits"
SPOILT = [
    "grant connect on database postgres, template1 to public",
    "grant create on database crm to public",
    "alter role crm_app createdb password 'changed by itself'",
]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[postgres.PostgresCluster]:
    folder = tmp_path_factory.mktemp("logins")
    for part in (folder, folder.parent):
        part.chmod(0o711)
    cluster = postgres.PostgresCluster(folder, free_port(), PASSWORD, testing.FAST)
    cluster.create()
    process = cluster.start_ready(folder / "log")
    yield cluster
    child.stop_process(process, postgres.STOP_SIGNALS, grace=10)


def by_python(cluster: postgres.PostgresCluster) -> None:
    logins.create_logins(cluster.admin_url, owner_password=PASSWORD, app_password=PASSWORD)
    logins.create_database(cluster.admin_url, "crm")


def by_script(cluster: postgres.PostgresCluster) -> None:
    server = {"PGHOST": "127.0.0.1", "PGPORT": str(cluster.port), "PGPASSWORD": PASSWORD}
    passwords = {"OWNER_PASSWORD": PASSWORD, "APP_PASSWORD": PASSWORD}
    path = {"PATH": f"{cluster.bindir}:{os.environ['PATH']}"}
    subprocess.run(["sh", str(SCRIPT)], env=os.environ | server | passwords | path, check=True, capture_output=True)


@pytest.mark.parametrize("set_up", [by_python, by_script])
def test_it_makes_a_server_ready_and_mends_it(
    cluster: postgres.PostgresCluster, set_up: Callable[[postgres.PostgresCluster], None]
) -> None:
    set_up(cluster)
    hold(cluster)
    with psycopg.connect(cluster.admin_url, autocommit=True) as admin:
        for statement in SPOILT:
            admin.execute(statement)
    with psycopg.connect(cluster.admin_url, dbname="crm", autocommit=True) as admin:
        admin.execute("grant execute on function lo_create(oid) to public")
    set_up(cluster)
    hold(cluster)
    logins.drop_database(cluster.admin_url, "crm")


def hold(cluster: postgres.PostgresCluster) -> None:
    """Hold that both logins are as they should be."""
    url = partial(cluster.url, logins.APP, PASSWORD)
    for database in logins.MAINTENANCE:
        with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
            psycopg.connect(url(database))
    with psycopg.connect(url("crm"), autocommit=True) as app:
        settings = app.execute("select rolconfig from pg_roles where rolname = current_user").fetchone()
        assert settings == ([f"{name}={value}" for name, value in logins.APP_SETTINGS.items()],)
        for statement in ("select lo_create(0)", "create schema mine", "create database mine"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                app.execute(statement)
    with psycopg.connect(cluster.url(logins.OWNER, PASSWORD, "crm"), autocommit=True) as owner:
        owner.execute("create table made (n int)")
        owner.execute("drop table made")
