"""Import a file of leads: survey it, then read, judge and write it batch by batch, each in a transaction of its own.

Running it again changes nothing, for every row finds its lead; so a crash half-way is mended by running it again.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, BinaryIO

from django.db import connection

from crm.people.normalise import Refused
from crm.platform import clock
from crm.platform.configuration import directory
from crm.platform.models import Member
from crm.platform.tenancy import required_tenant_id, use_tenant
from leads.intake.columns import Columns, find_columns
from leads.intake.draft import Draft, Reader
from leads.intake.headings import LABELS, Field
from leads.intake.matching import Index
from leads.intake.memory import DryMemory
from leads.intake.reading import Record, Survey, records, survey
from leads.intake.values import Habits
from leads.intake.verdicts import Outcome, Verdict, judge
from leads.intake.vocabulary import vocabulary
from leads.intake.writing import Writer
from leads.models.import_run import MOST_REFUSED

BATCH = 1000
# Two imports into one tenant at a time would make the same customer twice.
_LOCK = 0x1EAD


@dataclass(frozen=True, slots=True)
class Plan:
    """A file as it is understood, before any of its rows is judged."""

    survey: Survey
    columns: Columns
    habits: Habits

    @property
    def rows(self) -> int:
        """Rows below the header."""
        return self.survey.rows - sum(1 for record in self.survey.sample if record.row <= self.columns.header_row)

    def as_summary(self) -> dict[str, Any]:
        """What was guessed, for a person to check."""
        return {
            "encoding": self.survey.layout.encoding.removesuffix("-sig"),
            "delimiter": self.survey.layout.delimiter,
            "header_row": self.columns.header_row,
            "columns": {heading: str(LABELS[name]) for name, heading in self._headings()},
            "kept_as_notes": list(self.columns.others.values()),
            "day_first": self.habits.day_first,
        }

    def _headings(self) -> Iterator[tuple[Field, str]]:
        header = next(record for record in self.survey.sample if record.row == self.columns.header_row)
        for name, positions in self.columns.fields.items():
            yield from ((name, header.cells[at].strip()) for at in positions)


def plan(file: BinaryIO) -> Plan:
    """Understand a file, inside the tenant it is for. Raises Unreadable; writes nothing."""
    found = survey(file)
    columns = find_columns(found.sample)
    tenant = directory().tenant
    habits = Habits.of(tenant.country, tenant.currency, directory().zone)
    return Plan(found, columns, habits.corrected_by(_dates(file, found, columns)))


def _dates(file: BinaryIO, found: Survey, columns: Columns) -> Iterator[str]:
    """The texts of the date columns, as far as somebody wants to read them."""
    dated = [at for name in (Field.CREATED, Field.STAGE_SINCE, Field.TOUCHED) for at in columns.fields.get(name, ())]
    if not dated:
        return
    for record in records(file, found.layout):
        if record.row > columns.header_row:
            yield from (record.cells[at] for at in dated if at < len(record.cells))


@dataclass
class Importer:
    """Imports one file into one tenant. `by` is the member who asked, None for a command."""

    file: BinaryIO
    plan: Plan
    tenant_id: int
    by: Member | None = None
    dry_run: bool = False
    # Goes into every event, e.g. the import's id.
    data: Mapping[str, Any] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    last_row: int = 0
    # The first rows that were refused, and why.
    refused: list[tuple[int, str]] = field(default_factory=list)
    _seen_by_planner: int = BATCH // 4

    def run(self, *, after_row: int = 0) -> Iterator[list[Outcome]]:
        """Judge the rows behind `after_row` and, unless it is a dry run, write them; yields each committed batch.

        Call it outside of a transaction, so that each batch is one.
        """
        memory = DryMemory() if self.dry_run else None
        try:
            for batch in self._batches(after_row):
                with use_tenant(self.tenant_id):
                    outcomes = self._do(batch, memory)
                self.counts.update(str(outcome.verdict) for outcome in outcomes)
                self.last_row = outcomes[-1].row
                refused = ((o.row, o.reason) for o in outcomes if o.verdict == Verdict.REFUSED)
                self.refused += islice(refused, MOST_REFUSED - len(self.refused))
                self._freshen_statistics()
                yield outcomes
        finally:
            if memory:
                memory.end()

    def _freshen_statistics(self) -> None:
        """Let the planner know what was added, each time that has doubled; matters in a database that was small."""
        if not self.dry_run and self.counts[Verdict.NEW] >= 2 * self._seen_by_planner:
            self._seen_by_planner = max(self.counts[Verdict.NEW], BATCH // 2)
            with connection.cursor() as cursor:
                cursor.execute("select freshen_statistics(%s)", [self.counts[Verdict.NEW]])

    def _batches(self, after_row: int) -> Iterator[list[Record]]:
        start = max(after_row, self.plan.columns.header_row)
        rows = (record for record in records(self.file, self.plan.survey.layout) if record.row > start)
        while batch := list(islice(rows, BATCH)):
            yield batch

    def _do(self, batch: Iterable[Record], memory: DryMemory | None) -> list[Outcome]:
        if not memory:
            _wait_for_our_turn()
        reader = Reader(self.plan.columns, self.plan.habits, vocabulary(), clock.now())
        read = [_read(reader, record) for record in batch]
        index = Index([row for row in read if isinstance(row, Draft)], memory)
        outcomes = [row if isinstance(row, Outcome) else judge(row, index) for row in read]
        touched = {id(o.known): o.known for o in outcomes if o.known and o.verdict in (Verdict.NEW, Verdict.UPDATE)}
        if memory:
            memory.remember(touched.values())
        else:
            Writer(self.by, self.data).write(list(touched.values()))
        return outcomes


def _read(reader: Reader, record: Record) -> Draft | Outcome:
    try:
        return reader.read(record)
    except Refused as refused:
        return Outcome(record.row, Verdict.REFUSED, remarks=(str(refused.sentence),))


def _wait_for_our_turn() -> None:
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, %s)", [_LOCK, required_tenant_id() % 2**31])
