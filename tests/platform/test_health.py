"""The two probes, and the refusal to serve past the policies."""

import os
import subprocess
import sys
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from celery.beat import Scheduler
from django.core.cache import cache
from django.test import Client

from crm.config import celery
from crm.config.celery import app
from crm.kernel import clock
from crm.platform.health import readiness
from crm.platform.tenancy import row_level_security, startup_checks
from crm.platform.work import outbox
from tests.production import ROOT


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test asks anew what the product asks once a minute."""
    monkeypatch.setattr(readiness, "IN_DATABASE", tuple(_asked(check) for check in readiness.IN_DATABASE))


def _asked(check: Any) -> Any:
    return getattr(check, "__wrapped__", check)


def failed(client: Client) -> list[str]:
    answer = client.get("/readyz")
    assert answer.status_code == (503 if answer.json()["failed"] else 200)
    assert answer.json()["ok"] is (answer.status_code == 200)
    return answer.json()["failed"]


def test_alive_names_the_app_and_asks_nobody(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"app": "throughline", "ok": True})


def test_ready_when_everything_is_there(client: Client, db: None, valkey_url: str) -> None:
    outbox.heartbeat()
    answer = client.get("/readyz")
    age = answer.json()["tick_age"]
    assert answer.json() == {"app": "throughline", "ok": True, "failed": [], "tick_age": age}
    assert age >= 0
    assert answer.status_code == 200


def test_dead_broker(client: Client, db: None) -> None:
    assert failed(client) == ["broker", "tick"]


def test_no_tick_or_an_old_one(client: Client, db: None, valkey_url: str) -> None:
    assert failed(client) == ["tick"]
    cache.set(outbox.HEARTBEAT, (clock.now() - readiness.TICK_IS_LATE * 2).isoformat())
    assert failed(client) == ["tick"]


def test_a_tick_of_the_future_is_of_a_clock_set_back(client: Client, db: None, valkey_url: str) -> None:
    cache.set(outbox.HEARTBEAT, (clock.now() + timedelta(minutes=1)).isoformat())
    assert failed(client) == ["tick"]
    assert client.get("/readyz").json()["tick_age"] < 0


def test_beat_goes_on_when_the_clock_is_set_back(monkeypatch: pytest.MonkeyPatch) -> None:
    passed, back, sent = [1000.0], [timedelta()], []
    now = app.now
    monkeypatch.setattr(celery.time, "monotonic", lambda: passed[0])
    monkeypatch.setattr(app, "now", lambda: now() - back[0])
    monkeypatch.setattr(Scheduler, "apply_entry", lambda beat, entry, producer=None: sent.append(entry.name))
    monkeypatch.setattr(Scheduler, "producer", None)
    beat = Scheduler(app, lazy=True)
    beat.setup_schedule()
    for seconds, hours, due in ((0, 0, []), (10, 0, ["tick"]), (10, 1, ["tick"]), (50, 30, ["sweep", "tick"])):
        passed[0] += seconds
        back[0] = timedelta(hours=hours)
        sent.clear()
        while beat.tick() == 0:
            pass
        assert sorted(sent) == due


def test_dead_database(client: Client, valkey_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    outbox.heartbeat()
    monkeypatch.setattr(readiness, "database", _refused)
    assert failed(client) == ["database"]


def _refused() -> bool:
    raise ConnectionRefusedError


_refused.__name__ = "database"


def test_unapplied_migration(client: Client, db: None, valkey_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    outbox.heartbeat()
    monkeypatch.setattr(readiness.MigrationExecutor, "migration_plan", lambda *args: [("platform.0099", False)])
    assert failed(client) == ["migrations"]


def test_a_table_outside_the_wall(client: Client, db: None, valkey_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    outbox.heartbeat()
    monkeypatch.setattr(row_level_security, "missing", lambda: ["people_person has no policy"])
    assert failed(client) == ["policies"]


def test_a_good_answer_is_kept_for_a_minute_a_bad_one_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter([False, True, False])
    kept = readiness._kept(lambda: next(answers))
    at = [1000.0]
    monkeypatch.setattr(readiness.time, "monotonic", lambda: at[0])
    assert [kept(), kept(), kept()] == [False, True, True]
    at[0] += 61
    assert kept() is False


def served_by(url: str) -> subprocess.CompletedProcess[str]:
    """What gunicorn would do: load the WSGI application, here with another login."""
    argv = [sys.executable, "-c", "import crm.config.wsgi"]
    env = os.environ | {"DATABASE_URL": url, "CRM_DATABASE_ROLE": "app"}
    return subprocess.run(argv, env=env, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.servers
def test_nobody_serves_as_owner_or_superuser(django_db_setup: None) -> None:
    bound = served_by(os.environ["DATABASE_URL"])
    assert (bound.returncode, bound.stderr) == (0, "")
    owner = served_by(os.environ["MIGRATION_DATABASE_URL"])
    assert owner.returncode == 4
    assert owner.stderr == "Refused to serve: crm_owner owns tables; DATABASE_URL must name crm_app's login.\n"
    database = os.environ["DATABASE_URL"].rpartition("/")[2]
    superuser = served_by(os.environ["CRM_TEST_ADMIN_URL"].rpartition("/")[0] + f"/{database}")
    assert superuser.returncode == 4
    assert "is a superuser" in superuser.stderr


def test_set_role_does_not_hide_the_owner(
    owner_connection: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    with psycopg.connect(os.environ["CRM_TEST_ADMIN_URL"], autocommit=True) as admin:
        admin.execute("set role crm_app")
        monkeypatch.setattr(startup_checks, "connection", admin)
        assert "superuser" in (startup_checks.bound_by_policies() or "")


def test_a_missing_policy_is_refused(
    db: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(row_level_security, "missing", lambda: ["people_person has no policy", "another"])
    monkeypatch.setattr(startup_checks.connection, "close", lambda: None)
    with pytest.raises(startup_checks.RefusedToServe) as refused:
        startup_checks.refuse_owner()
    assert refused.value.code == 4
    said = capsys.readouterr().err
    assert said == "Refused to serve: people_person has no policy (and 1 more); run `manage.py migrate`.\n"
