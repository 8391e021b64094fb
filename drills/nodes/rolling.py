"""Upgrade several machines one after another while members work, and roll them back, without an error.

python -m drills rolling [--from COMMIT]
"""

import argparse
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from drills.nodes.bed import ROOT, WEB, WORK, Bed
from drills.nodes.company import DrillMember
from drills.nodes.crowd import Crowd, report_mails
from drills.nodes.machine import wait_until
from drills.nodes.opened_bed import open_bed
from drills.report import Report

# Pages and styles, and the redirect after a form.
EXPECTED = {200, 302}
# Seconds in which a browser asks for the styles and scripts of the last page that a machine gave.
STYLES_PATIENCE = 5


def main(options: list[str]) -> int:
    """Upgrade from a commit to the checkout and back; 1 if an answer was an error or something was lost."""
    parser = argparse.ArgumentParser(prog="python -m drills rolling")
    parser.add_argument("--from", dest="old", default="HEAD~1", metavar="COMMIT", help="upgrade from here")
    commit = parser.parse_args(options).old
    report = Report()
    with tempfile.TemporaryDirectory() as folder:
        old = Path(folder) / "old"
        subprocess.run(["git", "worktree", "add", "--detach", str(old), commit], cwd=ROOT, check=True)
        try:
            with open_bed(report, old) as (bed, members):
                roll_forth_and_back(bed, report, members, old)
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", str(old)], cwd=ROOT, check=False)
    return report.close()


def roll_forth_and_back(bed: Bed, report: Report, members: Sequence[DrillMember], old: Path) -> None:
    """Migrate and bring the new release to all machines, then the old one again; the schema stays new."""
    mails: list[str] = []
    for name, release in (("upgrade", ROOT), ("roll-back", old)):
        crowd = Crowd(bed, members, with_pages=True)
        crowd.start()
        try:
            crowd.settle()
            with report.measure(f"{name} of all machines"):
                bed.release = release
                if release == ROOT:
                    bed.prepare_release()
                replace_release(bed)
            crowd.settle()
        finally:
            crowd.stop()
        crowd.report_pages(report, name, most_errors=0)
        answers: Counter[int] = Counter()
        for visitor in crowd.visitors:
            answers += visitor.answers
        report.add(f"{name}: answers in all", answers.total(), "answers")
        for failure in {failure for visitor in crowd.visitors for failure in visitor.failures}:
            print(f"{name}: {failure}", flush=True)
        for status in sorted(set(answers) - EXPECTED):
            report.add(f"{name}: answers {status or 'that did not come'}", answers[status], "answers", most=0)
        crowd.report_notes(bed, report, name)
        mails += [text for writer in crowd.mails for text in writer.acknowledged]
    report_mails(bed, report, "upgrade and roll-back", mails)


def replace_release(bed: Bed) -> None:
    """Run the bed's release on all machines: web and live first, one machine at a time."""
    for name in WEB:
        replace_web(bed, name)
    for name in WORK:
        for program in ("worker", "beat"):
            bed[name].stop(program, patience=300)
        bed.start_product(name)


def replace_web(bed: Bed, name: str) -> None:
    """Take a machine out of the load balancer, replace what serves there, and put it back.

    It gives no new pages first, and the styles of its last pages a little longer: the other machine may lack them.
    """
    _drain(bed, name, "web", "live")
    time.sleep(STYLES_PATIENCE)
    _drain(bed, name, "static")
    for program in ("web", "live"):
        bed[name].stop(program)
    bed.start_product(name)
    wait_until(lambda: bed.answers(machine=name), f"{name} serves")
    for backend in ("web", "static", "live"):
        bed.tell_balancer(f"set server {backend}/{name} state ready")
    wait_until(lambda: _is_up(bed, name), f"the load balancer has seen that {name} serves")


def _drain(bed: Bed, name: str, *backends: str) -> None:
    """Let the load balancer give a machine nothing new, and wait until web has answered what it was asked."""
    for backend in backends:
        bed.tell_balancer(f"set server {backend}/{name} state drain")
    # Pages that listen for changes stay connected to live until it stops.
    of_web = [backend for backend in backends if backend != "live"]
    wait_until(lambda: not _count_requests(bed, name, of_web), f"{name} has answered what it was asked")


def _count_requests(bed: Bed, name: str, backends: Sequence[str]) -> int:
    """Count the requests that a web machine is working on."""
    rows = [line.split(",") for line in bed.tell_balancer("show stat").splitlines()]
    return sum(int(row[4] or 0) for row in rows if row[0] in backends and row[1] == name)


def _is_up(bed: Bed, name: str) -> bool:
    rows = [line.split(",") for line in bed.tell_balancer("show stat").splitlines()]
    return any(row[:2] == ["web", name] and row[17].startswith("UP") for row in rows)
