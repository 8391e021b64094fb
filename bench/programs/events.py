"""Events that are polled over the API while several processes write them and commit out of order."""

import http.client
import json
import os
import random
import subprocess
import sys
import time
from dataclasses import dataclass, field
from typing import Any

import django

from bench.cluster import ROOT, Servers
from bench.figures import Figure
from bench.web import run_inside, serving
from runtime import keys

DATABASE, MODULE, JOBS, SLUG = "bench_events", "bench.programs.events", 1_000, "scale-1"
EVENTS = int(os.environ.get("BENCH_EVENTS", "100000"))
WRITERS, AT_ONCE, KIND = 3, 50, "lead.won"


@dataclass
class Poll:
    """The state of a poller: ids in their order, and where it goes on."""

    ids: list[int] = field(default_factory=list)
    after: str = "latest"


def measure(servers: Servers) -> list[Figure]:
    """Measure on a separate database."""
    servers.drop(DATABASE)
    servers.prepare(DATABASE)
    servers.manage(DATABASE, "seed_scale", "--jobs", str(JOBS), "--verbosity", "0")
    token = json.loads(run_inside(servers, DATABASE, MODULE, "prepare"))
    with serving(servers, DATABASE) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        poll = Poll()
        _read_on(connection, port, token, poll)
        begin = time.perf_counter()
        writers = [_start_writer(servers, EVENTS // WRITERS) for _writer in range(WRITERS)]
        while any(writer.poll() is None for writer in writers):
            _read_on(connection, port, token, poll)
        written = time.perf_counter() - begin
        while _read_on(connection, port, token, poll):
            pass
        seconds = time.perf_counter() - begin
    stored = json.loads(run_inside(servers, DATABASE, MODULE, "stored"))
    servers.drop(DATABASE)
    missing = len(set(stored) - set(poll.ids))
    note = f"{len(stored):,} written by {WRITERS} processes in {written:.0f} s"
    return [
        Figure("events polled over the API", len(poll.ids) / seconds, "a second", note=note),
        Figure("events missed by a poller", missing, most=0),
        Figure("events polled twice", len(poll.ids) - len(set(poll.ids)), most=0),
    ]


def _start_writer(servers: Servers, count: int) -> "subprocess.Popen[bytes]":
    environment = servers.environment(DATABASE, SECRET_KEY=keys.secret_key(servers.folder))
    argv = [sys.executable, "-m", MODULE, "write", str(count)]
    return subprocess.Popen(argv, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL)


def _read_on(connection: http.client.HTTPConnection, port: int, token: str, poll: Poll) -> int:
    """Ask once; return how many events came."""
    headers = {"Host": f"localhost:{port}", "Authorization": f"Bearer {token}"}
    connection.request("GET", f"/api/v1/events/?types={KIND}&limit=100&after={poll.after}", headers=headers)
    response = connection.getresponse()
    body = json.loads(response.read())
    if response.status == 429:
        time.sleep(int(response.headers["Retry-After"]))
        return 1
    if response.status != 200:
        raise RuntimeError(f"the feed answers {response.status}: {body}")
    poll.ids += [event["id"] for event in body["results"]]
    poll.after = body["next"].rpartition("after=")[2].partition("&")[0]
    if not body["has_more"]:
        time.sleep(0.05)
    return len(body["results"])


def main() -> None:
    """Act inside the product: create a token, write events, list those that are stored."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.config.settings")
    django.setup()
    acts: dict[str, Any] = {"prepare": _prepare, "write": _write, "stored": _list_stored}
    print(json.dumps(acts[sys.argv[1]](*sys.argv[2:])))


def _tenant() -> Any:
    from crm.platform.models import Tenant

    return Tenant.objects.get(slug=SLUG)


def _prepare() -> str:
    from api.models import ApiToken
    from crm.platform.models import Member, Role
    from crm.platform.tenancy.context import use_tenant

    with use_tenant(_tenant()):
        member = Member.objects.filter(role__in=(Role.ADMIN, Role.MANAGER)).first()
        return str(ApiToken.create("Bench", member, by=None)[1])


def _write(count: str) -> int:
    from crm.jobs.models import Job
    from crm.platform.events import events
    from crm.platform.events.events import EventDraft
    from crm.platform.tenancy.context import use_tenant

    tenant = _tenant()
    with use_tenant(tenant):
        jobs = list(Job.objects.only("tenant_id")[:200])
    left = int(count)
    while left > 0:
        size = min(left, random.randrange(1, 2 * AT_ONCE))
        with use_tenant(tenant):
            drafts = [EventDraft(KIND, job, {}, job.pk) for job in random.choices(jobs, k=size)]
            events.record_all(drafts, by=None)
            # The others commit what has greater ids meanwhile.
            time.sleep(random.random() * 0.02)
        left -= size
    return int(count)


def _list_stored() -> list[int]:
    from crm.platform.models import Event
    from crm.platform.tenancy.context import use_tenant

    with use_tenant(_tenant()):
        return list(Event.objects.filter(kind=KIND, actor=None).values_list("pk", flat=True))


if __name__ == "__main__":
    main()
