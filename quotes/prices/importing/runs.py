"""Imports of prices as runs: store the rows of a file, preview what each would do, do it in batches."""

from collections.abc import Sequence
from datetime import date
from typing import IO

from crm.jobs.bulk.runs import ChangeKind
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.platform.work import runs
from followups.importing.file import read_file
from followups.importing.judge import ImportVerdict
from quotes.permissions import EDIT_PRICES
from quotes.prices.importing.columns import guess_columns
from quotes.prices.importing.judge import count_verdicts, judge_rows
from quotes.prices.importing.models import PriceImport
from quotes.prices.importing.writing import write_rows
from quotes.prices.models import Supplier


def receive(file: IO[bytes], name: str, size: int, supplier: Supplier | None, *, by: Member) -> PriceImport:
    """Store the rows of an uploaded file. Raises UnreadableFile."""
    content = read_file(file, size)
    run = PriceImport(act="import", by=by, file_name=name[:200], is_workbook=content.is_workbook, supplier=supplier)
    run.headings = content.headings
    run.columns = guess_columns(content.headings, is_supplier_list=supplier is not None)
    run.rows = content.rows
    run.from_day = directory().today()
    run.select(range(len(content.rows)))
    return runs.add(run)


def choose_mapping(run: PriceImport, columns: Sequence[str], from_day: date, keeps_margin: bool) -> None:
    """Save what the columns hold, from when the prices hold, and whether prices follow the costs."""
    run.columns = list(columns)
    run.from_day = from_day
    run.keeps_margin = keeps_margin
    run.save(update_fields=["columns", "from_day", "keeps_margin"])


@runs.register
class PriceImportKind(ChangeKind[PriceImport]):
    """Import the next rows of a file. Each is judged again, for something may have changed since the preview."""

    model = PriceImport
    work = "prices.import"
    permission = EDIT_PRICES
    size = small = 200

    def do(self, run: PriceImport, ids: Sequence[int]) -> None:
        judged, change = write_rows(run, judge_rows(run, ids))
        counts = count_verdicts(judged)
        refusals = {number: row.reason for number, row in judged if row.verdict == ImportVerdict.REFUSED}
        run.count_rows(counts, refusals)
        run.did(counts[ImportVerdict.NEW] + counts[ImportVerdict.UPDATE], change)
