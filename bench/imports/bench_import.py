"""Import of leads from CSV: leads a second end to end by the command, and memory, against a floor of the same run.

The floor does what nobody can do without: parse the file and COPY its cells into a temporary table.
Run alone by `python -m bench.imports.bench_import [FOLDER] [--rows N] [--xlsx]`: with --rows that many rows go the
page's way, by a worker's slices, through check, run, cancel and undo instead.
"""

import argparse
import csv
import json
import os
import resource
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from time import monotonic

import psycopg

from bench.cluster import ROOT, Servers, running
from bench.figures import Figure, table
from bench.web import run_inside
from runtime.servers import logins

DATABASE, TENANT = "bench_import", "bench-import"
SIZES = (10_000, 100_000)
HEADER = (
    "Name,Email,Phone,Street,Zip,City,State,Lead Source,Stage,Value,Created,Notes,Next step,Next step date,ID"
).split(",")
STAGES = ("New", "Reached", "Visit booked", "Quote sent", "", "Lost")
SOURCES = ("Website", "Referral", "Google Ads", "Phone")


@dataclass(frozen=True)
class Run:
    """One run of the command."""

    seconds: float
    megabytes: float
    summary: dict[str, object]


def write_leads(path: Path, count: int, prefix: str) -> None:
    """A file of different leads, each with 14 filled cells."""
    first_day = date(2026, 1, 1)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for n in range(count):
            day = first_day + timedelta(days=n % 200)
            writer.writerow(
                [
                    f"Customer {prefix} {n}",
                    f"{prefix}{n}@example.com",
                    f"(813) {200 + n // 10_000 % 800}-{n % 10_000:04d}" if prefix == "a" else "",
                    f"{n} Palm Avenue",
                    f"{33000 + n % 900}",
                    "Tampa",
                    "FL",
                    SOURCES[n % 4],
                    STAGES[n % 6],
                    f"${(n % 400) * 100:,}",
                    day.isoformat(),
                    "Wants the roof done before the rain." if n % 2 else "",
                    "Call about the quote",
                    (day + timedelta(days=400)).isoformat(),
                    f"{prefix}-{n}",
                ]
            )


def floor(servers: Servers, path: Path) -> float:
    """Seconds to parse the file and COPY it into a temporary table, as the app's login."""
    began = monotonic()
    columns = ", ".join(f"c{n} text" for n in range(len(HEADER)))
    with psycopg.connect(servers.url(logins.APP, DATABASE)) as connection:
        connection.execute(f"create temporary table floor ({columns})".encode())
        with path.open(newline="", encoding="utf-8") as file, connection.cursor().copy("copy floor from stdin") as copy:
            for row in csv.reader(file):
                copy.write_row(row)
    return monotonic() - began


def import_file(servers: Servers, path: Path, *options: str) -> Run:
    """Run the command in a process of its own, from its start to its end."""
    argv = [sys.executable, str(ROOT / "manage.py"), "import_leads", "--tenant", TENANT, *options, str(path)]
    with tempfile.TemporaryFile("w+") as out:
        began = monotonic()
        process = subprocess.Popen(argv, env=servers.environment(DATABASE), cwd=ROOT, stdout=out)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = monotonic() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"the import ended with {process.returncode}")
        out.seek(0)
        *_, last = out
    return Run(seconds, _megabytes(usage), json.loads(last))


def _megabytes(usage: resource.struct_rusage) -> float:
    return usage.ru_maxrss / (1024 if sys.platform == "linux" else 1024 * 1024)


def _new_tenant(servers: Servers) -> None:
    servers.drop(DATABASE)
    servers.prepare(DATABASE)
    servers.manage(
        DATABASE, "create_tenant", TENANT, "--name", "Bench", "--country", "US", "--admin-email", "bench@example.com"
    )


def measure(servers: Servers) -> list[Figure]:
    """Leads a second by the command, and whether its memory stays what it is when the file grows."""
    _new_tenant(servers)
    figures, peaks = [], dict[str, list[float]]()
    with tempfile.TemporaryDirectory() as folder:
        for count, prefix in zip(SIZES, "ba", strict=True):
            path = Path(folder) / f"{prefix}.csv"
            write_leads(path, count, prefix)
            least = floor(servers, path)
            for name, options in (("dry run", ["--dry-run"]), ("import", []), ("again", [])):
                run = import_file(servers, path, *options)
                peaks.setdefault(name, []).append(run.megabytes)
                kinds = " ".join(f"{run.summary[kind]} {kind}" for kind in ("new", "update", "duplicate", "refused"))
                note = f"{run.seconds / least:.1f} × floor, {run.megabytes:.0f} MB; {kinds}"
                promised = 1000 if name == "import" else None
                figures.append(
                    Figure(f"{name}, {count:,} leads", count / run.seconds, "a second", None, promised, note)
                )
    servers.drop(DATABASE)
    for name, (small, large) in peaks.items():
        grown = f"{name}: memory at {SIZES[1]:,} to {SIZES[0]:,} leads"
        figures.append(Figure(grown, large / small, "×", most=1.1))
    return figures


def report_whole(servers: Servers, rows: int, *, as_workbook: bool) -> None:
    """Print what a file of so many rows takes from its upload to its undoing."""
    _new_tenant(servers)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "whole.csv"
        write_leads(path, rows, "a")
        if as_workbook:
            path = _workbook_of(path)
        megabytes = path.stat().st_size / 1e6
        told = json.loads(run_inside(servers, DATABASE, "bench.imports.whole_import", TENANT, str(path)))
    print(f"{path.suffix[1:]} of {told['rows']:,} rows, {megabytes:.0f} MB; peak memory {told['megabytes']:.0f} MB")
    for name, seconds in told["seconds"].items():
        print(f"  {name:<12} {seconds:>8.1f} s")
    halves = told["seconds"]["first half"] + told["seconds"]["second half"]
    print(f"  imported {told['rows'] / halves:,.0f} rows/s, cancelled at {told['cancelled at']:,}; {told['became']}")
    print(
        f"  undone {told['undone']:,}, kept {told['kept']:,}; {told['undone'] / told['seconds']['undoing']:,.0f} rows/s"
    )
    servers.drop(DATABASE)


def _workbook_of(path: Path) -> Path:
    """The same rows as a workbook."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Leads")
    with path.open(newline="", encoding="utf-8") as file:
        for row in csv.reader(file):
            sheet.append(row)
    book.save(path.with_suffix(".xlsx"))
    return path.with_suffix(".xlsx")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--rows", type=int, help="a file of so many rows, from its upload to its undoing")
    parser.add_argument("--xlsx", action="store_true", help="as a workbook")
    asked = parser.parse_args()
    with running(asked.folder or Path(tempfile.mkdtemp(prefix="crm-bench-"))) as servers:
        if asked.rows:
            report_whole(servers, asked.rows, as_workbook=asked.xlsx)
        else:
            print(table(measure(servers)))


if __name__ == "__main__":
    main()
