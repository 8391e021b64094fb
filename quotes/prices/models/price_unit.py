"""PriceUnit: what an item is counted in, e.g. piece, hour or square metre."""

from typing import ClassVar, Self

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext as _

from crm.kernel.refusal import Refused
from crm.platform.organization.configuration import cached_per_tenant
from crm.platform.organization.named_rows import NamedRow

# UN/ECE Recommendation 20, as electronic invoices name units (EN 16931, BT-130); C62 is "one".
PIECE = "C62"
code_shape = RegexValidator(r"^[A-Z0-9]{2,3}$")


class PriceUnit(NamedRow):
    """A unit, by the word that stands on quotes. The code says the same to programs."""

    noun = "price_unit"

    name = models.CharField(max_length=20)
    code = models.CharField(max_length=3, default=PIECE)
    position = models.PositiveSmallIntegerField(default=0)

    FIELDS: ClassVar[tuple[str, ...]] = ("code",)

    class Meta:
        base_manager_name = "objects"
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["tenant", "name"], name="price_unit_name_is_unique")]

    @classmethod
    def _place(cls, others: list[Self]) -> dict[str, int]:
        return {"position": len(others)}

    def _check(self) -> None:
        if not code_shape.regex.search(self.code):  # type: ignore[union-attr]
            raise Refused(_("Choose what kind of unit it is."))


@cached_per_tenant
def price_units() -> dict[int, PriceUnit]:
    """Return all units by id, in their order; archived ones too. Treat them as read-only."""
    return {row.pk: row for row in PriceUnit.objects.all()}
