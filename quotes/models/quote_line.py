"""QuoteLine: a line of a version: what is done or delivered, how much of it, and its price."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Cast, Greatest
from django.db.models.lookups import LessThanOrEqual
from django.utils.translation import gettext as _

from crm.kernel.amounts import MILLION, THOUSAND
from crm.kernel.refusal import Refused
from crm.kernel.typed_values import MAX_MINOR
from crm.platform.models import TenantForeignKey, TenantModel
from crm.platform.models.base import public_id
from quotes.models.quote_option import QuoteOption
from quotes.prices.models import PriceItem
from quotes.prices.models.price_unit import PIECE
from quotes.sums import Discount, SumLine
from quotes.taxes.models import TaxClass

# Quantity in thousandths times price.
MOST_OF_A_LINE = MAX_MINOR * THOUSAND


class QuoteLine(TenantModel):
    """A line with its own copy of text, price, cost and tax rate, so that no later change reaches it."""

    # What a copy of it in another version keeps.
    COPIED: ClassVar[tuple[str, ...]] = (
        *("position", "item_id", "name", "details", "unit", "unit_code", "quantity", "unit_price", "unit_cost"),
        *("tax_class_id", "tax_rate_ppm", "tax_name", "tax_treatment"),
        *("discount_amount", "discount_ppm", "is_optional", "priced_on", "kept_until"),
    )

    item_id: int | None
    option_id: int | None
    tax_class_id: int | None

    uid = public_id()
    version = TenantForeignKey("quotes.QuoteVersion", models.CASCADE, related_name="lines")
    option = TenantForeignKey(QuoteOption, models.CASCADE, null=True, blank=True, related_name="lines")
    position = models.PositiveIntegerField()
    # The item of the price book it was made of; null: it was typed.
    item = TenantForeignKey(PriceItem, models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=160)
    details = models.CharField(max_length=500, blank=True)
    unit = models.CharField(max_length=20, blank=True)
    unit_code = models.CharField(max_length=3, default=PIECE)
    # In thousandths.
    quantity = models.BigIntegerField(default=1000)
    # In minor units; a cost that nobody knows is null.
    unit_price = models.BigIntegerField()
    unit_cost = models.BigIntegerField(null=True, blank=True)
    tax_class = TenantForeignKey(TaxClass, models.PROTECT, null=True, blank=True, related_name="+")
    tax_rate_ppm = models.PositiveIntegerField(default=0)
    tax_name = models.CharField(max_length=60, blank=True)
    # Why it bears that tax, or none: a TaxTreatment.
    tax_treatment = models.CharField(max_length=8, default="standard")
    discount_amount = models.BigIntegerField(default=0)
    discount_ppm = models.PositiveIntegerField(default=0)
    # The customer may take it off.
    is_optional = models.BooleanField(default=False)
    # The day of the price book it was taken from; and until when an older price is kept on purpose.
    priced_on = models.DateField(null=True, blank=True)
    kept_until = models.DateField(null=True, blank=True)

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="quote_line_uid_is_unique"),
            models.CheckConstraint(
                condition=Q(quantity__gte=0, unit_price__gte=0, discount_amount__gte=0)
                & (Q(unit_cost__isnull=True) | Q(unit_cost__gte=0)),
                name="quote_line_is_not_below_zero",
            ),
            models.CheckConstraint(
                condition=Q(discount_ppm__lte=MILLION, tax_rate_ppm__lte=MILLION),
                name="quote_line_has_shares_of_a_whole",
            ),
            models.CheckConstraint(
                condition=Q(discount_amount=0) | Q(discount_ppm=0), name="quote_line_has_one_discount"
            ),
            # In numeric: the product itself may be beyond 64 bits.
            models.CheckConstraint(
                condition=LessThanOrEqual(
                    Cast("quantity", models.DecimalField(max_digits=20, decimal_places=0))
                    * Greatest("unit_price", "unit_cost"),
                    MOST_OF_A_LINE,
                ),
                name="quote_line_comes_to_an_amount",
            ),
        ]
        indexes = [models.Index(fields=["tenant", "version", "position"], name="quote_line_in_order")]

    def __str__(self) -> str:
        return self.name

    @property
    def discount(self) -> Discount:
        return Discount(self.discount_amount, self.discount_ppm)

    def refuse_too_much(self) -> None:
        """Raise Refused if quantity times price, or times cost, is more than an amount can be (MAX_MINOR)."""
        if self.quantity * max(self.unit_price, self.unit_cost or 0) > MOST_OF_A_LINE:
            words = _("“%(name)s” comes to too large an amount. Check quantity, price and cost.")
            raise Refused(words % {"name": self.name})

    def as_sum_line(self) -> SumLine:
        """Return it as a line to sum up."""
        return SumLine(
            key=self.pk,
            quantity=self.quantity,
            unit_price=self.unit_price,
            unit_cost=self.unit_cost,
            tax_rate=self.tax_rate_ppm,
            discount=self.discount,
            option=self.option_id,
            is_optional=self.is_optional,
        )

    def shown_values(self, positions: Mapping[int, int]) -> list[Any]:
        """Return what the customer is shown of it. `positions`: of the options, by their ids."""
        option = positions[self.option_id] if self.option_id else None
        return [
            *(option, self.position, self.name, self.details, self.unit, self.quantity, self.unit_price),
            *(self.tax_rate_ppm, self.tax_name, self.discount_amount, self.discount_ppm, self.is_optional),
        ]
