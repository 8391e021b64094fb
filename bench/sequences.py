"""Sequences: what a tick costs with 100,000 people enrolled, and how fast two processes do their steps, each once."""

import json
import os
import resource
import subprocess
import sys
import time
from typing import Any

import django

from bench.cluster import ROOT, Servers
from bench.figures import Figure, percentile
from bench.web import run_inside
from runtime import keys

DATABASE, TENANT = "bench_sequences", "scale-1"
WORKERS = 2
# Leads that are enrolled and wait; those whose steps are due at once; and those of a quick run.
ENROLLED, DUE = 100_000, 20_000
QUICK_ENROLLED, QUICK_DUE = 20_000, 4_000
FEW = 100
TICKS = 200
# Acts that each lead whose step is due does before it waits: an email, a fork, a follow-up that does not hold.
ACTS = 3


def measure(servers: Servers, *, is_quick: bool = False) -> list[Figure]:
    """On a database of its own, for it changes what it measures."""
    enrolled, due = (QUICK_ENROLLED, QUICK_DUE) if is_quick else (ENROLLED, DUE)
    servers.drop(DATABASE)
    servers.prepare(DATABASE)
    servers.manage(DATABASE, "seed_scale", "--tenants", "1", "--jobs", str(enrolled * 3), "--verbosity", "0")
    ticks = json.loads(run_inside(servers, DATABASE, "bench.sequences", "ticks", str(enrolled)).splitlines()[-1])
    run_inside(servers, DATABASE, "bench.sequences", "prepare", str(due))
    seconds, busy = _drain(servers)
    done = json.loads(run_inside(servers, DATABASE, "bench.sequences", "count", str(due)).splitlines()[-1])
    servers.drop(DATABASE)
    return [
        Figure(
            f"tick with nothing due, {enrolled:,} to {FEW} enrolled",
            ticks["many"] / ticks["few"],
            "×",
            most=1.5,
            note=f"{ticks['few']:.2f} ms and {ticks['many']:.2f} ms, median of {TICKS}",
        ),
        Figure(f"{ticks['count']:,} leads enrolled, 5,000 at once", ticks["enrolled"], "s"),
        Figure(
            f"steps done by {WORKERS} processes",
            done["steps"] / seconds,
            "a second",
            least=1000,
            note=f"{done['steps']:,}: of {due:,} leads an email, a fork and a follow-up each; "
            f"{busy / max(done['steps'], 1) * 1000:.2f} ms of a worker’s processor a step",
        ),
        Figure("of these done twice or not at all", done["wrong"], "", most=0),
        Figure("queries of a batch of 500, to one of 50", done["queries"], "×", most=1.3),
    ]


