"""The metrics: off by default, without tenants in their labels, summed over processes, and behind a token."""

import http.client
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from prometheus_client import REGISTRY

from crm.kernel import clock
from crm.platform.database.claims import work_ended
from crm.platform.health import heartbeats
from crm.platform.observability import endpoint, recording
from crm.platform.observability.installation_gauges import InstallationGauges
from crm.platform.replica.reading import replica_read
from crm.platform.tenancy.context import use_tenant
from crm.platform.work import due
from crm.platform.work.tasks import tick
from runtime import child
from runtime.servers.ports import free_port, is_taken
from tests.cast import Cast

ROOT = Path(__file__).resolve().parents[2]
LABELS = {"route", "status", "task", "outcome", "kind", "lane", "queue", "state", "part", "le", "name"}
IMPORTED = """
import sys, django
django.setup()
import crm.config.wsgi, crm.config.celery
switched = ("prometheus_client", "opentelemetry.instrumentation", "crm.platform.observability")
print([name for name in sys.modules if name.startswith(switched)])
"""


def read_gauges() -> dict[tuple[str, tuple[str, ...]], float]:
    samples = [sample for family in InstallationGauges().collect() for sample in family.samples]
    return {
        (sample.name.removeprefix("throughline_"), tuple(sample.labels.values())): sample.value for sample in samples
    }


def count(metric: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(f"throughline_{metric}", labels) or 0


def test_nothing_is_imported_while_it_is_off(db: None) -> None:
    process = subprocess.run([sys.executable, "-c", IMPORTED], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (process.stdout.strip(), process.returncode) == ("[]", 0), process.stderr


def test_gauges_of_work_that_waits_and_is_parked(cast: Cast) -> None:
    before = read_gauges()
    with use_tenant(cast.house.tenant):
        due.schedule_all("webhook.call", [(pk, clock.now() - timedelta(minutes=7)) for pk in (901, 902)])
        due.schedule("message.send", 903, clock.now())
    due.Due.objects.filter(subject_id=903).update(run_at=None)
    after = read_gauges()
    assert (
        after["due_waiting", ("calls", "webhook.call")] == before.get(("due_waiting", ("calls", "webhook.call")), 0) + 2
    )
    assert after["due_parked", ("calls", "message.send")] == 1
    assert after["due_oldest_seconds", ("calls",)] >= 420


def test_gauges_of_heartbeats_and_connections(db: None) -> None:
    heartbeats.note_heartbeat(heartbeats.TICK, at=clock.now() - timedelta(seconds=90))
    gauges = read_gauges()
    assert 90 <= gauges["heartbeat_age_seconds", ("tick",)] < 100
    assert sum(value for (name, _labels), value in gauges.items() if name == "database_connections") >= 1


def test_a_gauge_that_cannot_be_read_is_counted(db: None) -> None:
    assert read_gauges()["unread_gauges", ()] == 1, "no Valkey answers"


def test_gauges_of_the_brokers_queues(db: None, running_valkey: str) -> None:
    gauges = read_gauges()
    assert gauges["broker_queue_length", ("io",)] == gauges["unread_gauges", ()] == 0


def test_no_label_names_a_tenant_or_a_person(cast: Cast, client: Client) -> None:
    client.force_login(cast.house.ada.user)
    middleware = recording.count_requests(lambda request: client.get(request.path).wsgi_request and HttpResponse())
    middleware(RequestFactory().get(f"/{cast.house.tenant.slug}/leads/"))
    families = [*InstallationGauges().collect(), *REGISTRY.collect()]
    ours = [sample for family in families for sample in family.samples if sample.name.startswith("throughline_")]
    assert {name for sample in ours for name in sample.labels} <= LABELS
    values = " ".join(value for sample in ours for value in sample.labels.values())
    assert not [word for word in (cast.house.tenant.slug, cast.house.ada.user.email, "Ada") if word in values]


def test_a_request_is_counted_by_the_name_of_its_route(rf: RequestFactory) -> None:
    def answer(request: HttpRequest) -> HttpResponse:
        request.resolver_match = type("Match", (), {"view_name": "leads:list"})()  # type: ignore[assignment]
        return HttpResponse(status=422)

    before = count("requests_total", route="leads:list", status="422")
    recording.count_requests(answer)(rf.get("/acme/leads/"))
    assert count("requests_total", route="leads:list", status="422") == before + 1


def test_an_address_that_leads_nowhere_is_no_label(rf: RequestFactory) -> None:
    assert recording.route_name(rf.get("/made/up/by/a/stranger")) == recording.UNKNOWN_ROUTE


def test_a_task_is_counted_by_its_outcome() -> None:
    before = count("tasks_total", task="platform.tick", outcome="failure")
    recording.note_begin(task_id="one")
    recording.count_task(task_id="one", task=tick, state="FAILURE")
    assert count("tasks_total", task="platform.tick", outcome="failure") == before + 1


@pytest.fixture
def counting() -> Iterator[None]:
    recording.connect_signals()
    yield
    work_ended.disconnect(recording.count_work)


def test_due_work_is_counted_by_kind_and_outcome(cast: Cast, counting: None) -> None:
    with use_tenant(cast.house.tenant):
        due.schedule("test.unknown", 1, clock.now())
    due.run_due_work()
    assert count("work_total", kind="test.unknown", outcome="failed") == 1


@pytest.fixture
def serve(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], int]]:
    """Serve the metrics with a token; return the port."""
    servers = []

    def start(token: str) -> int:
        monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))
        settings.METRICS_PORT, settings.METRICS_BIND, settings.METRICS_TOKEN = free_port(), "127.0.0.1", token
        server = endpoint.start_endpoint(with_gauges=False)
        assert server
        servers.append(server)
        return int(settings.METRICS_PORT)

    yield start
    work_ended.disconnect(recording.count_work)
    for server in servers:
        server.shutdown()
        server.server_close()


