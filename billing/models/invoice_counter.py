"""InvoiceCounter: the last number of a series of a brand in a year. Unlike NumberBlock it leaves no gaps."""

from django.db import connection, models

from crm.platform.models import Brand, TenantForeignKey, TenantModel
from crm.platform.tenancy.context import required_tenant_id

_TAKE = """
    insert into billing_invoicecounter as counter (tenant_id, brand_id, series, year, last)
    values (%s, %s, %s, %s, %s)
    on conflict (tenant_id, brand_id, series, year) do update set last = counter.last + excluded.last
    returning last"""


class InvoiceCounter(TenantModel):
    """The last number given in a series."""

    brand = TenantForeignKey(Brand, models.CASCADE, related_name="+")
    series = models.CharField(max_length=8)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "brand", "series", "year"], name="invoice_counter_is_once")
        ]

    def __str__(self) -> str:
        return f"{self.series} {self.year}: {self.last}"

    @classmethod
    def take_next(cls, brand_id: int, series: str, year: int, *, count: int = 1) -> int:
        """Take so many numbers of a series; return the first, from 1.

        The counter stays locked until the transaction ends: others wait, and a rollback gives the numbers back.
        """
        with connection.cursor() as cursor:
            cursor.execute(_TAKE, [required_tenant_id(), brand_id, series, year, count])
            return int(cursor.fetchone()[0]) - count + 1
