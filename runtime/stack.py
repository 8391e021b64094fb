"""The services of a demo: how each process is started, known to be ready, and stopped."""

import http.client
import signal
import subprocess
import sys
from pathlib import Path
from typing import IO

from runtime import child
from runtime.servers import postgres, valkey
from runtime.supervisor import Service

ROOT = Path(__file__).resolve().parents[1]
HEALTH = "/healthz"
# Postgres and Valkey are what all others wait for: they are down for no longer than that at a time.
SERVER_PAUSE = 2.0
# As the setting has it.
IO_PROCESSES = "4"
APP = b"throughline"  # a foreign server on the same port would answer too


def postgres_service(cluster: postgres.Cluster, lock: int) -> Service:
    return Service(
        name="postgres",
        spawn=lambda log: cluster.start(log, keep_open=[lock]),
        ready=cluster.is_ready,
        stop_signals=postgres.STOP_SIGNALS,
        ready_seconds=postgres.READY_SECONDS,
        longest_pause=SERVER_PAUSE,
    )


def valkey_service(server: valkey.Valkey, lock: int) -> Service:
    return Service(
        name="valkey",
        spawn=lambda log: server.start(log, keep_open=[lock]),
        ready=lambda process: server.is_ready(),
        stop_signals=valkey.STOP_SIGNALS,
        ready_seconds=valkey.READY_SECONDS,
        longest_pause=SERVER_PAUSE,
    )


def python_service(
    name: str, module: list[str], env: dict[str, str], lock: int, death_signal: int = signal.SIGTERM
) -> Service:
    """Describe a Python process of ours; `module` is what follows `python -m`. Ready as soon as it runs."""

    def spawn(log: IO[bytes]) -> subprocess.Popen[bytes]:
        return child.spawn(
            [sys.executable, "-m", *module], env=env, log=log, cwd=ROOT, death_signal=death_signal, keep_open=[lock]
        )

    return Service(name=name, spawn=spawn, ready=lambda process: True)


def beat(env: dict[str, str], lock: int) -> Service:
    return python_service("beat", ["celery", "--app=crm.config", "beat", "--loglevel=info"], env, lock)


def worker(env: dict[str, str], lock: int, *, queues: str = "celery,io") -> Service:
    """Describe a worker; one for both queues is for tests, where nobody is slow."""
    return _worker("worker", env, lock, f"--queues={queues}", "--concurrency=2")


def io_worker(env: dict[str, str], lock: int) -> Service:
    """Describe the worker that sends messages and calls others: what is slow there holds up nothing here."""
    processes = env.get("IO_PROCESSES") or IO_PROCESSES
    return _worker("worker-io", env, lock, "--queues=io", f"--concurrency={processes}", "--hostname=io@%h")


def _worker(name: str, env: dict[str, str], lock: int, *options: str) -> Service:
    celery = ["celery", "--app=crm.config", "worker", *options]
    always = ["--without-gossip", "--without-mingle", "--loglevel=info"]
    # With the supervisor gone the broker is too, and a worker that cannot reach it hangs in its farewell.
    return python_service(name, [*celery, *always], env, lock, signal.SIGKILL)


def web(env: dict[str, str], lock: int, *, host: str, port: int, workers: int = 2) -> Service:
    options = [f"--bind={host}:{port}", f"--workers={workers}", "--threads=4", "--graceful-timeout=10"]
    gunicorn = ["gunicorn", "--config=python:crm.config.web_server", "crm.config.wsgi", *options]
    service = python_service("web", gunicorn, env, lock)
    service.ready = lambda process: answers(host, port)
    return service


def live(env: dict[str, str], lock: int, *, host: str, port: int) -> Service:
    service = python_service("live", ["crm.web.live"], env | {"LIVE_BIND": host, "LIVE_PORT": str(port)}, lock)
    service.ready = lambda process: answers(host, port)
    return service


def answers(host: str, port: int) -> bool:
    """Tell whether the product's health page answers. Not by urllib: it would ask a proxy from the environment."""
    everywhere = host == "0.0.0.0"  # noqa: S104 (asked for by BIND)
    connection = http.client.HTTPConnection("127.0.0.1" if everywhere else host, port, timeout=5)
    try:
        connection.request("GET", HEALTH, headers={"Host": f"localhost:{port}"})
        response = connection.getresponse()
        return response.status == 200 and APP in response.read(1000)
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