def scrape(port: int, token: str = "", path: str = "/metrics") -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path, headers={"Authorization": f"Bearer {token}"} if token else {})
    response = connection.getresponse()
    return response.status, response.read().decode()


@pytest.mark.parametrize(
    ("token", "path", "status"), [("right", "/metrics", 200), ("wrong", "/metrics", 404), ("right", "/", 404)]
)
def test_a_scrape_needs_the_token(serve: Callable[[str], int], token: str, path: str, status: int) -> None:
    assert scrape(serve("right"), token, path)[0] == status


def test_an_open_port_without_a_token_is_refused(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))
    settings.METRICS_PORT, settings.METRICS_BIND, settings.METRICS_TOKEN = free_port(), "0.0.0.0", ""
    assert endpoint.start_endpoint(with_gauges=False) is None


def sum_of(text: str, status: str) -> float:
    lines = re.findall(rf'^throughline_requests_total{{route="healthz",status="{status}"}} (\S+)$', text, re.MULTILINE)
    return sum(float(value) for value in lines)


@pytest.mark.servers
def test_gunicorns_processes_are_summed_and_a_killed_one_stays_counted(tmp_path: Path, db: None) -> None:
    port, metrics_port, log_file = free_port(), free_port(), tmp_path / "log"
    env = os.environ | {"METRICS_PORT": str(metrics_port), "METRICS_FOLDER": str(tmp_path / "metrics")}
    argv = [sys.executable, "-m", "gunicorn", "--config=python:crm.config.web_server", f"--bind=127.0.0.1:{port}"]
    with log_file.open("wb") as log:
        process = child.spawn_process([*argv, "--workers=2", "crm.config.wsgi"], cwd=ROOT, log=log, env=env)
    try:
        child.wait_until(lambda: is_taken(metrics_port), process, seconds=120, refusal=log_file.read_text)
        pids = set()
        for _ in range(200):
            assert scrape(port, path="/healthz")[0] == 200
            pids = {name.stem.split("_")[-1] for name in (tmp_path / "metrics").glob("*/counter_*.db")}
        assert sum_of(scrape(metrics_port)[1], "200") == 200
        killed = pids.pop()
        os.kill(int(killed), signal.SIGKILL)
        # Until it is gone it may still be given a connection, and reset it.
        child.wait_until(lambda: not Path(f"/proc/{killed}").exists(), process, seconds=60, refusal=log_file.read_text)
        child.wait_until(
            lambda: scrape(port, path="/healthz")[0] == 200, process, seconds=60, refusal=log_file.read_text
        )
        assert sum_of(scrape(metrics_port)[1], "200") >= 201
    finally:
        child.stop_process(process, (15,), grace=20)


def test_reads_that_may_use_the_replica_are_counted_by_where_they_were_answered() -> None:
    recording.connect_signals()
    before = count("replica_reads_total", name="reports:dashboard", outcome="late")
    replica_read.send(None, name="reports:dashboard", outcome="late")
    assert count("replica_reads_total", name="reports:dashboard", outcome="late") == before + 1
