"""Take away one part after another while members write, and count what was lost or done twice.

    python -m drills nodes [LOSS …]

Needs root, iproute2, haproxy, pgbouncer, etcd, faketime and a `patroni` that the user postgres may run (PATRONI names
it).
"""

import argparse
import time
from collections.abc import Sequence

from drills.nodes.bed import WEB, Bed
from drills.nodes.company import DrillMember
from drills.nodes.crowd import Crowd, report_mails
from drills.nodes.machine import wait_until
from drills.nodes.opened_bed import open_bed
from drills.nodes.parts import LOSSES
from drills.report import Report

# Both beats send a tick every ten seconds; in a minute there are as many as of one.
TICKS_A_MINUTE = 7


def main(options: list[str]) -> int:
    """Bring the bed up and lose one part after another; 1 if a promise did not hold."""
    parser = argparse.ArgumentParser(prog="python -m drills nodes")
    parser.add_argument("losses", nargs="*", help=f"only these of {', '.join(LOSSES)}")
    chosen = parser.parse_args(options).losses or list(LOSSES)
    report = Report()
    with open_bed(report) as (bed, members):
        lose_parts(bed, report, chosen, members)
    return report.close()


def lose_parts(bed: Bed, report: Report, names: Sequence[str], members: Sequence[DrillMember]) -> None:
    """Lose these parts one after another, then look after the mails of all that time."""
    report.add("two beats: ticks in a minute", count_ticks(bed), "ticks", most=TICKS_A_MINUTE)
    mails: list[str] = []
    for name in names:
        crowd = lose_part(bed, report, name, members)
        mails += [text for writer in crowd.mails for text in writer.acknowledged]
    report_mails(bed, report, "all losses", mails)


def lose_part(bed: Bed, report: Report, name: str, members: Sequence[DrillMember]) -> Crowd:
    """Lose one part while members write; then bring it back. Returns the members."""
    loss = LOSSES[name]
    crowd = Crowd(bed, members)
    crowd.start()
    try:
        crowd.settle()
        loss.take_away(bed)
        crowd.settle()
    finally:
        crowd.stop()
    crowd.report_pages(report, name)
    crowd.report_notes(bed, report, name)
    loss.bring_back(bed)
    wait_until(lambda: is_whole(bed), f"whole again after {name}")
    return crowd


def is_whole(bed: Bed) -> bool:
    """Return whether the stores, both web machines and what they need answer."""
    return all(bed.answers(machine=name) for name in WEB) and bed.answers("/readyz") and bed.is_whole()


def count_ticks(bed: Bed, seconds: float = 60) -> int:
    """Count the ticks that all beats together send in a time."""
    ticks = 0
    ends = time.monotonic() + seconds
    with bed.ask_valkey(bed.valkey_primary()).monitor() as monitor:
        while time.monotonic() < ends:
            command = str(monitor.next_command()["command"])
            ticks += command.startswith("LPUSH celery") and "platform.tick" in command
    return ticks
