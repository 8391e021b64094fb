"""What the bench of sequences has done inside the product: a process that reads commands and answers each, as JSON."""

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.config.settings")
django.setup()

from django.db import connection  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from bench.figures import percentile  # noqa: E402
from comms.library.seeding import create_library  # noqa: E402
from comms.models import Channel, Message  # noqa: E402
from crm.automation.span import Span  # noqa: E402
from crm.jobs.models import Job, Side  # noqa: E402
from crm.kernel import clock  # noqa: E402
from crm.people.models import ContactPoint  # noqa: E402
from crm.platform.models import Brand, Tenant  # noqa: E402
from crm.platform.tenancy.context import use_tenant  # noqa: E402
from crm.platform.work import due  # noqa: E402
from followups.models import FollowUp  # noqa: E402
from followups.sequences.definition import (  # noqa: E402
    SequenceAct,
    SequenceDefinition,
    SequenceFork,
    SequenceNode,
    SequenceStep,
    SequenceWait,
)
from followups.sequences.engine.states import STEP  # noqa: E402
from followups.sequences.engine.walk import walk_due  # noqa: E402
from followups.sequences.enrolling import enrol_all  # noqa: E402
from followups.sequences.models import Enrolment, EnrolmentStep, Sequence  # noqa: E402
from followups.sequences.preset_entries import add_from_preset, sequence_presets  # noqa: E402
from followups.sequences.presets.parts import plan, send  # noqa: E402
from followups.sequences.registry import USUAL_STOPS  # noqa: E402
from followups.sequences.setup import MESSAGE, TASK  # noqa: E402

TENANT = "scale-1"
FEW = 100
TICKS = 200
# Autovacuum looks at the tables every minute.
VACUUM_SECONDS = 150
CHUNK = 5_000
LONG = SequenceWait(Span(30))
# Leads taken so far, in the order of their customers: each is in one sequence.
_taken = 0
# The sequence whose steps are measured, where it is not the packs.
_measured: list[int] = []


def measure_ticks(count: int) -> dict[str, Any]:
    """Time ticks that find nothing, with few and with many leads enrolled that wait for another day."""
    with use_tenant(_tenant()):
        _prepare_channels()
        waits = _add_sequence("Waits", (LONG, send("quote_follow_up", by=("email",))))
        jobs = _take_leads(count)
        enrol_all(waits, jobs[:FEW], by=None)
    drain()
    _wait_for_vacuum()
    few_ms = _median_tick()
    begin = time.perf_counter()
    for start in range(FEW, len(jobs), CHUNK):
        with use_tenant(_tenant()):
            enrol_all(waits, jobs[start : start + CHUNK], by=None)
    seconds = time.perf_counter() - begin
    drain()
    at_once_ms = _median_tick()
    _wait_for_vacuum()
    many_ms = _median_tick()
    counts = {"count": len(jobs), "few": FEW, "ticks": TICKS}
    return counts | {"few_ms": few_ms, "at_once_ms": at_once_ms, "many_ms": many_ms, "seconds": seconds}


def _wait_for_vacuum() -> None:
    """Wait until autovacuum has removed the dead entries of scheduled work, which come before those that wait.

    A tick reads the earliest time from the index, and steps over all that was due before it.
    """
    deadline = time.monotonic() + VACUUM_SECONDS
    while time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute("select n_dead_tup < 1000 from pg_stat_user_tables where relname = 'platform_due'")
            if cursor.fetchone()[0]:
                return
        time.sleep(1)


def drain() -> tuple[float, float]:
    """Do all that is due; return the seconds for which this process was busy, and Postgres for it."""
    begin, before = time.process_time(), _database_seconds()
    while due.run_due_work():
        continue
    return time.process_time() - begin, _database_seconds() - before


