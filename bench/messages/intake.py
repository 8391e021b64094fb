"""Leads that are posted: fifty a second to the endpoint while a worker reads them, and with the broker down.

The web server, the worker, the database and whoever posts share the machine's cores, as everything here does.
"""

import http.client
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import django

from bench.cluster import ROOT, Servers
from bench.figures import Figure, percentile
from bench.web import run_inside, serving
from runtime import keys

DATABASE, MODULE, JOBS = "bench_intake", "bench.messages.intake", 2_000
# Posts a second and how many senders share them; how many come first, and while there is no broker; for how long.
RATE, SENDERS, WARM, WITHOUT_BROKER = 50, 10, 40, 200
SECONDS = int(os.environ.get("BENCH_SECONDS", "30"))
# Nothing listens there.
NOWHERE = "redis://127.0.0.1:1/0"


def measure(servers: Servers) -> list[Figure]:
    """On a database of its own."""
    servers.drop(DATABASE)
    servers.prepare(DATABASE)
    servers.manage(DATABASE, "seed_scale", "--jobs", str(JOBS), "--verbosity", "0")
    door = json.loads(run_inside(servers, DATABASE, MODULE, "prepare"))
    times: list[float] = []
    with serving(servers, DATABASE) as port:
        # The first ones open connections and fill caches.
        _post_all(port, door, "warm", WARM, RATE, [])
        worker = _worker(servers, WARM + RATE * SECONDS)
        _post_all(port, door, "lead", RATE * SECONDS, RATE, times)
        worker.wait(timeout=600)
    with serving(servers, DATABASE, REDIS_URL=NOWHERE) as port:
        _post_all(port, door, "alone", WITHOUT_BROKER, RATE, [])
    sent = WARM + RATE * SECONDS + WITHOUT_BROKER
    _worker(servers, sent).wait(timeout=600)
    found = json.loads(run_inside(servers, DATABASE, MODULE, "count"))
    servers.drop(DATABASE)
    note = f"p50 {percentile(times, 0.5) * 1000:.0f} ms of {len(times):,} posts"
    lost = f"{WITHOUT_BROKER} of {sent:,} came while the broker was down"
    return [
        Figure(f"a posted lead, {RATE} a second, p95", percentile(times, 0.95) * 1000, "ms", most=60, note=note),
        Figure("leads lost or doubled", abs(found["leads"] - sent) + found["waiting"], most=0, note=lost),
    ]


def _worker(servers: Servers, count: int) -> "subprocess.Popen[bytes]":
    """A worker that works until so many are read, or nothing has been for a while."""
    environment = servers.environment(DATABASE, SECRET_KEY=keys.secret_key(servers.folder))
    argv = [sys.executable, "-m", MODULE, "read", str(count)]
    return subprocess.Popen(argv, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL)


def _post_all(port: int, door: dict[str, str], key: str, count: int, rate: int, times: list[float]) -> None:
    """Post so many leads at a steady rate, each at its own instant whatever became of the one before."""
    begin = time.perf_counter() + 0.2
    senders = [
        threading.Thread(target=_post, args=(port, door, key, range(nth, count, SENDERS), begin, rate, times))
        for nth in range(SENDERS)
    ]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()


def _post(port: int, door: dict[str, str], key: str, mine: range, begin: float, rate: int, times: list[float]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Host": f"localhost:{port}", "Authorization": f"Bearer {door['token']}"}
    for number in mine:
        time.sleep(max(0.0, begin + number / rate - time.perf_counter()))
        said = {"name": f"Ann {key} {number}", "email": f"{key}{number}@mail.example", "message": "A new roof"}
        said |= {"utm_source": "google", "utm_campaign": "spring", "gclid": f"c{number}"}
        more = {"Content-Type": "application/json", "Idempotency-Key": f"{key}-{number}"}
        started = time.perf_counter()
        connection.request("POST", door["path"], json.dumps(said), headers | more)
        response = connection.getresponse()
        response.read()
        times.append(time.perf_counter() - started)
        if response.status != 202:
            raise RuntimeError(f"the endpoint answers {response.status}")


def main() -> None:
    """Act inside the product: open a door, read what waits, count what came of it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.config.settings")
    django.setup()
    acts: dict[str, Callable[..., Any]] = {"prepare": _prepare, "read": _read, "count": _count}
    print(json.dumps(acts[sys.argv[1]](*sys.argv[2:])))


def _tenant() -> Any:
    from crm.platform.models import Tenant

    return Tenant.objects.get(slug="scale-1")


def _prepare() -> dict[str, str]:
    from crm.platform.organization.configuration import directory
    from crm.platform.tenancy.context import use_tenant
    from leads.intake.address import token_of, url_of
    from leads.models import IntakeDoor

    with use_tenant(_tenant()):
        door = IntakeDoor.add("Bench", IntakeDoor.DoorKind.JSON, directory().default_brand, by=None)
        return {"path": "/" + url_of(door).split("/", 3)[3], "token": token_of(door)}


def _read(count: str) -> str:
    """Work as a worker's tick does, until so many are read; a minute without another says that they never will be."""
    from crm.platform.work import due

    seen, since = 0, time.monotonic()
    while seen < int(count) and time.monotonic() - since < 60:
        if not due.run_due_work():
            time.sleep(0.05)
        if (found := _count()["leads"]) > seen:
            seen, since = found, time.monotonic()
    return ""


def _count() -> dict[str, int]:
    from crm.platform.tenancy.context import use_tenant
    from leads.models import Lead, Submission

    with use_tenant(_tenant()):
        read = Submission.objects.filter(state=Submission.SubmissionState.READ)
        opened = Lead.objects.filter(pk__in=read.values("lead")).count()
        return {"leads": opened, "waiting": Submission.objects.exclude(state=Submission.SubmissionState.READ).count()}


if __name__ == "__main__":
    main()
