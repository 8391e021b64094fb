"""SheetImportKind: imports the rows of a spreadsheet in batches."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import TypeVar

from crm.jobs.bulk.runs import ChangeKind
from crm.jobs.importing.sheet_import import SheetImport
from crm.jobs.importing.verdicts import ImportVerdict, RowResult, count_verdicts
from crm.platform.models import Change

S = TypeVar("S", bound=SheetImport)


class SheetImportKind(ChangeKind[S]):
    """Import the next rows of a file. Each is judged again, for something may have changed since the preview."""

    @abstractmethod
    def write(self, run: S, ids: Sequence[int]) -> tuple[Sequence[tuple[int, RowResult]], Change | None]:
        """Judge the rows at these positions and write them; return the results and the undo."""

    def do(self, run: S, ids: Sequence[int]) -> None:
        judged, change = self.write(run, ids)
        counts = count_verdicts(judged)
        refusals = {number: row.reason for number, row in judged if row.verdict == ImportVerdict.REFUSED}
        run.count_rows(counts, refusals)
        run.did(counts[ImportVerdict.NEW] + counts[ImportVerdict.UPDATE], change)
