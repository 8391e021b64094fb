"""QuoteOption: one of the ways to buy: good, better, best. The customer takes one of them."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from crm.platform.models import TenantForeignKey, TenantModel
from crm.platform.models.base import public_id


class QuoteOption(TenantModel):
    """An option of a version; lines without one are in all of them."""

    COPIED: ClassVar[tuple[str, ...]] = ("position", "name", "description", "is_proposed")

    uid = public_id()
    version = TenantForeignKey("quotes.QuoteVersion", models.CASCADE, related_name="options")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=60)
    description = models.CharField(max_length=200, blank=True)
    # The one that is marked when the customer opens the quote.
    is_proposed = models.BooleanField(default=False)

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="quote_option_uid_is_unique"),
            models.UniqueConstraint(fields=["tenant", "version", "position"], name="quote_option_has_its_place"),
            models.UniqueConstraint(
                fields=["tenant", "version"], condition=Q(is_proposed=True), name="quote_version_proposes_one_option"
            ),
        ]

    def __str__(self) -> str:
        return self.name
