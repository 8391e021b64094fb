"""InvoiceLine: a line of an invoice. The database refuses to change it once the invoice is issued."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import models
from django.db.models import Q

from billing.models.invoice_row import InvoiceRow
from crm.kernel.amounts import THOUSAND, line_total
from crm.kernel.typed_values import MAX_MINOR
from crm.platform.models import TenantForeignKey, TenantModel
from quotes.sums import LineSums, SumLine, SumRules, sum_up


@dataclass(frozen=True)
class LineDraft:
    """A line to bill: quantity in thousandths, unit price in minor units, tax rate in parts per million."""

    name: str
    unit_price: int
    quantity: int = THOUSAND
    unit: str = ""
    tax_rate: int = 0
    # Why there is no tax, such as "reverse" for a reverse charge.
    tax_code: str = ""
    description: str = ""


class InvoiceLine(TenantModel):
    """Line of an invoice: text, quantity, price, tax rate."""

    invoice = TenantForeignKey("billing.Invoice", models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200)
    description = models.CharField(max_length=1000, blank=True)
    unit = models.CharField(max_length=16, blank=True)
    quantity = models.BigIntegerField(default=THOUSAND)
    unit_price = models.BigIntegerField()
    # Quantity times price; whether its tax is in it or added, the invoice says.
    amount = models.BigIntegerField()
    tax_rate = models.PositiveIntegerField(default=0)
    tax_code = models.CharField(max_length=12, blank=True)

    class Meta:
        base_manager_name = "objects"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "invoice", "position"], name="invoice_line_position_is_unique"),
            models.CheckConstraint(
                condition=Q(amount__gte=-MAX_MINOR, amount__lte=MAX_MINOR), name="invoice_line_comes_to_an_amount"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def write_all(cls, invoice: InvoiceRow, drafts: list[LineDraft]) -> None:
        """Replace the lines of a draft."""
        cls.objects.filter(invoice_id=invoice.pk).delete()
        cls.objects.bulk_create(cls.build_all(invoice, drafts))

    @classmethod
    def build_all(cls, invoice: InvoiceRow, drafts: Sequence[LineDraft]) -> "list[InvoiceLine]":
        """Return the lines of an invoice, unsaved."""
        return [
            cls(
                invoice_id=invoice.pk,
                position=position,
                name=draft.name[:200],
                description=draft.description[:1000],
                unit=draft.unit,
                quantity=draft.quantity,
                unit_price=draft.unit_price,
                amount=line_total(draft.quantity, draft.unit_price),
                tax_rate=draft.tax_rate,
                tax_code=draft.tax_code,
            )
            for position, draft in enumerate(drafts)
        ]


def sums_of(drafts: list[LineDraft], tax_mode: str, rounding: str) -> LineSums:
    """Return net, taxes by rate and total of these lines."""
    lines = [
        SumLine(key=key, quantity=draft.quantity, unit_price=draft.unit_price, tax_rate=draft.tax_rate)
        for key, draft in enumerate(drafts)
    ]
    return sum_up(lines, SumRules(tax_mode=tax_mode, rounding=rounding))
