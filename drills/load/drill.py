"""Play members, customers and programs on one machine: `python -m drills load [--minutes 10] [--folder DIR]`.

Starts a demo, or the one that is in the folder, plays 100 members and 50 customers, and prints the seconds of each kind
of page, the errors, and the memory of each process at the beginning, in the middle and at the end.
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from pathlib import Path

from drills.load.measurements import Measurements, find_percentile, read_memory
from drills.load.players import LoadCustomer, LoadMember, LoadProgram, Player
from drills.nodes.machine import wait_until
from drills.report import Report
from runtime import stack
from runtime.servers.ports import free_port

ROOT = stack.ROOT
PROGRAMS = 2
# Minutes until caches are filled and each process has done each kind of work.
WARM_UP = 0.5
# A run that is long enough to say so: memory at the end, compared with the middle.
LONG_RUN, MOST_GROWTH = 10, 1.1
# Seconds in which a demo starts for the first time, on a machine that does much else.
PATIENCE = 1800
MEGABYTE = 1_000_000


def main(options: list[str]) -> int:
    """Play the load and print its figures; 1 if an answer was an error or memory grew."""
    parser = argparse.ArgumentParser(prog="python -m drills load")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--members", type=int, default=100)
    parser.add_argument("--customers", type=int, default=50)
    parser.add_argument("--folder", type=Path, help="keep the demo's data here, and use what is there")
    choice = parser.parse_args(options)
    folder = (choice.folder or Path(tempfile.mkdtemp(prefix="crm-load-"))).absolute()
    report = Report()
    demo = LoadedDemo(folder)
    try:
        demo.start()
        people = demo.sign_in(choice.members, choice.customers)
        _play(demo, report, people, choice.minutes)
    finally:
        demo.stop()
        if choice.folder is None:
            shutil.rmtree(folder, ignore_errors=True)
    return report.close()


class LoadedDemo:
    """A demo in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The process that has started all others."""
        assert self._process
        return self._process.pid

    def start(self) -> None:
        """Start it. Raises TimeoutError."""
        self.folder.mkdir(parents=True, exist_ok=True)
        env = os.environ | {"VAR_DIR": str(self.folder), "PORT": str(self.port), "PYTHONPATH": str(ROOT)}
        with (self.folder / "load.log").open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "runtime.demo"],
                cwd=ROOT,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        wait_until(self._is_there, "the demo", patience=PATIENCE)

    def sign_in(self, members: int, customers: int) -> dict[str, object]:
        """Return the members, customers and the endpoint that drills/load/people.py prints."""
        argv = [sys.executable, "-m", "drills.load.people", str(members), str(customers)]
        command = f'. {self.folder}/environment.sh && exec "$@"'
        env = os.environ | {"PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            ["sh", "-c", command, "sh", *argv], cwd=ROOT, env=env, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(done.stderr[-2000:])
        return dict(json.loads(done.stdout.splitlines()[-1]))

    def stop(self) -> None:
        """Stop it."""
        if self._process and self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(60)

    def _is_there(self) -> bool:
        assert self._process
        if self._process.poll() is not None:
            raise RuntimeError((self.folder / "load.log").read_text()[-2000:])
        return stack.is_answering("127.0.0.1", self.port)


def _play(demo: LoadedDemo, report: Report, people: dict[str, object], minutes: float) -> None:
    measurements = Measurements()
    ended = threading.Event()
    players = _gather_players(demo.port, people, measurements, ended)
    memory: list[Counter[str]] = []
    for player in players:
        player.thread.start()
    try:
        threading.Event().wait(60 * WARM_UP)
        memory.append(read_memory(demo.pid))
        for _half in range(2):
            threading.Event().wait(60 * minutes / 2)
            memory.append(read_memory(demo.pid))
    finally:
        ended.set()
        for player in players:
            player.thread.join(60)
    _report_pages(report, measurements, minutes)
    _report_memory(report, memory, minutes)


def _gather_players(
    port: int, people: dict[str, object], measurements: Measurements, ended: threading.Event
) -> list[Player]:
    members = [LoadMember(port, cookies, measurements, ended) for cookies in people["members"]]
    customers = [LoadCustomer(row["path"], port, row["cookies"], measurements, ended) for row in people["customers"]]
    programs = [LoadProgram(people["endpoint"], port, {}, measurements, ended) for _ in range(PROGRAMS)]
    return [*members, *customers, *programs]


def _report_pages(report: Report, measurements: Measurements, minutes: float) -> None:
    total = 0
    for kind, seconds in sorted(measurements.seconds.items()):
        total += len(seconds)
        name = f"{kind}, p95 of {len(seconds)} ({measurements.count_refusals(kind)} refused)"
        report.add(name, 1000 * find_percentile(seconds, 0.95), "ms")
    report.add("answers a second", total / (60 * (minutes + WARM_UP)), "answers")
    report.add("errors", measurements.count_errors(), "answers", most=0)


def _report_memory(report: Report, memory: list[Counter[str]], minutes: float) -> None:
    first, middle, last = memory
    for service in sorted(first):
        for moment, figures in (("beginning", first), ("middle", middle), ("end", last)):
            report.add(f"memory of {service}, {moment}", figures[service] / MEGABYTE, "MB")
    most = None
    if minutes >= LONG_RUN:
        most = MOST_GROWTH
    report.add("memory of all at the end, to the middle", last.total() / middle.total(), "times", most=most)
