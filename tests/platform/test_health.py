"""The two probes, and the refusal to serve past the policies."""

import os
import pickle
import subprocess
import sys
import threading
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
import redis
from celery.beat import Scheduler
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.urls import resolve

from crm.config import celery
from crm.config.celery import app
from crm.kernel import clock
from crm.platform.health import readiness
from crm.platform.tenancy import row_level_security, startup_checks
from crm.web.probes import PROBES
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


@pytest.fixture
def with_cookies(client: Client) -> Client:
    """A browser that was here: signed in, in a language, with a form open, and with nonsense of another's."""
    names = ("SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "LANGUAGE_COOKIE_NAME", "DEVICE_COOKIE_NAME")
    for cookie in (*(getattr(settings, name) for name in names), "messages", "nonsense"):
        client.cookies[cookie] = "x" * 32
    return client


@pytest.mark.parametrize("probe", sorted(PROBES))
def test_probes_stand_in_the_urls(probe: str) -> None:
    assert resolve(probe).func == PROBES[probe]


@pytest.mark.parametrize("method", ["get", "head"])
def test_alive_with_cookies_asks_nobody(with_cookies: Client, method: str) -> None:
    answer = getattr(with_cookies, method)("/healthz")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
    assert not answer.cookies


def test_dead_database_with_cookies(with_cookies: Client, valkey_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    readiness.note_tick()
    monkeypatch.setattr(readiness, "database", _refused)
    answer = with_cookies.get("/readyz", headers={"hx-request": "true", "authorization": "Basic eDp4"})
    assert (answer.status_code, answer["Content-Type"], answer.json()["failed"]) == (
        503,
        "application/json",
        ["database"],
    )
    assert not answer.cookies


@pytest.mark.parametrize("probe", sorted(PROBES))
def test_a_probe_is_only_asked(client: Client, probe: str) -> None:
    assert client.post(probe).status_code == 405


def test_ready_when_everything_is_there(client: Client, db: None, valkey_url: str) -> None:
    readiness.note_tick()
    answer = client.get("/readyz")
    age = answer.json()["tick_age"]
    assert answer.json() == {"app": "throughline", "ok": True, "failed": [], "tick_age": age}
    assert age >= 0
    assert answer.status_code == 200


def test_dead_broker(client: Client, db: None) -> None:
    assert failed(client) == ["broker", "tick"]


def test_no_tick_or_an_old_one(client: Client, db: None, valkey_url: str) -> None:
    assert failed(client) == ["tick"]
    cache.set(readiness.HEARTBEAT, (clock.now() - readiness.TICK_IS_LATE * 2).isoformat())
    assert failed(client) == ["tick"]


def test_a_tick_of_the_future_is_of_a_clock_set_back(client: Client, db: None, valkey_url: str) -> None:
    cache.set(readiness.HEARTBEAT, (clock.now() + timedelta(minutes=1)).isoformat())
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
    readiness.note_tick()
    monkeypatch.setattr(readiness, "database", _refused)
    assert failed(client) == ["database"]


def _refused() -> bool:
    raise ConnectionRefusedError


_refused.__name__ = "database"


def named(name: str, check: Any) -> Any:
    check.__name__ = name
    return check


def test_a_database_that_hangs_is_one_that_does_not_answer(
    client: Client, valkey_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those who ask meanwhile add no thread that hangs with it; and it is asked again once it answers."""
    readiness.note_tick()
    hangs, asked = threading.Event(), []
    monkeypatch.setattr(readiness, "PATIENCE", 0.05)
    monkeypatch.setattr(readiness, "database", named("database", lambda: asked.append(1) or not hangs.wait(60)))
    try:
        for _time in range(3):
            assert failed(client) == ["database"]
        assert len(asked) == 1
    finally:
        hangs.set()
    with readiness._asking:
        monkeypatch.setattr(readiness, "IN_DATABASE", ())
        monkeypatch.setattr(readiness, "database", named("database", lambda: True))
        monkeypatch.setattr(readiness, "PATIENCE", 60)
    assert failed(client) == []


@pytest.mark.parametrize(
    "left", ["not a time", b"\x80", 7, ["x"], {"a": 1}, "2026-02-30T00:00:00", "2026-01-01T00:00:00"]
)
def test_a_tick_that_cannot_be_read_is_none(client: Client, db: None, valkey_url: str, left: object) -> None:
    cache.set(readiness.HEARTBEAT, left)
    assert failed(client) == ["tick"]


@pytest.mark.parametrize("error", [redis.ConnectionError, OSError, TimeoutError])
def test_a_tick_behind_a_broker_that_is_away_is_none_and_no_news(
    client: Client, db: None, valkey_url: str, monkeypatch: pytest.MonkeyPatch, error: type, caplog: Any
) -> None:
    monkeypatch.setattr(readiness, "cache", SimpleNamespace(get=_raising(error)))
    assert failed(client) == ["tick"]
    assert not [record for record in caplog.records if record.name == readiness.__name__]


@pytest.mark.parametrize("error", [KeyError, AttributeError, TypeError, pickle.UnpicklingError, EOFError])
def test_a_tick_that_fails_as_nobody_foresaw_is_logged_and_never_ok(
    client: Client, db: None, valkey_url: str, monkeypatch: pytest.MonkeyPatch, error: type, caplog: Any
) -> None:
    monkeypatch.setattr(readiness, "cache", SimpleNamespace(get=_raising(error)))
    assert failed(client) == ["tick"]
    logged = [record for record in caplog.records if record.name == readiness.__name__]
    assert logged
    assert {record.exc_info[0] for record in logged} == {error}


def test_a_tick_that_is_gone_when_its_age_is_said_is_not_ok(
    client: Client, db: None, valkey_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    readiness.note_tick()
    ages = iter([timedelta(seconds=1), None])
    monkeypatch.setattr(readiness, "tick_age", lambda: next(ages))
    assert failed(client) == ["tick"]


def _raising(error: type[Exception]) -> Any:
    def raises(*args: object) -> None:
        raise error

    return raises


@pytest.mark.parametrize("check", ["broker", "database"])
def test_a_check_that_breaks_is_one_that_fails(
    client: Client, valkey_url: str, monkeypatch: pytest.MonkeyPatch, check: str
) -> None:
    readiness.note_tick()
    monkeypatch.setattr(readiness, "IN_DATABASE", ())
    for name in ("database", "broker"):
        monkeypatch.setattr(readiness, name, named(name, lambda name=name: 1 / (name != check) > 0))
    monkeypatch.setattr(readiness, "BESIDE", (readiness.broker, readiness.tick))
    assert failed(client) == [check]


def test_unapplied_migration(client: Client, db: None, valkey_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    readiness.note_tick()
    monkeypatch.setattr(readiness.MigrationExecutor, "migration_plan", lambda *args: [("platform.0099", False)])
    assert failed(client) == ["migrations"]


def test_a_table_outside_the_wall(client: Client, db: None, valkey_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    readiness.note_tick()
    monkeypatch.setattr(row_level_security, "find_gaps", lambda: ["people_person has no policy"])
    assert failed(client) == ["policies"]


def test_a_good_answer_is_kept_for_a_minute_a_bad_one_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter([False, True, False])
    kept = readiness._cache_success(lambda: next(answers))
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
def test_nobody_serves_as_owner(django_db_setup: None) -> None:
    """The login of the app is served in tests/survival; why a superuser is refused is below."""
    owner = served_by(os.environ["MIGRATION_DATABASE_URL"])
    assert owner.returncode == 4
    assert owner.stderr == "Refused to serve: crm_owner owns tables; DATABASE_URL must name crm_app's login.\n"


def test_set_role_does_not_hide_the_owner(
    owner_connection: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    with psycopg.connect(os.environ["CRM_TEST_ADMIN_URL"], autocommit=True) as admin:
        admin.execute("set role crm_app")
        monkeypatch.setattr(startup_checks, "connection", admin)
        assert "superuser" in (startup_checks.policy_bypass_reason() or "")


def test_a_missing_policy_is_refused(
    db: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(row_level_security, "find_gaps", lambda: ["people_person has no policy", "another"])
    monkeypatch.setattr(startup_checks.connection, "close", lambda: None)
    with pytest.raises(startup_checks.RefusedToServe) as refused:
        startup_checks.refuse_owner()
    assert refused.value.code == 4
    said = capsys.readouterr().err
    assert said == "Refused to serve: people_person has no policy (and 1 more); run `manage.py migrate`.\n"
