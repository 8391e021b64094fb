"""`bin/bench [list] [search] [tick] [import] [live] [board] [bulk] [move] [workbook] [pages] [inbound] [gate]
[assignment] [receive] [tickets] [inbox] [rules] [sequences] [survival] [updates] [portal] [intake] [reports]
[reminders] [start] [followups] [layouts] [money] [invoices] [paper] [payments] [events] [webhooks]
[api] [labels] [scores]`.

Measures what is promised, as ratios against a floor of the same run: all parts unless some are named. With
`--folder DIR` the seeded databases are kept, and the next run there starts measuring at once. Exits 1 when a promise
is broken.
"""

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench import (
    assignment,
    bulk,
    follow_ups,
    invoice_run,
    labels,
    live,
    move,
    paper,
    payments,
    reminders,
    rest_api,
    rules,
    scores,
    start,
    tick,
)
from bench.cluster import Servers, running
from bench.figures import Figure, table
from bench.imports import bench_import, bench_workbook
from bench.messages import gate, inbound, inbox, intake, receiving, survival, tickets, updates
from bench.programs import events, webhooks
from bench.screens import board, follow_up_layouts, list_page, money_lists, page_load, portal, reports, search
from bench.sequences import steps
from runtime import catalogues

PARTS = (
    *("list", "search", "tick", "import", "live", "board", "bulk", "move", "workbook", "pages", "inbound", "gate"),
    *("assignment", "receive", "tickets", "inbox", "rules", "sequences", "survival", "updates", "portal", "intake"),
    *("reports", "reminders", "start", "followups", "layouts", "money", "invoices", "paper", "payments"),
    *("events", "webhooks", "api", "labels", "scores"),
)
Measure = Callable[[], list[Figure]]
BIG, SMALL = "bench_big", "bench_small"


def main() -> int:
    parser = argparse.ArgumentParser(prog="bin/bench", description="Measure what is promised, against a floor.")
    parser.add_argument("parts", nargs="*", metavar="PART", help=" ".join(PARTS))
    parser.add_argument("--folder", type=Path, help="keep the databases here, and use those that are there")
    parser.add_argument("--jobs", type=int, default=1_000_000, help="size of the big database")
    parser.add_argument("--quick", action="store_true", help="less of what takes minutes (rules), while developing")
    asked = parser.parse_args()
    parts = asked.parts or PARTS
    if unknown := set(parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    folder = (asked.folder or Path(tempfile.mkdtemp(prefix="crm-bench-"))).absolute()
    os.environ["DJANGO_SETTINGS_MODULE"] = "crm.config.settings"
    try:
        with running(folder) as servers:
            figures = measure(servers, parts, asked.jobs, is_quick=asked.quick)
    finally:
        if asked.folder is None:
            shutil.rmtree(folder, ignore_errors=True)
    print(f"\n{table(figures)}")
    return 0 if all(figure.holds for figure in figures) else 1


def measure(servers: Servers, parts: list[str] | tuple[str, ...], jobs: int, *, is_quick: bool = False) -> list[Figure]:
    """Seed what the parts need, then measure them one after another."""
    figures: list[Figure] = []
    if {"list", "search", "board", "reports", "api", "scores"} & set(parts):
        figures += _seed(servers, BIG, jobs)
    if {"list", "tick"} & set(parts):
        _seed(servers, SMALL, 1_000)
    if {"list", "board", "reports"} & set(parts):
        _with_pages(servers, BIG)
    figures += [figure for name, part in _big(servers, jobs).items() if name in parts for figure in part()]
    for name, part in _seeded(servers, is_quick=is_quick).items():
        if name in parts:
            figures += part()
    return figures


def _big(servers: Servers, jobs: int) -> dict[str, Measure]:
    """Those that measure on the database of so many jobs, or beside it."""
    return {
        "board": lambda: board.measure(servers, BIG),
        "reports": lambda: reports.measure(servers, BIG),
        "bulk": lambda: bulk.measure(servers),
        "list": lambda: list_page.measure(servers, BIG, SMALL),
        "search": lambda: search.measure(servers, BIG),
        "api": lambda: rest_api.measure(servers, BIG),
        "scores": lambda: scores.measure(servers, BIG, jobs),
        "tick": lambda: tick.measure(servers, SMALL),
    }


def _seeded(servers: Servers, *, is_quick: bool) -> dict[str, Measure]:
    """Those with a database of their own."""

    def prepared(part: Any, seed: Callable[[], object], database: str = "", *given: str) -> list[Figure]:
        seed()
        if database:
            _with_pages(servers, database)
        return list(part.measure(servers, *given))

    def demo() -> None:
        servers.prepare(page_load.DATABASE)
        servers.manage(page_load.DATABASE, "seed_demo")

    return {
        "start": lambda: start.measure(servers),
        "followups": lambda: follow_ups.measure(servers),
        "layouts": lambda: prepared(follow_up_layouts, catalogues.compile_catalogues),
        "money": lambda: prepared(money_lists, catalogues.compile_catalogues),
        "invoices": lambda: invoice_run.measure(servers),
        "import": lambda: bench_import.measure(servers),
        "live": lambda: prepared(live, lambda: _seed(servers, live.DATABASE, live.JOBS), live.DATABASE),
        "move": lambda: prepared(move, lambda: _seed(servers, move.SEEDED, move.JOBS), move.SEEDED),
        "pages": lambda: prepared(page_load, demo, page_load.DATABASE),
        "inbound": lambda: inbound.measure(servers),
        "receive": lambda: receiving.measure(servers),
        "tickets": lambda: tickets.measure(servers),
        "survival": lambda: survival.measure(servers),
        "updates": lambda: updates.measure(servers),
        "intake": lambda: intake.measure(servers),
        "portal": lambda: prepared(portal, lambda: servers.prepare(portal.DATABASE), portal.DATABASE),
        "inbox": lambda: prepared(inbox, catalogues.compile_catalogues),
        "gate": lambda: prepared(gate, lambda: _seed(servers, gate.DATABASE, gate.JOBS), "", gate.DATABASE),
        "assignment": lambda: assignment.measure(servers),
        "rules": lambda: rules.measure(servers, is_quick=is_quick),
        "reminders": lambda: reminders.measure(servers),
        "paper": lambda: paper.measure(servers),
        "payments": lambda: payments.measure(servers),
        "events": lambda: events.measure(servers),
        "webhooks": lambda: webhooks.measure(servers),
        "sequences": lambda: steps.measure(servers, is_quick=is_quick),
        "workbook": bench_workbook.measure,
        "labels": labels.measure,
    }


def _with_pages(servers: Servers, database: str) -> None:
    """Have what pages need: compiled translations, static files."""
    catalogues.compile_catalogues()
    servers.manage(database, "collectstatic", "--no-input", "--verbosity=0")


def _seed(servers: Servers, database: str, jobs: int) -> list[Figure]:
    """Have a database of so many jobs; the time it took, where it was not there already."""
    begin = time.monotonic()
    is_new = servers.prepare(database)
    servers.manage(database, "seed_scale", "--jobs", str(jobs))
    return [Figure(f"{jobs:,} jobs seeded", time.monotonic() - begin, "s")] if is_new else []


if __name__ == "__main__":
    sys.exit(main())
