"""Webhooks that are called for events while one of them hangs: how late each delivery is, from event to receipt.

The writer, the dispatcher, the processes of the queue `io`, the database and the other side share the machine. Workers
run for a while before the events that count: each job's first event, which opens a project and welcomes the customer,
is delivered before, to all webhooks. From the first event that counts on, one of them hangs.
"""

import asyncio
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Any

import django

from bench.cluster import ROOT, Servers
from bench.figures import Figure, percentile
from bench.web import run_inside
from runtime import keys
from runtime.servers.ports import free_port

DATABASE, MODULE, JOBS, SLUG, KIND = "bench_webhooks", "bench.programs.webhooks", 1_000, "scale-1", "lead.won"
# Webhooks beside the one that hangs; deliveries a second to them all; for how long; and processes that call.
WEBHOOKS, RATE, PROCESSES = 10, int(os.environ.get("BENCH_RATE", "500")), 4
SECONDS = int(os.environ.get("BENCH_SECONDS", "30"))
# Jobs that have events, and seconds within which the deliveries of one kind must end.
WITH_EVENTS, LONGEST = 200, 120


class OtherSide:
    """Answers each request at once, but for that of the webhook that hangs; and knows how late they were.

    It keeps connections, as web servers do.
    """

    def __init__(self) -> None:
        self.port = free_port()
        self.delays: list[float] = []
        self.ids: list[tuple[str, int]] = []
        self.is_hanging = False
        self.hanging = 0

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Read the requests of a connection and answer them, until it is closed or the measurement ends."""
        with suppress(asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            while await self._answer_request(reader, writer):
                pass
        writer.close()

    def begin_hanging(self) -> None:
        """Have one webhook hang from now on, and forget what was received."""
        self.is_hanging = True
        self.delays.clear()
        self.ids.clear()

    def wait_for(self, count: int) -> None:
        """Wait for so many deliveries, or until it takes too long."""
        ends = time.monotonic() + LONGEST
        while len(self.ids) < count and time.monotonic() < ends:
            time.sleep(0.1)

    async def _answer_request(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Answer a request. Returns False if the connection is kept no longer."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        headers = dict(line.lower().split(": ", 1) for line in head.splitlines()[1:] if line)
        event = json.loads(await reader.readexactly(int(headers["content-length"])))
        path = head.split()[1]
        if path == "/hang" and self.is_hanging:
            self.hanging += 1
            await asyncio.sleep(60)
            return False
        # The events of the webhook that hangs later are not counted while it works.
        if path != "/hang":
            self.delays.append((datetime.now(UTC) - datetime.fromisoformat(event["at"])).total_seconds())
            self.ids.append((path, event["id"]))
        writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")
        await writer.drain()
        return True

    @contextmanager
    def running(self) -> Iterator[None]:
        """Serve in a thread."""
        loop = asyncio.new_event_loop()
        thread = threading.Thread(target=loop.run_forever, daemon=True)
        thread.start()
        server = asyncio.run_coroutine_threadsafe(asyncio.start_server(self.answer, "127.0.0.1", self.port), loop)
        server.result(timeout=10)
        yield
        asyncio.run_coroutine_threadsafe(_cancel_others(), loop).result(timeout=10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(timeout=10)


async def _cancel_others() -> None:
    """End the answers that are under way, such as those of the webhook that hangs."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


def measure(servers: Servers) -> list[Figure]:
    """Measure on a separate database."""
    servers.drop(DATABASE)
    servers.prepare(DATABASE)
    servers.manage(DATABASE, "seed_scale", "--jobs", str(JOBS), "--verbosity", "0")
    other = OtherSide()
    wanted = RATE * SECONDS
    with other.running():
        run_inside(servers, DATABASE, MODULE, "prepare", str(other.port))
        workers = [_start(servers, "call") for _process in range(PROCESSES)]
        workers.append(_start(servers, "dispatch"))
        try:
            run_inside(servers, DATABASE, MODULE, "begin")
            other.wait_for(WITH_EVENTS * WEBHOOKS)
            other.begin_hanging()
            _start(servers, "write").wait(timeout=SECONDS + LONGEST)
            other.wait_for(wanted)
        finally:
            for worker in workers:
                worker.kill()
    servers.drop(DATABASE)
    note = f"p50 {percentile(other.delays, 0.5):.2f} s, p95 {percentile(other.delays, 0.95):.2f} s"
    hung = f"{other.hanging} calls of the webhook that hangs"
    return [
        Figure(f"a delivery of {RATE} a second, the latest", max(other.delays), "s", most=5, note=note),
        Figure("deliveries missing", wanted - len(set(other.ids)), most=0, note=hung),
        Figure("deliveries made twice", len(other.ids) - len(set(other.ids)), most=0),
    ]


def _start(servers: Servers, act: str) -> "subprocess.Popen[bytes]":
    more = {"PRIVATE_HOSTS": "127.0.0.1", "IO_PROCESSES": str(PROCESSES)}
    environment = servers.environment(DATABASE, SECRET_KEY=keys.secret_key(servers.folder), **more)
    argv = [sys.executable, "-m", MODULE, act]
    return subprocess.Popen(argv, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL)


def main() -> None:
    """Act inside the product: subscribe, write events, dispatch them, call."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.config.settings")
    django.setup()
    acts: dict[str, Any] = {"prepare": _prepare, "begin": _begin, "write": _write, "dispatch": _dispatch, "call": _call}
    acts[sys.argv[1]](*sys.argv[2:])


def _tenant() -> Any:
    from crm.platform.models import Tenant

    return Tenant.objects.get(slug=SLUG)


def _prepare(port: str) -> None:
    from api.models import EventSubscription
    from crm.automation.models import Webhook
    from crm.platform.models import Member, Role
    from crm.platform.tenancy.context import use_tenant

    for path in ("hang", *map(str, range(WEBHOOKS))):
        with use_tenant(_tenant()):
            member = Member.objects.filter(role__in=(Role.ADMIN, Role.MANAGER)).first()
            webhook, _secret = Webhook.add(f"Bench {path}", f"http://127.0.0.1:{port}/{path}", by=member)
            EventSubscription.subscribe(webhook, [KIND], member=member, by=member)


def _jobs() -> list[Any]:
    from crm.jobs.models import Job

    return list(Job.objects.only("tenant_id").order_by("pk")[:WITH_EVENTS])


def _begin() -> None:
    """Record the first event of each job."""
    from crm.platform.events import events
    from crm.platform.tenancy.context import use_tenant

    with use_tenant(_tenant()):
        for job in _jobs():
            events.record(KIND, subject=job, by=None, job_id=job.pk)


def _write() -> None:
    """Record events at a steady rate, each at its own instant whatever became of the one before."""
    from crm.platform.events import events
    from crm.platform.tenancy.context import use_tenant

    tenant = _tenant()
    with use_tenant(tenant):
        jobs = _jobs()
    rate = RATE / WEBHOOKS
    begin = time.perf_counter()
    for number in range(round(rate * SECONDS)):
        time.sleep(max(0.0, begin + number / rate - time.perf_counter()))
        job = jobs[number % len(jobs)]
        with use_tenant(tenant):
            events.record(KIND, subject=job, by=None, job_id=job.pk)


def _dispatch() -> None:
    from crm.platform.events.events import dispatch_events

    while True:
        if not dispatch_events():
            time.sleep(0.05)


def _call() -> None:
    from crm.platform.work.due_io import run_io

    while True:
        if not run_io():
            time.sleep(0.05)


if __name__ == "__main__":
    main()
