"""DailyFigure: number and value of leads by day and measure. FigureDay: whether a day's figures are up to date."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from crm.platform.models import TenantModel
from crm.platform.work.kept_days import KeptDay


class Grain(models.IntegerChoices):
    """Columns that distinguish rows of figures, besides day, measure, brand, pipeline and currency."""

    BOTH = 0, "member and step"
    MEMBER = 1, "member"
    STEP = 2, "step"
    TOTAL = 3, "neither"
    MEMBER_ALONE = 4, "member, of all brands and pipelines together"


class DailyFigure(TenantModel):
    """Leads of one day and measure with equal values of all dashboard filters; computed from the leads' own rows.

    A day is of the organization's time zone. What leads are alike in is as they stand now, as their list has it: a
    lead given to somebody else makes its days stale. Ids alone, not keys: a day is computed anew as a whole.
    """

    # What it is summed over: without members or with, without steps and outcomes or with. Each grain counts every lead;
    # a reader takes the coarsest that has what it asks for (reports/figures/reading.py).
    grain = models.PositiveSmallIntegerField(choices=Grain)
    day = models.DateField()
    # The name of a measure (reports/figures/measures.py).
    measure = models.CharField(max_length=12)
    brand_id = models.BigIntegerField()
    pipeline_id = models.BigIntegerField()
    member_id = models.BigIntegerField(null=True)
    stage_id = models.BigIntegerField(null=True)
    # What became of them: open, won, lost, dropped or done.
    outcome = models.CharField(max_length=8)
    currency = models.CharField(max_length=3)
    count = models.PositiveIntegerField()
    # The sum of their values, in minor units of the currency.
    value = models.BigIntegerField()
    # Of what was contacted, with neither member nor step: how many seconds each took, and whose the lead is, in one
    # order. Medians of days do not add up; these do.
    seconds = ArrayField(models.IntegerField(), null=True)
    seconds_of = ArrayField(models.BigIntegerField(null=True), null=True)

    class Meta:
        base_manager_name = "objects"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=[
                    *("tenant", "grain", "day", "measure", "brand_id", "pipeline_id", "member_id", "stage_id"),
                    *("outcome", "currency"),
                ],
                nulls_distinct=False,
                name="figure_is_one_a_day_and_kind",
            ),
        ]
        indexes: ClassVar = [
            # A member's own, of whom the days of all others would be read.
            models.Index(fields=["tenant", "grain", "member_id", "day"], name="figure_of_member"),
            models.Index(fields=["tenant", "day"], name="figure_by_day"),
            # Everybody's of a year, those of the measures asked for: all that is added up is in the index.
            models.Index(
                fields=["tenant", "grain", "measure", "day"],
                include=["member_id", "brand_id", "pipeline_id", "stage_id", "outcome", "currency", "count", "value"],
                condition=~models.Q(grain=Grain.BOTH),
                name="figure_sums",
            ),
            models.Index(fields=["tenant", "day"], condition=models.Q(seconds__isnull=False), name="figure_seconds"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.measure}: {self.count}"


class FigureDay(KeptDay):
    """A day of these figures, and whether it is up to date."""

    class Meta:
        base_manager_name = "objects"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "day"], name="figure_day_is_one_a_day"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["tenant", "day"], condition=models.Q(stale_since__isnull=False), name="figure_day_is_stale"
            ),
        ]
