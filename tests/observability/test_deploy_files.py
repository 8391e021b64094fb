"""The files under deploy/: each metric of the dashboard and the alerts exists, and Postgres logs plans."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import psycopg
import pytest
import yaml
from prometheus_client import REGISTRY

from crm.config import web_server
from crm.platform.observability import metrics
from crm.platform.observability.installation_gauges import InstallationGauges
from runtime import child
from runtime.servers import postgres
from runtime.servers.ports import free_port

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
ALERTS = DEPLOY / "prometheus" / "alerts.yml"
_METRIC = re.compile(r"throughline_[a-z_]+")
_CLIENT_SECONDS = re.compile(r"timeout client (\d+)s")


def names_in_use() -> dict[str, set[str]]:
    dashboard = json.loads((DEPLOY / "grafana" / "throughline.json").read_text())
    queries = [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
    rules = [rule["expr"] for group in yaml.safe_load(ALERTS.read_text())["groups"] for rule in group["rules"]]
    texts = {"dashboard": queries, "alerts": rules}
    return {about: set(_METRIC.findall(" ".join(lines))) for about, lines in texts.items()}


def names_of_the_product() -> set[str]:
    source = (Path(metrics.__file__).parent / "installation_gauges.py").read_text()
    counted = {family.name for family in REGISTRY.collect() if family.name.startswith("throughline_")}
    suffixed = {f"{name}{suffix}" for name in counted for suffix in ("", "_total", "_bucket", "_count", "_sum")}
    return suffixed | set(_METRIC.findall(source))


def test_the_load_balancer_closes_a_connection_before_web_does() -> None:
    configuration = (DEPLOY / "cluster" / "haproxy-front.cfg").read_text()
    assert web_server.keepalive > max(map(int, _CLIENT_SECONDS.findall(configuration)))


@pytest.mark.parametrize("about", ["dashboard", "alerts"])
def test_every_metric_in_use_exists(about: str) -> None:
    in_use = names_in_use()[about]
    assert in_use
    assert in_use <= names_of_the_product()


def test_every_gauge_that_is_read_is_on_the_dashboard(db: None, running_valkey: str) -> None:
    assert {family.name for family in InstallationGauges().collect()} <= names_in_use()["dashboard"]


@pytest.mark.skipif(not shutil.which("promtool"), reason="promtool (package prometheus) is not installed")
def test_promtool_accepts_the_rules() -> None:
    process = subprocess.run(["promtool", "check", "rules", str(ALERTS)], capture_output=True, text=True, check=False)
    assert process.returncode == 0, process.stdout + process.stderr


@pytest.mark.servers
def test_postgres_logs_the_plan_of_a_slow_statement(tmp_path: Path) -> None:
    lines = (DEPLOY / "postgres" / "slow-queries.conf").read_text().splitlines()
    pairs = [line.partition("#")[0].partition("=") for line in lines if "=" in line.partition("#")[0]]
    options = {name.strip(): value.strip().strip("'") for name, _equals, value in pairs}
    cluster = postgres.PostgresCluster(tmp_path, free_port(), "tests", options | {"fsync": "off"})
    tmp_path.chmod(0o711)
    cluster.create()
    server = cluster.start_ready(tmp_path / "log")
    try:
        with psycopg.connect(cluster.admin_url) as connection:
            connection.execute("select count(*), pg_sleep(0.6) from pg_class where relkind = %s", ["r"])
    finally:
        child.stop_process(server, postgres.STOP_SIGNALS, grace=10)
    log = (tmp_path / "log").read_text()
    assert "plan:" in log
    assert "Scan on pg_class" in log or "Index" in log
    assert "Parameters" not in log
