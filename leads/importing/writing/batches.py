"""Import a staged file of leads: read, judge and write it in batches, one transaction each.

Running it again changes nothing, for every row finds its lead; so after a crash, run it again.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from time import monotonic, thread_time
from typing import IO, Any, TypeVar

from django.db import connection
from django.utils.translation import gettext as _

from crm.jobs.importing.cells import clean
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.people.identity.points import PointRule, own_points
from crm.platform.models import Member
from crm.platform.tenancy.context import required_tenant_id, use_tenant
from leads.importing.files.staging import walk
from leads.importing.mapping.plan import Plan
from leads.importing.matching.draft import LeadDraft
from leads.importing.matching.matches import Index
from leads.importing.matching.memory import DryMemory
from leads.importing.matching.points import sift
from leads.importing.matching.reader import LoneRecord, RowParser
from leads.importing.matching.verdicts import RowOutcome, RowVerdict, Wish, judge
from leads.importing.values.no_leads import is_alone
from leads.importing.values.vocabulary import vocabulary
from leads.importing.writing.rows import earlier_rows, first_made, forget_rows, keep_rows, list_shown_cells, row_choices
from leads.importing.writing.writer import BatchWriter
from leads.models import ImportRun
from libs.tabular import TableRecord

logger = logging.getLogger(__name__)
T = TypeVar("T")

BATCH = 1000
# A batch is smaller where its rows are larger than this, in bytes, or take the processor longer to read, or to judge:
# a row of a customer with thousands of jobs is compared with each of them.
BATCH_BYTES = 4_000_000
BATCH_SECONDS = 2.0
# Headings are told of so many rows below them; so many in a row, which at the end of a report are the lines below it.
_LOOKED_AT = 4
_IN_A_ROW = 12
# What is shown of a row that was refused: so many cells, and characters of each.
_RAW_CELLS = 4
_RAW_CELL = 40
# Two imports into one tenant at a time would make the same customer twice.
_LOCK = 0x1EAD


@dataclass
class Importer:
    """Imports one staged file into one tenant. `by` is the member who asked, None for a command."""

    staged: IO[bytes]
    plan: Plan
    tenant_id: int
    by: Member | None = None
    # Whose rows are kept with their verdicts; None for a dry run of the command, which keeps nothing.
    run_of: ImportRun | None = None
    # Judge alone: what would be made is remembered here, not written.
    memory: DryMemory | None = None
    counts: Counter[str] = field(default_factory=Counter)
    # The last row that is done, and the byte behind it.
    last_row: int = 0
    last_byte: int = 0
    # Called in each batch's own transaction, once its rows are written.
    committed: Callable[["Importer"], object] = lambda importer: None
    _seen_by_planner: int = BATCH // 4
    # The first lead this file has made, 0 before there is one.
    _since: int = 0

    @property
    def data(self) -> Mapping[str, Any]:
        """Data of every event."""
        if self.run_of:
            return {"import": self.run_of.pk}
        return {}

    def run(self, *, byte: int = 0) -> Iterator[list[RowOutcome]]:
        """Judge the rows from a byte offset and, except in a check, write them; yields each committed batch.

        Call it outside of a transaction, so that each batch is one.
        """
        batches = filter(None, self._read_batches(byte))
        batch = next(batches, [])
        while batch:
            with use_tenant(self.tenant_id):
                outcomes = self._import_batch(batch)
                self.counts.update(str(outcome.verdict) for outcome in outcomes)
                self.committed(self)
            # A batch may end early, after `BATCH_SECONDS`: the rest of its rows comes next.
            batch = batch[len(outcomes) :] or next(batches, [])
            self._freshen_statistics()
            yield outcomes

    def _freshen_statistics(self) -> None:
        """Analyze the tables when they have grown fourfold, so that the query planner does not use stale statistics."""
        new = self.counts[RowVerdict.NEW] + (self.run_of.new_count if self.run_of else 0)
        if not self.memory and new >= 4 * self._seen_by_planner:
            self._seen_by_planner = new
            with connection.cursor() as cursor:
                cursor.execute("select freshen_statistics(%s)", [new])

    def _read_batches(self, byte: int) -> Iterator[list[tuple[TableRecord, int]]]:
        """Yield rows, each with the offset after it."""
        batch: list[tuple[TableRecord, int]] = []
        for record, at in _with_below(walk(self.staged, byte=byte)):
            if record.row > self.plan.columns.header_row:
                batch.append((record, at))
            if len(batch) >= BATCH or at - byte >= BATCH_BYTES:
                yield batch
                batch = []
                byte = at
        yield batch

    def _read(self, batch: list[tuple[TableRecord, int]]) -> list[LeadDraft | RowOutcome]:
        """Read the rows of a batch, as many as there is time for, at least one."""
        plan = self.plan
        rule = PointRule(own_points(), plan.shared)
        words = vocabulary(plan.choices.values)
        reader = RowParser(plan.columns, plan.habits, words, clock.now(), clocks_now=plan.choices.clocks == "now")
        return [_read(reader, rule, record) for record, _at in _in_time(batch)]

    def _import_batch(self, batch: list[tuple[TableRecord, int]]) -> list[RowOutcome]:
        if not self.memory:
            _wait_for_our_turn()
        outcomes = self._judge_rows(self._read(batch))
        self.last_row = outcomes[-1].row
        self.last_byte = batch[len(outcomes) - 1][1]
        chosen = {}
        if self.run_of:
            chosen = forget_rows(self.run_of, batch[0][0].row, self.last_row)
        touched = {
            id(o.known): o.known for o in outcomes if o.known and o.verdict in (RowVerdict.NEW, RowVerdict.UPDATE)
        }
        if self.memory:
            for known_lead in touched.values():
                # A row of the file that is like it may be shown beside it.
                if known_lead.draft and self.run_of:
                    known_lead.shown = list_shown_cells(known_lead.draft)
                else:
                    known_lead.shown = known_lead.shown
            self.memory.remember(touched.values())
        else:
            BatchWriter(self.by, self.data).write(list(touched.values()))
        if self.run_of:
            keep_rows(self.run_of, outcomes, chosen, all_of_them=self.memory is None)
        return outcomes

    def _judge_rows(self, rows: Sequence[LeadDraft | RowOutcome]) -> list[RowOutcome]:
        """Judge rows, as many as there is time for, at least one; the others are read again."""
        numbers = [row.row for row in rows]
        single: Mapping[int, str] = {}
        done: Mapping[int, tuple[int, bool]] = {}
        if self.run_of:
            single = row_choices(self.run_of, numbers)
            done = earlier_rows(self.run_of, numbers)
        alike = self.plan.choices.duplicates
        drafts = [row for row in rows if isinstance(row, LeadDraft)]
        before = {row: job for row, (job, _made) in done.items()}
        index = Index(drafts, self.memory, since=self._first_made(), before=before)
        return [
            row
            if isinstance(row, RowOutcome)
            else judge(row, index, Wish(single.get(row.row, ""), alike, made_before=done.get(row.row, (0, False))[1]))
            for row in _in_time(rows)
        ]

    def _first_made(self) -> int:
        """Return the first lead this file created; later ones are matched as leads of the same file."""
        if not self._since and self.run_of and not self.memory:
            self._since = first_made(self.run_of)
        return self._since


def _with_below(rows: Iterable[tuple[TableRecord, int]]) -> Iterator[tuple[TableRecord, int]]:
    """Pair each row that has a single cell with the rows below it; consecutive ones share them."""
    headings: list[tuple[TableRecord, int]] = []
    group: list[tuple[TableRecord, int]] = []
    # How many of the headings stand above the last empty line.
    row = 0
    above = _IN_A_ROW
    for record, at in rows:
        lone = is_alone(record.cells)
        if headings and (len(group) == _LOOKED_AT if not lone else group or len(headings) == _IN_A_ROW):
            yield from _with_rows_below(headings, group)
            headings = []
            group = []
            above = _IN_A_ROW
        if lone:
            if record.row > row + 1 > 1:
                above = len(headings)
            headings.append((record, at))
        elif headings:
            group.append((record, at))
        else:
            yield record, at
        row = record.row
    if group:
        yield from _with_rows_below(headings, group)
    else:
        last = [record.cells for record, _at in headings[above:]]
        yield from headings[:above]
        yield from (
            (LoneRecord(record.row, record.cells, record.cut_off, last=last), at) for record, at in headings[above:]
        )


def _with_rows_below(
    headings: Sequence[tuple[TableRecord, int]], group: Sequence[tuple[TableRecord, int]]
) -> Iterator[tuple[TableRecord, int]]:
    below = [record.cells for record, _at in group]
    yield from ((LoneRecord(record.row, record.cells, record.cut_off, below=below), at) for record, at in headings)
    yield from group


def _in_time(items: Iterable[T]) -> Iterator[T]:
    """Yield while there is time for another batch, at least once."""
    until = thread_time() + BATCH_SECONDS
    not_before = monotonic() + BATCH_SECONDS
    for item in items:
        yield item
        # Asking for the processor's time is a call of the system's; it is never more than the time that passed.
        if monotonic() < not_before:
            continue
        left = until - thread_time()
        if left <= 0:
            return
        not_before = monotonic() + left


def _read(reader: RowParser, rule: PointRule, record: TableRecord) -> LeadDraft | RowOutcome:
    try:
        return sift(reader.read(record), rule)
    except (Refused, ValueError, TypeError, ArithmeticError, LookupError, AttributeError, RecursionError) as error:
        if not isinstance(error, Refused):
            # Nobody foresaw it; one row is no reason to stop the file.
            logger.exception("a row could not be read", extra={"row": record.row})
        if isinstance(error, Refused):
            why = str(error)
        else:
            why = _("This row could not be read.")
        cells = [clean(cell)[:_RAW_CELL] for cell in record.cells if cell.strip()]
        raw = " · ".join(filter(None, cells[:_RAW_CELLS]))
        return RowOutcome(record.row, RowVerdict.REFUSED, remarks=(why,), raw=raw)


def _wait_for_our_turn() -> None:
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, %s)", [_LOCK, required_tenant_id() % 2**31])
