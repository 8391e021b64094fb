"""How many pages two web machines serve, compared with one: `python -m drills throughput [--share SHARE]`.

Each web machine is given a share of one processor, so that the web machines are the limit and not the processors that
all machines of the test bed share. The kernel counts how often a machine was stopped at its limit.
"""

import argparse
import statistics
import threading
import time
from collections.abc import Sequence

from drills.nodes.bed import WEB, Bed
from drills.nodes.company import DrillMember
from drills.nodes.opened_bed import open_bed
from drills.nodes.processors import ProcessorLimit
from drills.nodes.writers import PageReader
from drills.report import Report

PAGES = ("/drill/leads/", "/drill/tickets/", "/drill/followups/", "/drill/home/")
READERS = 8
# How often each is measured, and seconds until caches are filled and the load balancer has changed over.
ROUNDS, WARM_UP, SETTLING = 3, 5.0, 3.0
# Pages a second of two web machines, compared with one.
PROMISE = 1.7


class EagerReader(PageReader):
    """A member who opens a page as soon as the last one is there."""

    pause = 0.001

    def act(self, text: str) -> bool:
        """Open the page alone."""
        page = self._send("GET", self._address)
        return page is not None and page.status_code == 200


def main(options: list[str]) -> int:
    """Measure one and two web machines; 1 if two serve too little more."""
    parser = argparse.ArgumentParser(prog="python -m drills throughput")
    parser.add_argument("--share", type=float, default=0.3, help="of one processor, for each web machine")
    parser.add_argument("--seconds", type=float, default=30, help="of each measurement")
    choice = parser.parse_args(options)
    report = Report()
    with open_bed(report) as (bed, members):
        compare(bed, report, members, share=choice.share, seconds=choice.seconds)
    return report.close()


def compare(bed: Bed, report: Report, members: Sequence[DrillMember], *, share: float, seconds: float) -> None:
    """Measure one and two web machines in turn, and compare the medians."""
    limits = {name: ProcessorLimit(name, share) for name in WEB}
    rates: dict[int, list[float]] = {1: [], 2: []}
    try:
        for name, limit in limits.items():
            limit.add(bed[name].processes())
        _measure(bed, members, WARM_UP)
        for machines in (WEB[:1], WEB) * ROUNDS:
            _serve_from(bed, machines)
            before = {name: limits[name].read_periods() for name in machines}
            rate = _measure(bed, members, seconds)
            rates[len(machines)].append(rate)
            report.add(f"pages a second of {' and '.join(machines)}", rate, "pages")
            for name in machines:
                periods, stops = limits[name].read_periods()
                periods -= before[name][0]
                stops -= before[name][1]
                report.add(f"  {name} at its limit", 100 * stops / max(periods, 1), "% of periods")
    finally:
        _serve_from(bed, WEB)
        for limit in limits.values():
            limit.remove()
    ratio = statistics.median(rates[2]) / statistics.median(rates[1])
    report.add("two web machines compared with one", ratio, "times", least=PROMISE)


def _serve_from(bed: Bed, machines: Sequence[str]) -> None:
    """Have the load balancer use these web machines alone."""
    for name in WEB:
        state = "maint"
        if name in machines:
            state = "ready"
        bed.tell_balancer(f"set server web/{name} state {state}")
    time.sleep(SETTLING)


def _measure(bed: Bed, members: Sequence[DrillMember], seconds: float) -> float:
    """Return how many pages a second all readers together are given."""
    cookies = members[0].cookies
    readers = [EagerReader(bed.address, PAGES[number % len(PAGES)], cookies) for number in range(READERS)]
    begin = time.monotonic()
    for reader in readers:
        reader.start()
    threading.Event().wait(seconds)
    for reader in readers:
        reader.stop()
    return sum(len(reader.acknowledged) for reader in readers) / (time.monotonic() - begin)
