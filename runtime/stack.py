"""The services of a demo: how each process is started, checked for readiness, and stopped."""

import http.client
import signal
import subprocess
import sys
from pathlib import Path
from typing import IO

from runtime import child
from runtime.servers import postgres, valkey
from runtime.supervisor import ServiceSpec

ROOT = Path(__file__).resolve().parents[1]
HEALTH = "/healthz"
# Postgres and Valkey are what all others wait for: they are down for no longer than that at a time.
SERVER_PAUSE = 2.0
# Where the demo's model server listens (demo/model/server.py). A loopback address that no other service uses: the demo
# may reach it, but not what listens on 127.0.0.1. The port is fixed, because the demo's data name it.
MODEL_HOST = "127.0.36.1"
MODEL_PORT = 18036
MODEL_ADDRESS = f"http://{MODEL_HOST}:{MODEL_PORT}/v1"
# As the setting has it.
IO_PROCESSES = "4"
APP = b"throughline"  # a foreign server on the same port would answer too


def postgres_service(cluster: postgres.PostgresCluster, lock: int) -> ServiceSpec:
    return ServiceSpec(
        name="postgres",
        spawn=lambda log: cluster.start(log, keep_open=[lock]),
        ready=cluster.is_ready,
        stop_signals=postgres.STOP_SIGNALS,
        ready_seconds=postgres.READY_SECONDS,
        longest_pause=SERVER_PAUSE,
    )


def valkey_service(server: valkey.ValkeyServer, lock: int) -> ServiceSpec:
    return ServiceSpec(
        name="valkey",
        spawn=lambda log: server.start(log, keep_open=[lock]),
        ready=lambda process: server.is_ready(),
        stop_signals=valkey.STOP_SIGNALS,
        ready_seconds=valkey.READY_SECONDS,
        longest_pause=SERVER_PAUSE,
    )


def python_service(
    name: str, module: list[str], env: dict[str, str], lock: int, death_signal: int = signal.SIGTERM
) -> ServiceSpec:
    """Describe a Python process of ours; `module` is what follows `python -m`. Ready as soon as it runs."""

    def spawn(log: IO[bytes]) -> subprocess.Popen[bytes]:
        return child.spawn_process(
            [sys.executable, "-m", *module], env=env, log=log, cwd=ROOT, death_signal=death_signal, keep_open=[lock]
        )

    return ServiceSpec(name=name, spawn=spawn, ready=lambda process: True)


def beat_service(env: dict[str, str], lock: int) -> ServiceSpec:
    return python_service("beat", ["celery", "--app=crm.config", "beat", "--loglevel=info"], env, lock)


def worker_service(env: dict[str, str], lock: int, *, queues: str = "celery,io") -> ServiceSpec:
    """Describe a worker; tests use one for both queues."""
    return _celery_service("worker", env, lock, f"--queues={queues}", "--concurrency=2")


def io_worker_service(env: dict[str, str], lock: int) -> ServiceSpec:
    """Describe the worker for messages and outgoing calls, which may be slow."""
    processes = env.get("IO_PROCESSES") or IO_PROCESSES
    return _celery_service("worker-io", env, lock, "--queues=io", f"--concurrency={processes}", "--hostname=io@%h")


def _celery_service(name: str, env: dict[str, str], lock: int, *options: str) -> ServiceSpec:
    celery = ["celery", "--app=crm.config", "worker", *options]
    always = ["--without-gossip", "--without-mingle", "--loglevel=info"]
    # With the supervisor gone the broker is too, and a worker that cannot reach it hangs in its farewell.
    return python_service(name, [*celery, *always], env, lock, signal.SIGKILL)


def web_service(env: dict[str, str], lock: int, *, host: str, port: int, workers: int = 2) -> ServiceSpec:
    options = [f"--bind={host}:{port}", f"--workers={workers}", "--threads=4", "--graceful-timeout=10"]
    gunicorn = ["gunicorn", "--config=python:crm.config.web_server", "crm.config.wsgi", *options]
    service = python_service("web", gunicorn, env, lock)
    service.ready = lambda process: is_answering(host, port)
    return service


def live_service(env: dict[str, str], lock: int, *, host: str, port: int) -> ServiceSpec:
    service = python_service("live", ["crm.web.live"], env | {"LIVE_BIND": host, "LIVE_PORT": str(port)}, lock)
    service.ready = lambda process: is_answering(host, port)
    return service


def model_service(env: dict[str, str], lock: int) -> ServiceSpec:
    return python_service("model", ["demo.model.server"], env, lock)


def is_answering(host: str, port: int) -> bool:
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
