"""PriceImport: a file of items or a supplier's price list, from its upload to its result."""

from django.db import models

from crm.jobs.importing.sheet_import import SheetImport
from crm.platform.models import TenantForeignKey
from quotes.prices.models import Supplier


class PriceImport(SheetImport):
    """The rows of a file of prices. With a supplier, the rows change costs alone."""

    topic = "prices"

    supplier_id: int | None

    supplier = TenantForeignKey(Supplier, models.PROTECT, null=True, blank=True, related_name="+")
    # Prices follow the costs of a supplier's list, so that the margin in percent stays.
    keeps_margin = models.BooleanField(default=False)
    # The prices of the file hold from this day on.
    from_day = models.DateField()
