"""ItemPrice: the price and the cost of an item from a day on."""

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Q

from crm.kernel import clock
from crm.kernel.typed_values import MAX_MINOR
from crm.platform.models import Member, TenantForeignKey, TenantModel


class ItemPrice(TenantModel):
    """Price and cost per unit, in minor units. Of a day the last one holds. Never changed, only followed by another."""

    app_may: ClassVar[str] = "select, insert, delete"

    item_id: int

    item = TenantForeignKey("quotes.PriceItem", models.CASCADE, related_name="prices")
    currency = models.CharField(max_length=3)
    price = models.BigIntegerField()
    # Null: nobody knows what it costs us.
    cost = models.BigIntegerField(null=True, blank=True)
    from_day = models.DateField()
    created_at = models.DateTimeField(default=clock.now, editable=False)
    created_by = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.CheckConstraint(
                condition=Q(price__gte=0) & (Q(cost__isnull=True) | Q(cost__gte=0)),
                name="item_price_is_not_below_zero",
            ),
            models.CheckConstraint(
                condition=Q(price__lte=MAX_MINOR) & (Q(cost__isnull=True) | Q(cost__lte=MAX_MINOR)),
                name="item_price_is_an_amount",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "item", "currency", "-from_day", "-id"], name="item_price_latest"),
        ]

    def __str__(self) -> str:
        return f"{self.price} {self.currency} from {self.from_day}"

    def is_in_force(self, day: date) -> bool:
        """True from its first day on; a later price may have followed it."""
        return self.from_day <= day
