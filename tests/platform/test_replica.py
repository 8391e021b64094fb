"""Reads on a real streaming standby: what uses it, what falls back to the primary, and the policies there."""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection, connections
from django.test import Client

from crm.platform.models import AccessLog, Member
from crm.platform.organization.configuration import clear_configuration_caches, members_with_photo
from crm.platform.replica import lag, reading
from crm.platform.tenancy.context import NoTenant, use_tenant
from runtime import testing
from runtime.servers import logins
from tests.cast import Cast, load_cast
from tests.platform.standby import HANGS, Standby
from tests.survival.servers import until

pytestmark = [pytest.mark.servers, pytest.mark.django_db(transaction=True, databases=["default", "replica"])]

# Every page that may lag, with a member who may open it.
PAGES = (
    "reports/",
    "reports/?format=csv",
    "reports/ages/",
    "reports/overview/sources/",
    "reports/past-day/",
    "reports/forecast/",
    "reports/forecast/checked/",
    "reports/workload/",
    "reports/workload/?format=csv",
    "reports/sources/",
    "reports/sources/file/",
    "reports/quotes/",
    "reports/receivables/",
    "search/?q=Cora",
)


@pytest.fixture(scope="module")
def standby(django_db_setup: None) -> Iterator[Standby]:
    """A standby, and the product's connection to it."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    standby = Standby(Path(os.environ["VAR_DIR"]).parent / f"standby-{worker}", os.environ["CRM_TEST_ADMIN_URL"])
    options = {"OPTIONS": {"connect_timeout": 2}, "HOST": "127.0.0.1", "PORT": standby.port}
    connections.settings[lag.REPLICA] = connections.settings["default"] | options
    try:
        standby.start()
        yield standby
    finally:
        standby.stop()
        del connections.settings[lag.REPLICA]
        # It was never used if the standby did not start.
        with suppress(AttributeError):
            del connections[lag.REPLICA]


@pytest.fixture
def replica(standby: Standby, db: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Standby]:
    """The product with a replica; the standby has all that the primary has, and may be late on a busy machine."""
    monkeypatch.setattr(lag, "MOST_LAG", HANGS)
    settings.MIDDLEWARE = ["crm.web.replica_pages.pin_writers", *settings.MIDDLEWARE]
    lag.forget_replica_state()
    standby.catch_up()
    try:
        yield standby
    finally:
        connections[lag.REPLICA].close()
        standby.start()
        standby.run("select pg_wal_replay_resume() where pg_is_wal_replay_paused()")


@pytest.fixture
def cast(replica: Standby) -> Cast:
    return load_cast()


@pytest.fixture
def manager(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.house.mona.user)
    return client


@pytest.fixture
def admin(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.house.ada.user)
    return client


def where(client: Client, path: str, cast: Cast) -> str:
    """Open a page and return where it was read from."""
    response: Any = client.get(f"/{cast.house.tenant.slug}/{path}")
    assert response.status_code == 200, path
    return str(response.wsgi_request.read_from)


def is_standby() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select pg_is_in_recovery()")
        return bool(cursor.fetchone()[0])


def test_every_page_that_may_lag_is_read_from_the_replica(admin: Client, cast: Cast, replica: Standby) -> None:
    replica.catch_up()
    assert {path: where(admin, path, cast) for path in PAGES} == dict.fromkeys(PAGES, "replica")


def test_a_stopped_standby_is_passed_by(manager: Client, cast: Cast, replica: Standby) -> None:
    replica.stop()
    assert where(manager, "reports/", cast) == "down"
    assert where(manager, "search/?q=Cora", cast) == "down"


def test_one_that_stops_while_it_is_used_is_passed_by(manager: Client, cast: Cast, replica: Standby) -> None:
    replica.catch_up()
    assert where(manager, "reports/past-day/", cast) == "replica"
    replica.stop()
    assert where(manager, "reports/past-day/", cast) in ("failed", "down")


def test_a_late_replica_is_passed_by(
    manager: Client, cast: Cast, replica: Standby, monkeypatch: pytest.MonkeyPatch
) -> None:
    replica.run("select pg_wal_replay_pause()")
    monkeypatch.setattr(lag, "MOST_LAG", 0)
    with use_tenant(cast.house.tenant):
        AccessLog.objects.note_read(cast.house.cora, by=cast.house.rita)
    lag.forget_replica_state()
    assert where(manager, "reports/past-day/", cast) == "late"


def test_lag_is_the_age_of_the_last_replayed_commit_and_0_when_nothing_is_missing(cast: Cast, replica: Standby) -> None:
    # Other tests write to the same primary: between two statements there may be more to replay.
    is_level = lambda: lag.measure_replica() == lag.ReplicaState(lag.READY, 0.0)  # noqa: E731
    until(is_level, "nothing is missing")
    replica.run("select pg_wal_replay_pause()")
    with use_tenant(cast.house.tenant):
        AccessLog.objects.note_read(cast.house.cora, by=cast.house.rita)
    assert (lag.measure_replica().lag or 0) > 0


def test_who_has_just_written_reads_the_primary(manager: Client, cast: Cast) -> None:
    answer = manager.post(f"/{cast.house.tenant.slug}/reports/workload/minutes/", {})
    assert answer.cookies[next(name for name in answer.cookies if "wrote" in name)]["max-age"] == lag.PINNED_FOR
    assert where(manager, "reports/", cast) == "pinned"


def test_policies_hold_on_the_replica(cast: Cast, replica: Standby) -> None:
    def read() -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute("select pg_is_in_recovery(), count(*), count(distinct tenant_id) from platform_member")
            return [*cursor.fetchone(), Member.objects.count()]

    replica.catch_up()
    with use_tenant(cast.house.tenant):
        members = Member.objects.count()
        assert reading.read_stale(read, name="test") == ([True, members, 1, members], "replica")


def test_the_replica_answers_nothing_without_a_tenant(cast: Cast, replica: Standby) -> None:
    replica.catch_up()
    with connections[lag.REPLICA].cursor() as cursor:
        with pytest.raises(NoTenant):
            cursor.execute('select count(*) from "platform_member"')
        with pytest.raises(Exception, match="no tenant"):
            cursor.execute("select count(*) from platform_member")


def test_a_tenant_of_one_read_is_gone_in_the_next_transaction(cast: Cast, replica: Standby) -> None:
    replica.catch_up()
    with use_tenant(cast.house.tenant):
        reading.read_stale(Member.objects.count, name="test")
    with connections[lag.REPLICA].cursor() as cursor:
        cursor.execute("select coalesce(current_setting('app.tenant_id', true), '')")
        assert cursor.fetchone() == ("",)


def test_a_read_that_turns_out_to_write_is_done_on_the_primary(cast: Cast, replica: Standby) -> None:
    def read() -> bool:
        AccessLog.objects.note_read(cast.house.cora, by=cast.house.rita)
        return is_standby()

    replica.catch_up()
    with use_tenant(cast.house.tenant):
        assert reading.read_stale(read, name="test") == (False, "wrote")
        assert AccessLog.objects.of(cast.house.cora).count() == 1


def test_a_read_that_the_replica_breaks_off_is_done_on_the_primary(cast: Cast, replica: Standby) -> None:
    def read() -> bool:
        if is_standby():
            with connection.cursor() as cursor:
                cursor.execute("select pg_terminate_backend(pg_backend_pid())")
        return is_standby()

    replica.catch_up()
    with use_tenant(cast.house.tenant):
        assert reading.read_stale(read, name="test") == (False, "failed")
        assert reading.read_stale(read, name="test") == (False, "down")
        assert not is_standby()


def test_configuration_is_read_from_the_primary(cast: Cast, replica: Standby, monkeypatch: pytest.MonkeyPatch) -> None:
    places: list[bool] = []
    replica.catch_up()

    def load() -> Any:
        places.append(is_standby())
        return frozenset()

    monkeypatch.setattr("crm.platform.organization.configuration.run_loader", lambda loader: load())
    clear_configuration_caches()
    with use_tenant(cast.house.tenant):
        _value, read_from = reading.read_stale(members_with_photo, name="test")
    clear_configuration_caches()
    assert (places, read_from) == ([False], "replica")


def test_a_replica_with_the_owners_login_is_refused(cast: Cast, replica: Standby) -> None:
    replica.catch_up()
    connections[lag.REPLICA].settings_dict["USER"] = logins.OWNER
    connections[lag.REPLICA].close()
    assert lag.measure_replica().status == lag.REFUSED
    connections[lag.REPLICA].settings_dict["USER"] = logins.APP


def test_a_server_that_is_no_standby_is_refused(cast: Cast, replica: Standby) -> None:
    connections[lag.REPLICA].settings_dict["PORT"] = connections["default"].settings_dict["PORT"]
    assert lag.measure_replica().status == lag.REFUSED


def test_without_a_replica_nothing_is_measured(cast: Cast) -> None:
    kept = connections.settings.pop(lag.REPLICA)
    try:
        with use_tenant(cast.house.tenant):
            assert reading.read_stale(is_standby, name="test") == (False, "none")
    finally:
        connections.settings[lag.REPLICA] = kept


def test_a_standby_refuses_every_write(replica: Standby) -> None:
    replica.catch_up()
    url = replica.url(logins.OWNER, testing.worker_database())
    with psycopg.connect(url) as owner, pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        owner.execute("delete from platform_due")
