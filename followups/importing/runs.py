"""Imports of follow-ups as runs: store the rows of a file, preview what each would do, do it in batches."""

from collections import Counter
from collections.abc import Sequence
from typing import IO

from crm.jobs.bulk.runs import ChangeKind
from crm.kernel import clock
from crm.platform.models import Member
from crm.platform.work import runs
from followups.importing.columns import ImportColumn, guess_columns
from followups.importing.file import read_file
from followups.importing.judge import ImportVerdict, JudgedRow, RowJudge, repeated_rows
from followups.importing.known import Cells, load_known
from followups.importing.models import FollowUpImport
from followups.importing.values import CellReader
from followups.importing.writing import write_rows
from leads.importing.matching.cells import clean


def receive(file: IO[bytes], name: str, size: int, *, by: Member) -> FollowUpImport:
    """Store the rows of an uploaded file. Raises UnreadableFile."""
    content = read_file(file, size)
    run = FollowUpImport(act="import", by=by, file_name=name[:200], is_workbook=content.is_workbook)
    run.headings = content.headings
    run.columns = guess_columns(content.headings)
    run.rows = content.rows
    run.select(range(len(content.rows)))
    return runs.add(run)


def choose_columns(run: FollowUpImport, columns: Sequence[str]) -> None:
    """Save what the columns hold, as the member chose."""
    run.columns = list(columns)
    run.save(update_fields=["columns"])


def judge_rows(run: FollowUpImport, positions: Sequence[int]) -> list[tuple[int, JudgedRow]]:
    """Judge these rows as things are now, each with its number in the file."""
    lines = [(number, _cells_by_column(run.columns, cells)) for number, cells in run.rows]
    chosen = [lines[at] for at in positions]
    by = run.by
    records = load_known([cells for _number, cells in chosen], by)
    reader = CellReader.of_rows([cells for _number, cells in lines])
    judge = RowJudge(records, reader, repeated_rows(lines), by, clock.now())
    return [(number, judge.judge(number, cells)) for number, cells in chosen]


def _cells_by_column(columns: Sequence[str], cells: Sequence[str]) -> Cells:
    """Return the cells that hold something, by column."""
    texts = ((column, clean(cell.replace("\r\n", "\n"))) for column, cell in zip(columns, cells, strict=True) if column)
    return {ImportColumn(column): text for column, text in texts if text}


def count_verdicts(judged: Sequence[tuple[int, JudgedRow]]) -> Counter[str]:
    """Count the rows of each verdict."""
    return Counter(str(row.verdict) for _number, row in judged)


@runs.register
class FollowUpImportKind(ChangeKind[FollowUpImport]):
    """Import the next rows of a file. Each is judged again, for something may have changed since the preview."""

    model = FollowUpImport
    work = "followups.import"
    permission = "followups.work"

    def do(self, run: FollowUpImport, ids: Sequence[int]) -> None:
        judged, change = write_rows(judge_rows(run, ids), by=run.by, change=run.change)
        counts = count_verdicts(judged)
        refusals = {number: row.reason for number, row in judged if row.verdict == ImportVerdict.REFUSED}
        run.count_rows(counts, refusals)
        run.did(counts[ImportVerdict.NEW] + counts[ImportVerdict.UPDATE], change)
