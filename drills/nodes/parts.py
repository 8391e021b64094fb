"""The parts that a drill takes away from the test bed, and how they come back."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psycopg

from drills.nodes.bed import PRODUCT, WORK, Bed
from drills.nodes.machine import wait_until

Act = Callable[[Bed], None]
# Seconds until a service manager starts a program that was killed.
RESTART = 1.0
# Seconds by which the clock of a worker is wrong.
CLOCK_ERROR = 300


def leave(_bed: Bed) -> None:
    """Leave it as it is: it came back already."""


@dataclass(frozen=True)
class Loss:
    """A part, as a drill takes it away and brings it back after the members have written on."""

    take_away: Act
    bring_back: Act = leave


def _kill(machine: str, program: str) -> Act:
    return lambda bed: bed[machine].kill(program)


def _restart(machine: str, program: str, start: Act) -> Act:
    """Kill a program that there is once; its service manager starts it again."""

    def act(bed: Bed) -> None:
        bed[machine].kill(program)
        time.sleep(RESTART)
        start(bed)

    return act


def _restart_pgbouncer(bed: Bed) -> None:
    for name in PRODUCT:
        bed[name].kill("pgbouncer")
        bed.start_pgbouncer(name)


def _lose_machine(name: str) -> Act:
    return lambda bed: bed[name].lose()


def _return_machine(name: str) -> Act:
    def bring_back(bed: Bed) -> None:
        bed[name].connect()
        bed.start_way_to_stores(name)
        bed.start_product(name)

    return bring_back


def _lose_balancer(bed: Bed) -> None:
    bed["lb1"].lose()
    time.sleep(5)
    bed["lb1"].connect()
    bed.start_balancer()


def _lose_stores(choose: Callable[[Bed], str]) -> Act:
    """Cut the power of the machine that runs what `choose` names."""

    def act(bed: Bed) -> None:
        bed.lost = choose(bed)
        bed[bed.lost].lose()

    return act


def _return_stores(bed: Bed) -> None:
    bed[bed.lost].connect()
    bed.start_stores(bed.lost)


def _return_quorum(bed: Bed) -> None:
    bed["quorum"].connect()
    bed.start_etcd("quorum")
    bed.start_sentinel("quorum")


def _kill_on(choose: Callable[[Bed], str], program: str) -> Act:
    """Kill a program on the machine that `choose` names."""

    def act(bed: Bed) -> None:
        bed.lost = choose(bed)
        bed[bed.lost].kill(program)

    return act


def _kill_postgres(bed: Bed) -> None:
    """Kill the first process of the primary of Postgres; Patroni starts it again, or the standby takes over."""
    bed.lost = bed.primary()
    folder = bed[bed.lost].folder / "postgres/data"
    pid = int((folder / "postmaster.pid").read_text().splitlines()[0])
    bed[bed.lost].kill_process(pid)


def _filler(bed: Bed) -> Path:
    return bed[bed.lost].folder / "postgres/filler"


def _fill_disk(bed: Bed) -> None:
    """Leave the standby no byte, and have the primary write what needs room there."""
    bed.lost = bed.standby()
    block = bytes(1024 * 1024)
    with _filler(bed).open("wb", buffering=0) as file:
        try:
            while file.write(block):
                pass
        except OSError:
            pass
    with psycopg.connect(bed.admin_url("crm"), autocommit=True) as connection:
        # Not in the pace of the standby, which cannot keep it.
        connection.execute("set synchronous_commit = local")
        connection.execute("create table drill_filler as select n, repeat('x', 500) from generate_series(1, 200000) n")
        connection.execute("drop table drill_filler")
    wait_until(lambda: not bed.is_whole(), "the standby fails")


def _free_disk(bed: Bed) -> None:
    _filler(bed).unlink()


def _set_clock_ahead(bed: Bed) -> None:
    bed["work1"].kill("worker")
    # Time that only passes is right: intervals are counted by it.
    env = ("env", "FAKETIME_DONT_FAKE_MONOTONIC=1", "DONT_FAKE_MONOTONIC=1")
    bed.start_worker("work1", *env, "faketime", "-f", f"+{CLOCK_ERROR}s")
    log = bed["work1"].folder / "worker.log"
    refusal = re.compile("clock differs")
    before = len(refusal.findall(log.read_text()))
    wait_until(lambda: len(refusal.findall(log.read_text())) > before, "the worker notices that its clock is wrong")


def _set_clock_right(bed: Bed) -> None:
    bed["work1"].kill("worker")
    bed.start_worker("work1")


def _start(machine: str, program: str, module: list[str]) -> Act:
    return lambda bed: bed.start_program(machine, program, module)


LOSSES: dict[str, Loss] = {
    # Processes.
    "web": Loss(_kill("web1", "web"), lambda bed: bed.start_web("web1")),
    "live": Loss(_kill("web1", "live"), _start("web1", "live", ["crm.web.live"])),
    "worker": Loss(_kill("work1", "worker"), lambda bed: bed.start_worker("work1")),
    "beat": Loss(_kill("work1", "beat"), _start("work1", "beat", ["celery", "--app=crm.config", "beat"])),
    "haproxy": Loss(_restart("lb1", "haproxy", lambda bed: bed.start_balancer())),
    "haproxy-stores": Loss(_restart("web1", "haproxy", lambda bed: bed.start_way_to_valkey("web1"))),
    "pgbouncer": Loss(_restart_pgbouncer),
    "postgres": Loss(_kill_postgres),
    "patroni": Loss(_kill_on(lambda bed: bed.primary(), "patroni"), lambda bed: bed.start_postgres(bed.lost)),
    "valkey": Loss(_kill_on(lambda bed: bed.valkey_primary(), "valkey"), lambda bed: bed.start_valkey(bed.lost)),
    "sentinel": Loss(_kill("quorum", "sentinel"), lambda bed: bed.start_sentinel("quorum")),
    "etcd": Loss(_kill_on(lambda bed: bed.primary(), "etcd"), lambda bed: bed.start_etcd(bed.lost)),
    # Machines.
    "web1": Loss(_lose_machine("web1"), _return_machine("web1")),
    "web2": Loss(_lose_machine("web2"), _return_machine("web2")),
    **{name: Loss(_lose_machine(name), _return_machine(name)) for name in WORK},
    "lb1": Loss(_lose_balancer),
    "primary": Loss(_lose_stores(lambda bed: bed.primary()), _return_stores),
    "standby": Loss(_lose_stores(lambda bed: bed.standby()), _return_stores),
    "quorum": Loss(_lose_machine("quorum"), _return_quorum),
    # What is worse than a loss.
    "partition": Loss(lambda bed: bed["web2"].cut_off(), lambda bed: bed["web2"].connect()),
    "full-disk": Loss(_fill_disk, _free_disk),
    "clock": Loss(_set_clock_ahead, _set_clock_right),
}
