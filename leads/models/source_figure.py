"""SourceFigure: stored results of the leads of a day, source and campaign. SourceDay: whether they are up to date."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from crm.platform.models import TenantModel
from crm.platform.work.kept_days import KeptDay


class SourceFigure(TenantModel):
    """Leads that came in on a local day of the organization, by first touch; computed from the leads' rows.

    Sources and campaigns as the leads have them, 0 for none: what a merged one means is said when they are read. Ids
    alone, not keys: a day is computed anew as a whole.
    """

    day = models.DateField()
    currency = models.CharField(max_length=3)
    source_id = models.BigIntegerField()
    campaign_id = models.BigIntegerField()
    leads = models.PositiveIntegerField()
    qualified = models.PositiveIntegerField()
    quoted = models.PositiveIntegerField()
    won = models.PositiveIntegerField()
    # Money in minor units.
    revenue = models.BigIntegerField()
    # Leads without a cost of their own, and what the others cost.
    unpriced = models.PositiveIntegerField()
    paid = models.BigIntegerField()
    # Of them, those of customers who had come before, and what these brought.
    came_back = models.PositiveIntegerField()
    brought_back = models.BigIntegerField()
    # How many minutes each first contact took.
    minutes = ArrayField(models.IntegerField())
    # Of each lost lead, in one order: its reason, 0 for words of its own, what it was worth, and the number asked.
    lost_for = ArrayField(models.BigIntegerField())
    lost_worth = ArrayField(models.BigIntegerField())
    lost_gap = ArrayField(models.BigIntegerField(null=True))
    lost_days = ArrayField(models.IntegerField(null=True))
    lost_rival = ArrayField(models.CharField(max_length=60))

    class Meta:
        base_manager_name = "objects"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "day", "currency", "source_id", "campaign_id"], name="source_figure_is_one_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.source_id}: {self.leads}"


class SourceDay(KeptDay):
    """A day of these figures, and whether it is up to date."""

    class Meta:
        base_manager_name = "objects"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "day"], name="source_day_is_one_a_day"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["tenant", "day"], condition=models.Q(stale_since__isnull=False), name="source_day_is_stale"
            ),
        ]
