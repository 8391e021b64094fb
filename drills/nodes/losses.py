"""Take away one part after another while members write, and count what was lost or written twice.

    python -m drills nodes [LOSS …]

Needs root, iproute2, haproxy, pgbouncer, etcd and a `patroni` that the user postgres may run (PATRONI names it).
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import psycopg

from drills.nodes import company
from drills.nodes.bed import PRODUCT, Bed
from drills.nodes.machine import wait_until
from drills.nodes.writers import NoteWriter
from drills.report import Report

# Pages are back after so many seconds, whatever was lost.
PROMISE = 30


def main(options: list[str]) -> int:
    """Bring the bed up and lose one part after another; 1 if a promise did not hold."""
    parser = argparse.ArgumentParser(prog="python -m drills nodes")
    parser.add_argument("losses", nargs="*", help=f"only these of {', '.join(LOSSES)}")
    chosen = parser.parse_args(options).losses or list(LOSSES)
    report = Report()
    with tempfile.TemporaryDirectory(prefix="crm-nodes-", ignore_cleanup_errors=True) as folder:
        bed = Bed(Path(folder))
        try:
            with report.measure("all machines started, with the schema made from nothing"):
                bed.build()
                bed.create_database()
                bed.manage(*company.CREATE)
                members = company.read_members(bed.manage("shell", "--no-imports", "-c", company.SCRIPT))
                bed.start_product(*PRODUCT)
                wait_until(lambda: bed.answers("/readyz"), "the product is ready")
            for name in chosen:
                _lose(bed, report, name, members)
        finally:
            bed.remove()
    return report.close()


def _lose(bed: Bed, report: Report, name: str, members: list[tuple[str, str]]) -> None:
    """Lose one part while members write; then bring it back."""
    take_away, bring_back = LOSSES[name]
    writers = [NoteWriter(bed.address, path, cookies) for path, cookies in members]
    for writer in writers:
        writer.start()
    _settle(writers)
    take_away(bed)
    _settle(writers)
    for writer in writers:
        writer.stop()
    report.add(f"{name}: pages back after", max(writer.longest_gap for writer in writers), "s", most=PROMISE)
    written = [text for writer in writers for text in writer.acknowledged]
    times = _times_written(bed, written)
    report.add(f"{name}: acknowledged and lost, of {len(written)}", times.count(0), "notes", most=0)
    report.add(f"{name}: written twice", sum(number > 1 for number in times), "notes", most=0)
    report.add(f"{name}: answers of 500 or above", sum(writer.errors for writer in writers), "answers")
    bring_back(bed)
    wait_until(lambda: _is_whole(bed), f"whole again after {name}")


def _is_whole(bed: Bed) -> bool:
    """Return whether the stores, both web machines and what they need answer."""
    webs = all(bed.answers(machine=name) for name in PRODUCT if name.startswith("web"))
    return webs and bed.answers("/readyz") and bed.is_whole()


def _settle(writers: list[NoteWriter]) -> None:
    """Wait until each member has written ten notes more."""
    goals = [len(writer.acknowledged) + 10 for writer in writers]
    wait_until(
        lambda: all(len(writer.acknowledged) >= goal for writer, goal in zip(writers, goals, strict=True)),
        "members write",
        patience=PROMISE * 4,
    )
    time.sleep(1)


def _times_written(bed: Bed, texts: list[str]) -> list[int]:
    with psycopg.connect(bed.admin_url("crm")) as connection:
        rows = connection.execute("select body, count(*) from jobs_note where body like 'drill %' group by 1")
        counts = dict(rows.fetchall())
    return [counts.get(text, 0) for text in texts]


def _lose_primary(bed: Bed) -> None:
    bed.lost = bed.primary()
    bed[bed.lost].lose()


def _return_store(bed: Bed) -> None:
    bed[bed.lost].connect()
    bed.start_stores(bed.lost)


def _restart_pgbouncer(bed: Bed) -> None:
    for name in PRODUCT:
        bed[name].kill("pgbouncer")
        bed.start_pgbouncer(name)


def _lose_machine(name: str) -> Callable[[Bed], None]:
    return lambda bed: bed[name].lose()


def _return_machine(name: str) -> Callable[[Bed], None]:
    def bring_back(bed: Bed) -> None:
        bed[name].connect()
        bed.start_way_to_stores(name)
        bed.start_product(name)

    return bring_back


def _leave(_bed: Bed) -> None:
    """Leave it as it is: it came back already."""


def _kill_web(bed: Bed) -> None:
    bed["web1"].kill("web")


LOSSES: dict[str, tuple[Callable[[Bed], None], Callable[[Bed], None]]] = {
    "web": (_kill_web, lambda bed: bed.start_web("web1")),
    "web1": (_lose_machine("web1"), _return_machine("web1")),
    "partition": (lambda bed: bed["web2"].cut_off(), lambda bed: bed["web2"].connect()),
    "work1": (_lose_machine("work1"), _return_machine("work1")),
    "pgbouncer": (_restart_pgbouncer, _leave),
    "primary": (_lose_primary, _return_store),
}
