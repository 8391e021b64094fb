"""Imports of prices as runs: store the rows of a file, preview what each would do, do it in batches."""

from collections.abc import Sequence
from datetime import date
from typing import IO

from crm.jobs.importing.file import read_file
from crm.jobs.importing.runs import SheetImportKind
from crm.platform.models import Change, Member
from crm.platform.organization.configuration import directory
from crm.platform.work import runs
from quotes.permissions import EDIT_PRICES
from quotes.prices.importing.columns import guess_columns
from quotes.prices.importing.judge import JudgedPrice, judge_rows
from quotes.prices.importing.models import PriceImport
from quotes.prices.importing.writing import write_rows
from quotes.prices.models import Supplier


def receive(file: IO[bytes], name: str, size: int, supplier: Supplier | None, *, by: Member) -> PriceImport:
    """Store the rows of an uploaded file. Raises UnreadableFile."""
    content = read_file(file, size)
    run = PriceImport(by=by, supplier=supplier, from_day=directory().today())
    run.take(content, name, guess_columns(content.headings, is_supplier_list=supplier is not None))
    return runs.add(run)


def choose_mapping(run: PriceImport, columns: Sequence[str], from_day: date, keeps_margin: bool) -> None:
    """Save what the columns hold, from when the prices hold, and whether prices follow the costs."""
    run.columns = list(columns)
    run.from_day = from_day
    run.keeps_margin = keeps_margin
    run.save(update_fields=["columns", "from_day", "keeps_margin"])


@runs.register
class PriceImportKind(SheetImportKind[PriceImport]):
    """Import the next rows of a file of prices."""

    model = PriceImport
    work = "prices.import"
    permission = EDIT_PRICES
    size = small = 200

    def write(self, run: PriceImport, ids: Sequence[int]) -> tuple[list[tuple[int, JudgedPrice]], Change | None]:
        return write_rows(run, judge_rows(run, ids))
