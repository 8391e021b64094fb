"""How fast two processes do the steps of sequences: of the packs as they ship, and of each kind by itself.

A step is a message that is queued (composed, judged by the gate, in the outbox), a follow-up that is planned, the
question of a fork, or a wait that begins and ends. Sending is measured elsewhere: a provider is slower than all this.
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from bench.cluster import ROOT, Servers
from bench.figures import Figure
from runtime import keys

DATABASE = "bench_sequences"
WORKERS = 2
# Leads that are enrolled and wait; leads that do a step of one kind; leads that go through each pack.
SIZES = (100_000, 5_000, 500)
QUICK_SIZES = (5_000, 1_000, 60)
# Leads whose queries are counted, and packs there may be.
COUNTED, MOST_PACKS = 600, 10
KINDS = ("messages", "follow-ups", "forks", "waits")


class BenchProcess:
    """A process of the product that does what it is asked (bench/sequences/inside.py)."""

    def __init__(self, servers: Servers) -> None:
        environment = servers.environment(DATABASE, SECRET_KEY=keys.secret_key(servers.folder))
        argv = [sys.executable, "-m", "bench.sequences.inside"]
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(argv, env=environment, cwd=ROOT, stdin=pipe, stdout=pipe, text=True)

    def tell(self, command: str, *arguments: Any) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps([command, *arguments]) + "\n")
        self.process.stdin.flush()

    def answer(self) -> Any:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("a process of the bench failed")
        return json.loads(line)

    def ask(self, command: str, *arguments: Any) -> Any:
        self.tell(command, *arguments)
        return self.answer()


@contextmanager
def _running(servers: Servers, count: int) -> Iterator[list[BenchProcess]]:
    processes = [BenchProcess(servers) for _ in range(count)]
    try:
        yield processes
    finally:
        for one in processes:
            one.process.kill()
            one.process.wait()


def measure(servers: Servers, *, is_quick: bool = False) -> list[Figure]:
    """On a database of its own, for it changes what it measures."""
    enrolled, of_kind, of_pack = QUICK_SIZES if is_quick else SIZES
    # Of ten leads that are seeded, three are open and their customers have an address; each is used once.
    leads = enrolled + len(KINDS) * (of_kind + COUNTED) + MOST_PACKS * of_pack
    servers.drop(DATABASE)
    servers.prepare(DATABASE)
    servers.manage(DATABASE, "seed_scale", "--tenants", "1", "--jobs", str(leads * 4), "--verbosity", "0")
    with _running(servers, WORKERS + 1) as (conductor, *workers):
        figures = _measure_ticks(conductor, enrolled)
        figures += _measure_packs(conductor, workers, of_pack)
        figures += [_measure_kind(conductor, workers, kind, of_kind) for kind in KINDS]
        figures.append(Figure("steps done twice or not at all", conductor.ask("count_wrong"), "", most=0))
        figures += [
            Figure(
                f"queries of a batch of 500 {kind}, to one of 50", conductor.ask("compare_queries", kind), "×", most=1.3
            )
            for kind in KINDS
        ]
    servers.drop(DATABASE)
    return figures


def _measure_ticks(conductor: BenchProcess, enrolled: int) -> list[Figure]:
    ticks = conductor.ask("measure_ticks", enrolled)
    return [
        Figure(
            f"tick with nothing due, {ticks['count']:,} to {ticks['few']:,} enrolled",
            ticks["many_ms"] / ticks["few_ms"],
            "×",
            most=1.5,
            note=f"{ticks['few_ms']:.2f} ms and {ticks['many_ms']:.2f} ms, median of {ticks['ticks']}, vacuumed;"
            f" before it {ticks['at_once_ms']:.2f} ms, as a tick steps over what was due",
        ),
        Figure(f"{ticks['count']:,} leads enrolled, 5,000 at once", ticks["seconds"], "s"),
    ]


def _measure_packs(conductor: BenchProcess, workers: Sequence[BenchProcess], leads: int) -> list[Figure]:
    """Let so many leads walk through each pack from its first step to its end, without the time it waits."""
    packs = conductor.ask("enter_packs", leads)
    drains = [_drain(workers)]
    while conductor.ask("pass_waits"):
        drains.append(_drain(workers))
    seconds = sum(drain.seconds for drain in drains)
    counts = conductor.ask("count_steps")
    total = sum(counts["steps"].values())
    kinds = ", ".join(f"{count:,} {kind}" for kind, count in counts["steps"].items())
    return [
        Figure(
            f"steps of the {packs} packs by {WORKERS} processes",
            total / seconds,
            "a second",
            least=1000,
            note=f"{leads:,} leads in each: {kinds} ({counts['skipped']:,} messages skipped); "
            f"{_processor(drains, total)}",
        )
    ]


def _measure_kind(conductor: BenchProcess, workers: Sequence[BenchProcess], kind: str, leads: int) -> Figure:
    conductor.ask("enter_kind", kind, leads)
    if kind == "waits":
        _drain(workers)
        conductor.ask("pass_waits")
    drain = _drain(workers)
    note = _processor([drain], leads)
    return Figure(f"{kind} by {WORKERS} processes", leads / drain.seconds, "a second", note=note)


class Drain(NamedTuple):
    """What it took to do all that was due: seconds, and those of the processor for the workers and for Postgres."""

    seconds: float
    workers: float
    database: float


def _drain(workers: Sequence[BenchProcess]) -> Drain:
    """Let all processes do what is due."""
    begin = time.perf_counter()
    for worker in workers:
        worker.tell("drain")
    busy = [worker.answer() for worker in workers]
    return Drain(time.perf_counter() - begin, sum(own for own, _ in busy), sum(database for _, database in busy))


def _processor(drains: Sequence[Drain], steps: int) -> str:
    """Return the processor time of a step, in words: what it costs however busy the machine is."""
    own = sum(drain.workers for drain in drains) / steps * 1000
    database = sum(drain.database for drain in drains) / steps * 1000
    return f"processor a step: {own:.2f} ms of a worker, {database:.2f} ms of Postgres"
