"""Spend: the cost of a source or campaign in a month: an amount for the month, or a price per lead."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.jobs.models import Source
from crm.platform.models import TenantForeignKey, TenantModel
from leads.models.campaign import Campaign


class Basis(models.TextChoices):
    MONTH = "month", _("By month")
    LEAD = "lead", _("Per lead")


class Spend(TenantModel):
    """An amount in minor units. Amounts in different currencies are separate rows and never summed."""

    source = TenantForeignKey(Source, models.PROTECT, related_name="+")
    campaign = TenantForeignKey(Campaign, models.PROTECT, null=True, blank=True, related_name="+")
    # The first day of the month.
    month = models.DateField()
    basis = models.CharField(max_length=5, choices=Basis, default=Basis.MONTH)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)

    class Meta:
        base_manager_name = "objects"
        verbose_name_plural = "spend"
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "month", "source", "campaign", "basis", "currency"],
                name="spend_is_one_amount_a_month",
                nulls_distinct=False,
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="spend_is_not_negative"),
            models.CheckConstraint(condition=Q(month__day=1), name="spend_begins_with_its_month"),
        ]

    def __str__(self) -> str:
        return f"{self.source_id}:{self.month}"
