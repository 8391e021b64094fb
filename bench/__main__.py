"""`bin/bench [list] [search] [tick] [import] [live] [board] [bulk] [move] [workbook] [pages] [inbound] [gate]
[assignment] [tickets] [inbox] [rules] [survival] [updates] [portal] [intake] [reports]`.

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
from pathlib import Path

from bench import (
    assignment,
    bench_import,
    bench_workbook,
    board,
    bulk,
    list_page,
    live,
    move,
    page_load,
    portal,
    reports,
    rules,
    search,
    tick,
)
from bench.cluster import Servers, running
from bench.figures import Figure, table
from bench.messages import gate, inbound, inbox, intake, survival, tickets, updates
from runtime import catalogues

PARTS = (
    *("list", "search", "tick", "import", "live", "board", "bulk", "move", "workbook", "pages", "inbound", "gate"),
    *("assignment", "tickets", "inbox", "rules", "survival", "updates", "portal", "intake"),
    "reports",
)
# Those that seed a database of their own.
OWN = {"inbound": inbound, "tickets": tickets, "survival": survival, "updates": updates, "intake": intake}
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
    if {"list", "search", "board", "reports"} & set(parts):
        figures += _seed(servers, BIG, jobs)
    if {"list", "tick"} & set(parts):
        _seed(servers, SMALL, 1_000)
    if {"list", "board", "reports"} & set(parts):
        catalogues.compile_catalogues()
        servers.manage(BIG, "collectstatic", "--no-input", "--verbosity=0")
    if "board" in parts:
        figures += board.measure(servers, BIG)
    if "reports" in parts:
        figures += reports.measure(servers, BIG)
    if "bulk" in parts:
        figures += bulk.measure(servers)
    if "list" in parts:
        figures += list_page.measure(servers, BIG, SMALL)
    if "search" in parts:
        figures += search.measure(servers, BIG)
    if "tick" in parts:
        figures += tick.measure(servers, SMALL)
    if "import" in parts:
        figures += bench_import.measure(servers)
    if "live" in parts:
        _seed(servers, live.DATABASE, live.JOBS)
        catalogues.compile_catalogues()
        servers.manage(live.DATABASE, "collectstatic", "--no-input", "--verbosity=0")
        figures += live.measure(servers)
    if "move" in parts:
        _seed(servers, move.SEEDED, move.JOBS)
        catalogues.compile_catalogues()
        servers.manage(move.SEEDED, "collectstatic", "--no-input", "--verbosity=0")
        figures += move.measure(servers)
    if "pages" in parts:
        servers.prepare(page_load.DATABASE)
        servers.manage(page_load.DATABASE, "seed_demo")
        catalogues.compile_catalogues()
        servers.manage(page_load.DATABASE, "collectstatic", "--no-input", "--verbosity=0")
        figures += page_load.measure(servers)
    for name, part in OWN.items():
        if name in parts:
            figures += part.measure(servers)
    if "portal" in parts:
        servers.prepare(portal.DATABASE)
        catalogues.compile_catalogues()
        servers.manage(portal.DATABASE, "collectstatic", "--no-input", "--verbosity=0")
        figures += portal.measure(servers)
    if "inbox" in parts:
        catalogues.compile_catalogues()
        figures += inbox.measure(servers)
    if "gate" in parts:
        _seed(servers, gate.DATABASE, gate.JOBS)
        figures += gate.measure(servers, gate.DATABASE)
    if "assignment" in parts:
        figures += assignment.measure(servers)
    if "rules" in parts:
        figures += rules.measure(servers, is_quick=is_quick)
    if "workbook" in parts:
        figures += bench_workbook.measure()
    return figures


def _seed(servers: Servers, database: str, jobs: int) -> list[Figure]:
    """Have a database of so many jobs; the time it took, where it was not there already."""
    begin = time.monotonic()
    is_new = servers.prepare(database)
    servers.manage(database, "seed_scale", "--jobs", str(jobs))
    return [Figure(f"{jobs:,} jobs seeded", time.monotonic() - begin, "s")] if is_new else []


if __name__ == "__main__":
    sys.exit(main())
