"""SheetImport: a run that imports the rows of a spreadsheet, from its upload to its result."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from django.db import models

from crm.jobs.importing.file import FileRows
from crm.jobs.models.bulk_run import ChangeRun


class SheetImport(ChangeRun):
    """The rows of a file; the selection has their positions. Deleted after a day, with its rows."""

    COUNTS = ("new_count", "update_count", "unchanged_count", "refused_count")
    progress: ClassVar[tuple[str, ...]] = (*ChangeRun.progress, *COUNTS, "refusals")

    file_name = models.CharField(max_length=200)
    is_workbook = models.BooleanField(default=False)
    headings = models.JSONField(default=list)
    # What each column holds, by position: a value of the import's columns, or "".
    columns = models.JSONField(default=list)
    # [[number in the file, [cell, …]], …]; at the end only those that were refused.
    rows = models.JSONField(default=list)
    # Why a row was refused, by its number.
    refusals = models.JSONField(default=dict)
    new_count = models.PositiveIntegerField(default=0)
    update_count = models.PositiveIntegerField(default=0)
    unchanged_count = models.PositiveIntegerField(default=0)
    refused_count = models.PositiveIntegerField(default=0)

    class Meta(ChangeRun.Meta):
        abstract = True

    def __str__(self) -> str:
        return self.file_name

    def take(self, content: FileRows, name: str, columns: Sequence[str]) -> None:
        """Take the rows of a file with its name, and what its columns hold."""
        self.act = "import"
        self.file_name = name[:200]
        self.is_workbook = content.is_workbook
        self.headings = content.headings
        self.columns = list(columns)
        self.rows = content.rows
        self.select(range(len(content.rows)))

    def count_rows(self, counts: Mapping[str, int], refusals: Mapping[int, str]) -> None:
        """Add the results of a batch of rows; saved with the run's progress."""
        for name, count in counts.items():
            setattr(self, f"{name}_count", getattr(self, f"{name}_count") + count)
        self.refusals = self.refusals | {str(number): why for number, why in refusals.items()}

    def refused_rows(self) -> list[list[str]]:
        """Return the rows that were refused as they came, each with its reason behind it."""
        return [[*cells, self.refusals[str(number)]] for number, cells in self.rows if str(number) in self.refusals]

    def forget(self) -> Sequence[str]:
        self.rows = [row for row in self.rows if str(row[0]) in self.refusals]
        return (*super().forget(), "rows")
