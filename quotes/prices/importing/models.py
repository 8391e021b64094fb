"""PriceImport: a file of items or a supplier's price list, from its upload to its result."""

from collections.abc import Mapping, Sequence

from django.db import models

from crm.jobs.models.bulk_run import ChangeRun
from crm.platform.models import TenantForeignKey
from quotes.prices.models import Supplier


class PriceImport(ChangeRun):
    """The rows of a file; the selection has their positions. With a supplier, the rows change costs alone."""

    topic = "prices"
    COUNTS = ("new_count", "update_count", "unchanged_count", "refused_count")
    progress = (*ChangeRun.progress, *COUNTS, "refusals")

    supplier_id: int | None

    file_name = models.CharField(max_length=200)
    is_workbook = models.BooleanField(default=False)
    headings = models.JSONField(default=list)
    # What each column holds, by position: a PriceColumn, or "".
    columns = models.JSONField(default=list)
    # [[number in the file, [cell, …]], …]; at the end only those that were refused.
    rows = models.JSONField(default=list)
    # Why a row was refused, by its number.
    refusals = models.JSONField(default=dict)
    supplier = TenantForeignKey(Supplier, models.PROTECT, null=True, blank=True, related_name="+")
    # Prices follow the costs of a supplier's list, so that the margin in percent stays.
    keeps_margin = models.BooleanField(default=False)
    # The prices of the file hold from this day on.
    from_day = models.DateField()
    new_count = models.PositiveIntegerField(default=0)
    update_count = models.PositiveIntegerField(default=0)
    unchanged_count = models.PositiveIntegerField(default=0)
    refused_count = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.file_name

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
