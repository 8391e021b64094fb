"""Write the refused rows to a file like the uploaded one, plus a column of reasons, to correct and import again."""

import csv
import io
import re
from collections.abc import Iterator
from typing import IO

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from crm.jobs.importing.headings import WHY_REFUSED
from crm.platform.files import stored_files
from crm.platform.models import StoredFile
from leads.importing.files.staging import walk
from leads.importing.mapping.columns import says_why_refused
from leads.importing.mapping.plan import Plan
from leads.importing.matching.verdicts import RowVerdict
from leads.models import ImportRow, ImportRun

_READ = 1000
# "-5", "+31 6 1234" and "-12.50" are no formulas.
_PLAIN_SIGNED = re.compile(r"[+-][\d\s().,/-]*")


def write_refusals(run: ImportRun, staged: IO[bytes], plan: Plan) -> StoredFile:
    """Write and store the file of refused rows."""
    stem, _dot, ending = run.file_name.rpartition(".")
    workbook = plan.staged.kind == "xlsx"
    if workbook:
        kind = "xlsx"
    elif plan.staged.delimiter == "\t":
        kind = "tsv"
    else:
        kind = "csv"
    name = f"{stem or ending}-{_('refused')}.{kind}"
    with stored_files.write_stored_file(name, purpose="import-refusals", by=run.by) as making:
        rows = _refused_rows(run, staged, plan)
        if workbook:
            _write_workbook(rows, making.file)
        else:
            _write_text(rows, making.file, plan.staged.delimiter or ",")
    assert making.stored is not None
    return making.stored


def _refused_rows(run: ImportRun, staged: IO[bytes], plan: Plan) -> Iterator[list[str]]:
    yield [*(heading for heading in plan.header if not says_why_refused(heading)), _(WHY_REFUSED)]
    # A file that was corrected before has its old reasons.
    reason_columns = {at for at, heading in enumerate(plan.header) if says_why_refused(heading)}
    # Later rows still have the check's verdicts.
    refused = ImportRow.objects.filter(run=run, verdict=RowVerdict.REFUSED, row__lte=run.done_to_row)
    reasons: dict[int, str] = {}
    upto = 0
    for record, _byte in walk(staged):
        if record.row <= plan.columns.header_row:
            continue
        if record.row > run.done_to_row:
            return
        if record.row > upto:
            # The next thousand refusals, and the row up to which they go.
            reasons_by_row = list(
                refused.filter(row__gte=record.row).order_by("row").values_list("row", "reason")[:_READ]
            )
            reasons = dict(reasons_by_row)
            if len(reasons_by_row) == _READ:
                upto = reasons_by_row[-1][0]
            else:
                upto = 1 << 62
        if record.row in reasons:
            cells = [*record.cells, *[""] * (plan.columns.width - len(record.cells))]
            yield [*(cell for at, cell in enumerate(cells) if at not in reason_columns), reasons[record.row]]


def guard_formula(cell: str) -> str:
    """Escape a cell that a spreadsheet would run as a formula; the import removes the escape."""
    if cell[:1] in {"=", "@", "\t", "\r", "＝", "＋", "－", "＠"} or (
        cell[:1] in {"+", "-"} and not _PLAIN_SIGNED.fullmatch(cell)
    ):
        return "'" + cell
    return cell


def _write_text(rows: Iterator[list[str]], file: IO[bytes], delimiter: str) -> None:
    text = io.TextIOWrapper(file, "utf-8-sig", newline="")
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerows([guard_formula(cell) for cell in row] for row in rows)
    text.detach()


def _write_workbook(rows: Iterator[list[str]], file: IO[bytes]) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Refused rows"))
    for row in rows:
        cells = []
        for value in row:
            cell = WriteOnlyCell(sheet)
            # As text, whatever it begins with.
            cell._value = _remove_control_characters(value)
            cell.data_type = "s"
            cells.append(cell)
        sheet.append(cells)
    book.save(file)


def _remove_control_characters(value: str) -> str:
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "", value)[:32_000]