def _database_seconds() -> float:
    """Return the processor seconds that Postgres has used for this process's connection."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_backend_pid()")
        fields = Path(f"/proc/{cursor.fetchone()[0]}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def enter_packs(leads: int) -> int:
    """Enrol so many leads in each pack; return how many packs there are."""
    with use_tenant(_tenant()):
        packs = [add_from_preset(preset, by=None) for preset in sequence_presets()]
        for pack in packs:
            pack.switch("on", by=None)
            enrol_all(pack, _take_leads(leads), by=None)
        _measured[:] = [pack.pk for pack in packs]
    return len(packs)


def enter_kind(kind: str, leads: int) -> int:
    """Enrol leads in a sequence whose first step is of one kind, and after which they wait."""
    with use_tenant(_tenant()):
        made = _add_sequence(f"Measured {kind}", _steps_of(kind))
        _measured[:] = [made.pk]
        for start in range(0, leads, CHUNK):
            enrol_all(made, _take_leads(min(CHUNK, leads - start)), by=None)
    return leads


def pass_waits() -> int:
    """Let all waits of the measured sequences be over and their follow-ups done; return how many go on."""
    with use_tenant(_tenant()):
        rows = Enrolment.objects.filter(sequence_id__in=_measured, state="active", begun_at__isnull=False)
        ids = list(rows.values_list("pk", flat=True))
        now = clock.now()
        rows.update(next_at=now, task=None)
        for start in range(0, len(ids), CHUNK):
            due.schedule_all(STEP, [(pk, now) for pk in ids[start : start + CHUNK]])
    return len(ids)


def count_steps() -> dict[str, Any]:
    """Count the steps that the measured enrolments have done, by kind."""
    counts = dict.fromkeys(("messages", "follow-ups", "forks", "others", "waits"), 0)
    with use_tenant(_tenant()):
        skipped = EnrolmentStep.objects.filter(enrolment__sequence_id__in=_measured, result="skipped").count()
        for enrolment, results in _walks():
            for node in _path(enrolment.version.nodes, results):
                counts[_kind_of(node.step)] += 1
    return {"steps": counts, "skipped": skipped}


def count_wrong() -> int:
    """Count steps that were done twice or not at all, by what they made and by their records."""
    with use_tenant(_tenant()):
        steps = EnrolmentStep.objects.all()
        messages = Message.objects.filter(origin__startswith="sequence:")
        tasks = FollowUp.objects.filter(origin__startswith="sequence:")
        wrong = abs(steps.filter(data__has_key="medium").count() - messages.count())
        wrong += abs(steps.filter(data__has_key="kind").count() - tasks.count())
        for made in (messages, tasks):
            wrong += made.count() - made.order_by().values("origin").distinct().count()
        ended = Enrolment.objects.filter(state="ended").exclude(end_reason="finished").count()
        standing = Enrolment.objects.filter(state="active", begun_at=None).count()
    return wrong + ended + standing


def compare_queries(kind: str) -> float:
    """Return the queries of a batch of 500 steps of a kind, divided by those of a batch of 50."""
    counts = {}
    with use_tenant(_tenant()):
        made = _add_sequence(f"Counted {kind}", _steps_of(kind))
        for size in (50, 50, 500):
            entered = enrol_all(made, _take_leads(size), by=None).entered
            with CaptureQueriesContext(connection) as captured:
                walk_due([row.pk for row in entered])
            counts[size] = len(captured.captured_queries)
    return counts[500] / counts[50]


def _tenant() -> Any:
    return Tenant.objects.get(slug=TENANT)


def _take_leads(count: int) -> list[Any]:
    """Return so many leads that are not on hold, each of another customer who has an address, and none twice."""
    global _taken
    people = ContactPoint.objects.filter(kind="email").values("person_id")
    rows = Job.objects.open().filter(person_id__in=people).exclude(side=Side.PAUSED).order_by("person_id", "pk")
    leads = list(rows.distinct("person_id")[_taken : _taken + count])
    assert len(leads) == count, "there are too few customers"
    _taken += count
    return leads


def _prepare_channels() -> None:
    create_library(["en"])
    for brand in Brand.objects.all():
        for medium, address in (("email", f"desk{brand.pk}@bench.example"), ("sms", f"+1813555{brand.pk:04d}")):
            Channel.create(
                by=None,
                brand=brand,
                medium=medium,
                role="support",
                provider="smtp" if medium == "email" else "twilio",
                address=address,
                registration="approved",
            )


def _add_sequence(name: str, steps: tuple[SequenceStep, ...]) -> Sequence:
    made = Sequence.add(name, "quotes", SequenceDefinition(steps, stops=USUAL_STOPS), by=None)
    made.switch("on", by=None)
    return made


def _steps_of(kind: str) -> tuple[SequenceStep, ...]:
    first: dict[str, SequenceStep] = {
        "messages": send("quote_follow_up", by=("email",)),
        "follow-ups": plan("call", "Call", hours=40, holds=False),
        "forks": SequenceFork("clicked"),
        "waits": LONG,
    }
    return (first[kind], LONG)


def _kind_of(step: SequenceStep) -> str:
    if isinstance(step, SequenceAct):
        return {MESSAGE: "messages", TASK: "follow-ups"}.get(step.action, "others")
    if isinstance(step, SequenceFork):
        return "forks"
    return "waits"


def _walks() -> list[tuple[Enrolment, dict[int, str]]]:
    """Return the measured enrolments, with the results of their steps by position."""
    results: dict[int, dict[int, str]] = {}
    steps = EnrolmentStep.objects.filter(enrolment__sequence_id__in=_measured)
    for enrolment_id, position, result in steps.values_list("enrolment_id", "position", "result"):
        results.setdefault(enrolment_id, {})[position] = result
    rows = Enrolment.objects.filter(sequence_id__in=_measured).select_related("version")
    return [(row, results.get(row.pk, {})) for row in rows]


def _path(nodes: tuple[SequenceNode, ...], results: dict[int, str]) -> list[SequenceNode]:
    """Return the steps that an enrolment went through to its end. Raises KeyError if one of them left no record."""
    path = []
    position: int | None = 0
    while position is not None:
        node = nodes[position]
        path.append(node)
        position = node.following
        if isinstance(node.step, SequenceFork) and results[node.position] == "no":
            position = node.other
        elif isinstance(node.step, SequenceAct):
            results[node.position]
    return path


def _median_tick() -> float:
    taken: list[float] = []
    while len(taken) < TICKS:
        begin = time.perf_counter()
        if not due.run_due_work():
            taken.append(time.perf_counter() - begin)
    return percentile(taken, 0.5) * 1000


COMMANDS: dict[str, Callable[..., Any]] = {
    command.__name__: command
    for command in (
        *(measure_ticks, drain, enter_packs, enter_kind),
        *(pass_waits, count_steps, count_wrong, compare_queries),
    )
}

if __name__ == "__main__":
    for line in sys.stdin:
        command, *arguments = json.loads(line)
        print(json.dumps(COMMANDS[command](*arguments)), flush=True)
