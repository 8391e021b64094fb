"""Imports of follow-ups as runs: store the rows of a file, preview what each would do, do it in batches."""

from collections.abc import Sequence
from typing import IO

from crm.jobs.importing.cells import cells_by_column
from crm.jobs.importing.file import read_file
from crm.jobs.importing.runs import SheetImportKind
from crm.kernel import clock
from crm.platform.models import Change, Member
from crm.platform.work import runs
from followups.importing.columns import ImportColumn, guess_columns
from followups.importing.judge import JudgedRow, RowJudge, repeated_rows
from followups.importing.known import load_known
from followups.importing.models import FollowUpImport
from followups.importing.values import CellReader
from followups.importing.writing import write_rows


def receive(file: IO[bytes], name: str, size: int, *, by: Member) -> FollowUpImport:
    """Store the rows of an uploaded file. Raises UnreadableFile."""
    content = read_file(file, size)
    run = FollowUpImport(by=by)
    run.take(content, name, guess_columns(content.headings))
    return runs.add(run)


def choose_columns(run: FollowUpImport, columns: Sequence[str]) -> None:
    """Save what the columns hold, as the member chose."""
    run.columns = list(columns)
    run.save(update_fields=["columns"])


def judge_rows(run: FollowUpImport, positions: Sequence[int]) -> list[tuple[int, JudgedRow]]:
    """Judge these rows as things are now, each with its number in the file."""
    lines = [(number, cells_by_column(ImportColumn, run.columns, cells)) for number, cells in run.rows]
    chosen = [lines[at] for at in positions]
    by = run.by
    records = load_known([cells for _number, cells in chosen], by)
    reader = CellReader.of_rows([cells for _number, cells in lines])
    judge = RowJudge(records, reader, repeated_rows(lines), by, clock.now())
    return [(number, judge.judge(number, cells)) for number, cells in chosen]


@runs.register
class FollowUpImportKind(SheetImportKind[FollowUpImport]):
    """Import the next rows of a file of follow-ups."""

    model = FollowUpImport
    work = "followups.import"
    permission = "followups.work"

    def write(self, run: FollowUpImport, ids: Sequence[int]) -> tuple[list[tuple[int, JudgedRow]], Change | None]:
        return write_rows(judge_rows(run, ids), by=run.by, change=run.change)
