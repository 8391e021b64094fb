"""All members of the drill at once, and the comparison of what was acknowledged with what is stored and was sent."""

import time
from collections import Counter
from collections.abc import Sequence

import psycopg

from drills.nodes.bed import Bed
from drills.nodes.company import DrillMember
from drills.nodes.machine import wait_until
from drills.nodes.writers import MailWriter, NoteWriter, PageReader, Visitor
from drills.report import Report

# Pages are back after so many seconds, whatever was lost.
PROMISE = 30
# Seconds until the last mail has left: the lease of a worker that was killed with one, and the pauses of further tries.
MAIL_PATIENCE = 420
# Acts of each member before and after something happens.
ACTS = 10
PAGES = ("/drill/home/", "/drill/leads/")
TOKEN = "substring(text from 'drill [0-9a-f]{16}')"
WAITING = ("queued", "held", "sending")


class Crowd:
    """Members who write notes and mails. Use `start`, `settle` and `stop`."""

    def __init__(self, bed: Bed, members: Sequence[DrillMember], *, with_pages: bool = False) -> None:
        self.notes = [NoteWriter(bed.address, row.note_path, row.cookies) for row in members]
        self.mails = [MailWriter(bed.address, row.mail_path, row.cookies) for row in members]
        self.pages: list[Visitor] = []
        if with_pages:
            self.pages = [PageReader(bed.address, path, members[0].cookies) for path in PAGES]

    @property
    def visitors(self) -> list[Visitor]:
        """All members."""
        return [*self.notes, *self.mails, *self.pages]

    def start(self) -> None:
        """Let all begin."""
        for visitor in self.visitors:
            visitor.start()

    def settle(self) -> None:
        """Wait until each writer of notes has written ten more. Raises TimeoutError."""
        goals = [len(writer.acknowledged) + ACTS for writer in self.notes]
        wait_until(
            lambda: all(len(writer.acknowledged) >= goal for writer, goal in zip(self.notes, goals, strict=True)),
            "members write",
            patience=PROMISE * 4,
        )
        time.sleep(1)

    def stop(self) -> None:
        """Let all stop."""
        for visitor in self.visitors:
            visitor.stop()

    def report_pages(self, report: Report, name: str, *, most_errors: float | None = None) -> None:
        """Add the longest time without an answer, and the number of errors."""
        gap = max(writer.longest_gap for writer in self.notes)
        report.add(f"{name}: pages back after", gap, "s", most=PROMISE)
        errors = sum(visitor.errors for visitor in self.visitors)
        report.add(f"{name}: answers of 500 or above", errors, "answers", most=most_errors)

    def report_notes(self, bed: Bed, report: Report, name: str) -> None:
        """Compare the notes that were acknowledged with those that are stored."""
        written = [text for writer in self.notes for text in writer.acknowledged]
        rows = bed.query("select body, count(*) from jobs_note where body like 'drill %' group by 1")
        counts = {str(body): int(number) for body, number in rows}
        times = [counts.get(text, 0) for text in written]
        report.add(f"{name}: acknowledged and lost, of {len(written)}", times.count(0), "notes", most=0)
        report.add(f"{name}: written twice", sum(number > 1 for number in counts.values()), "notes", most=0)


def count_mails(acknowledged: Sequence[str], states: dict[str, str], taken: Counter[str]) -> Counter[str]:
    """Count mails by their outcome.

    `states`: of each stored mail; `taken`: how often the peer has taken each. A mail may end as unclear, for a person
    to decide, if its worker was lost in the middle of the call. It must then not have been sent twice.
    """
    fates: Counter[str] = Counter()
    for text in acknowledged:
        if text not in states:
            fates["lost"] += 1
        elif states[text] == "sent" and taken[text] == 1:
            fates["delivered"] += 1
        elif states[text] == "unknown":
            fates["unclear"] += 1
        else:
            fates["other"] += 1
    fates["twice"] = sum(number > 1 for number in taken.values())
    return fates


def report_mails(bed: Bed, report: Report, name: str, acknowledged: Sequence[str]) -> None:
    """Wait until no mail waits any longer, and compare what was acknowledged with what the peer has taken."""
    try:
        wait_until(lambda: not _count_waiting(bed), "all mails have left", patience=MAIL_PATIENCE)
    except (TimeoutError, psycopg.Error) as error:
        print(f"{name}: {error}", flush=True)
    rows = bed.query(f"select {TOKEN}, state from comms_message where {TOKEN} is not null")
    fates = count_mails(acknowledged, {str(text): str(state) for text, state in rows}, bed.mails.taken)
    for fate in ("delivered", "unclear"):
        report.add(f"{name}: mails {fate}, of {len(acknowledged)}", fates[fate], "mails")
    report.add(f"{name}: mails acknowledged and lost", fates["lost"] + fates["other"], "mails", most=0)
    report.add(f"{name}: mails sent twice", fates["twice"], "mails", most=0)


def _count_waiting(bed: Bed) -> int:
    return int(bed.query("select count(*) from comms_message where state = any(%s)", list(WAITING))[0][0])
