"""LeadMonth and WorkMonth: leads and work at the beginning of a month, and their outcome."""

from typing import ClassVar

from django.db import models

from crm.platform.models import TenantModel

# Columns by how many months ahead they are of the month they are counted from.
WON_COUNTS = ("won", "won_next", "won_third")
WON_VALUES = ("won_value", "won_value_next", "won_value_third")
BOOKED = ("booked", "booked_next", "booked_third")


class LeadMonth(TenantModel):
    """Leads that were open when a month began, alike in phase and time in their step, and how many were won.

    Ids alone, not keys: a month is counted again as a whole. Without a phase: leads that came in since it began.
    """

    # The first day of the month, in the organization's time zone.
    month = models.DateField()
    brand_id = models.BigIntegerField()
    pipeline_id = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    # 0: in no step. None: the lead came in after the month had begun.
    phase_id = models.BigIntegerField(null=True)
    # Place in AGES (reports/months/night.py) of the time that a lead had been in its step.
    age = models.PositiveSmallIntegerField(default=0)
    # Open leads; without a phase, those that came in during the month.
    count = models.PositiveIntegerField()
    # Sums of their values, in minor units, and of the squares of the values.
    value = models.BigIntegerField()
    squares = models.FloatField()
    # Those won in the month, the next one, and the one after that.
    won = models.PositiveIntegerField()
    won_next = models.PositiveIntegerField()
    won_third = models.PositiveIntegerField()
    won_value = models.BigIntegerField()
    won_value_next = models.BigIntegerField()
    won_value_third = models.BigIntegerField()

    class Meta:
        base_manager_name = "objects"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "month", "brand_id", "pipeline_id", "currency", "phase_id", "age"],
                nulls_distinct=False,
                name="lead_month_is_one_a_kind",
            )
        ]

    def __str__(self) -> str:
        return f"{self.month} phase {self.phase_id}: {self.count}"


class WorkMonth(TenantModel):
    """Minutes of appointments booked when a month began, those that took place in it, and jobs taken into service.

    Minutes count for each member who attends.
    """

    month = models.DateField()
    brand_id = models.BigIntegerField()
    pipeline_id = models.BigIntegerField()
    # Booked when the month began: for it, the next one, and the one after that.
    booked = models.PositiveIntegerField()
    booked_next = models.PositiveIntegerField()
    booked_third = models.PositiveIntegerField()
    # Of appointments in the month that were not cancelled.
    worked = models.PositiveIntegerField()
    accepted = models.PositiveIntegerField()

    class Meta:
        base_manager_name = "objects"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "month", "brand_id", "pipeline_id"], name="work_month_is_one_a_pipeline"
            )
        ]

    def __str__(self) -> str:
        return f"{self.month}: {self.worked} minutes"
