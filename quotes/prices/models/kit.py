"""PriceKit: items that are sold together, each with its quantity; a quote gets a line for each."""

from collections.abc import Sequence
from typing import Any, ClassVar, NamedTuple

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from crm.jobs.models import Pipeline
from crm.kernel.refusal import Refused
from crm.platform.models import Brand, Member, TenantForeignKey, TenantModel
from crm.platform.models.base import public_id
from crm.platform.organization.named_rows import NamedRow
from quotes.prices.models.price_item import PriceItem
from quotes.typed_numbers import MOST_QUANTITY

MOST_LINES = 100


class KitPart(NamedTuple):
    """An item of a kit: how much of it in thousandths, and whether the customer may take it off."""

    item_id: int
    quantity: int
    is_optional: bool = False


class PriceKit(NamedRow):
    """Kit of the price book. Its price is the sum of its items' prices."""

    noun = "price_kit"

    uid = public_id()
    name = models.CharField(max_length=120)
    # The kind of jobs it is for; null: all.
    pipeline = TenantForeignKey(Pipeline, models.PROTECT, null=True, blank=True, related_name="+")
    brand = TenantForeignKey(Brand, models.PROTECT, null=True, blank=True, related_name="+")

    lines: Any

    FIELDS: ClassVar[tuple[str, ...]] = ("pipeline_id", "brand_id")

    class Meta:
        base_manager_name = "objects"
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="price_kit_uid_is_unique"),
            models.UniqueConstraint(fields=["tenant", "name"], name="price_kit_name_is_unique"),
        ]

    @transaction.atomic
    def set_lines(self, parts: Sequence[KitPart], *, by: Member | None) -> None:
        """Replace its items, in this order. Idempotent. Raises Refused for too many, or a quantity of none."""
        self._lock_with_configuration()
        if len(parts) > MOST_LINES:
            raise Refused(_("A kit has at most %(most)s items.") % {"most": MOST_LINES})
        if any(not 0 < part.quantity <= MOST_QUANTITY for part in parts):
            raise Refused(_("Enter a quantity above zero for each item."))
        if [KitPart(*values) for values in self.lines.values_list("item_id", "quantity", "is_optional")] == [*parts]:
            return
        self.lines.all().delete()
        KitLine.objects.bulk_create(KitLine(kit=self, position=at, **part._asdict()) for at, part in enumerate(parts))
        self._record("price_kit.filled", by, {"items": len(parts)})


class KitLine(TenantModel):
    """An item of a kit."""

    kit = TenantForeignKey(PriceKit, models.CASCADE, related_name="lines")
    item = TenantForeignKey(PriceItem, models.PROTECT, related_name="+")
    quantity = models.BigIntegerField(default=1000)
    is_optional = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField()

    class Meta:
        base_manager_name = "objects"
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gt=0, quantity__lte=MOST_QUANTITY), name="kit_line_has_a_quantity"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} of {self.item_id}"