def _drain(servers: Servers) -> tuple[float, float]:
    """Let two processes do all that is due; return the seconds, and those their processors were busy."""
    environment = servers.environment(DATABASE, SECRET_KEY=keys.secret_key(servers.folder))
    argv = [sys.executable, "-m", "bench.sequences", "drain"]
    workers = [
        subprocess.Popen(argv, env=environment, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(WORKERS)
    ]
    for worker in workers:
        assert worker.stdout is not None
        worker.stdout.readline()
    begin, before = time.perf_counter(), _busy()
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write("go\n")
        worker.stdin.flush()
    if any(worker.wait(timeout=1200) for worker in workers):
        raise RuntimeError("a worker failed")
    return time.perf_counter() - begin, _busy() - before


def _busy() -> float:
    """Return the processor seconds of the processes that ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Measure ticks, prepare, drain or count, as asked. Runs inside the product."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.config.settings")
    django.setup()
    {"ticks": _ticks, "prepare": _prepare, "drain": _drain_here, "count": _count}[sys.argv[1]]()


def _tenant() -> Any:
    from crm.platform.models import Tenant

    return Tenant.objects.get(slug=TENANT)


def _build_sequence(name: str, purpose: str, *, waits: bool) -> Any:
    from crm.automation.span import Span
    from followups.sequences.definition import SequenceDefinition, SequenceFork, SequenceWait
    from followups.sequences.models import Sequence
    from followups.sequences.presets.parts import plan, send
    from followups.sequences.registry import USUAL_STOPS

    message = send("quote_follow_up", by=("email",))
    task = plan("call", "Call", hours=40, holds=False)
    steps: tuple[Any, ...] = (message, SequenceFork("clicked"), task, SequenceWait(Span(30)), message)
    if waits:
        steps = (SequenceWait(Span(30)), *steps)
    made = Sequence.add(name, purpose, SequenceDefinition(steps, stops=USUAL_STOPS), by=None)
    made.switch("on", by=None)
    return made


def _people(count: int) -> list[Any]:
    """Return so many leads that are not on hold, each of another customer who has an address."""
    from crm.jobs.models import Job, Side
    from crm.people.models import ContactPoint

    people = ContactPoint.objects.filter(kind="email").values("person_id")
    rows = Job.objects.open().filter(person_id__in=people).exclude(side=Side.PAUSED).order_by("person_id", "pk")
    return list(rows.distinct("person_id")[:count])


def _ticks() -> None:
    """Time ticks that find nothing, with few and with many leads enrolled that wait for another day."""
    from crm.platform.tenancy.context import use_tenant
    from crm.platform.work import due
    from followups.sequences.enrolling import enrol_all

    with use_tenant(_tenant()):
        _prepare_channel()
        made = _build_sequence("Waits", "offers", waits=True)
        jobs = _people(int(sys.argv[2]))
        enrol_all(made, jobs[:FEW], by=None)
    while due.run_due_work():
        continue
    few = _median_tick()
    begin = time.perf_counter()
    for start in range(FEW, len(jobs), 5_000):
        with use_tenant(_tenant()):
            enrol_all(made, jobs[start : start + 5_000], by=None)
    enrolled = time.perf_counter() - begin
    while due.run_due_work():
        continue
    print(json.dumps({"few": few, "many": _median_tick(), "enrolled": enrolled, "count": len(jobs)}))


def _prepare_channel() -> None:
    from comms.library.seeding import create_library
    from comms.models import Channel
    from crm.platform.models import Brand

    create_library(["en"])
    for brand in Brand.objects.all():
        Channel.create(
            by=None,
            brand=brand,
            medium="email",
            role="support",
            provider="smtp",
            address=f"desk{brand.pk}@bench.example",
        )


def _median_tick() -> float:
    from crm.platform.work import due

    taken = []
    while len(taken) < TICKS:
        begin = time.perf_counter()
        if not due.run_due_work():
            taken.append(time.perf_counter() - begin)
    return percentile(taken, 0.5) * 1000


def _prepare() -> None:
    """Enrol leads whose first steps are due now; with addresses that take mail."""
    from crm.platform.tenancy.context import use_tenant
    from followups.sequences.enrolling import enrol_all

    with use_tenant(_tenant()):
        made = _build_sequence("Due", "quotes", waits=False)
        enrol_all(made, _people(int(sys.argv[2])), by=None)


def _drain_here() -> None:
    """Say that it is ready, wait for the word, and do all that is due."""
    from crm.platform.work import due

    print("ready", flush=True)
    sys.stdin.readline()
    while due.run_due_work():
        continue


def _count() -> None:
    """Count the steps, and leads for which one was done twice or not at all."""
    from django.db import connection
    from django.db.models import Count
    from django.test.utils import CaptureQueriesContext

    from comms.models import Message
    from crm.platform.tenancy.context import use_tenant
    from followups.models import FollowUp
    from followups.sequences.engine.walk import walk_due
    from followups.sequences.enrolling import enrol_all
    from followups.sequences.models import EnrolmentStep

    count = int(sys.argv[2])
    with use_tenant(_tenant()):
        steps = EnrolmentStep.objects.count()
        made = Message.objects.filter(origin__startswith="sequence:").count()
        skipped = EnrolmentStep.objects.filter(result="skipped").count()
        tasks = FollowUp.objects.filter(origin__startswith="sequence:").count()
        uneven = EnrolmentStep.objects.order_by().values("enrolment").annotate(n=Count("pk")).exclude(n=ACTS).count()
        wrong = abs(steps - ACTS * count) + abs(made + skipped - count) + abs(tasks - count) + uneven
        queries = {}
        sequence = _build_sequence("Few", "money", waits=False)
        jobs = _people(1_100)
        for size, those in ((50, jobs[:50]), (50, jobs[50:100]), (500, jobs[100:600])):
            entered = enrol_all(sequence, those, by=None).entered
            with CaptureQueriesContext(connection) as captured:
                walk_due([row.pk for row in entered])
            queries[size] = len(captured.captured_queries)
    print(json.dumps({"steps": steps, "wrong": wrong, "skipped": skipped, "queries": queries[500] / queries[50]}))


if __name__ == "__main__":
    main()
