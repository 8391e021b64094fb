"""LostCase: why one job ended, with a number that reports can sum."""

from django.db import models
from django.db.models import Q

from crm.jobs.models.job import Job
from crm.jobs.models.losses.lost_reason import LostReason
from crm.platform.models import TenantForeignKey, TenantModel, TenantOneToOneField


class LostCase(TenantModel):
    """Why a job ended. Valid only for the end at `ended_at`: a job reopened since has none.

    A job that ended with words of its own, as of an import or a rule, has none either: it has its text.
    """

    job = TenantOneToOneField(Job, models.CASCADE, primary_key=True, related_name="lost_case")
    ended_at = models.DateTimeField()
    reason = TenantForeignKey(LostReason, models.PROTECT, related_name="+")
    # The reason below it, where one was chosen.
    part = TenantForeignKey(LostReason, models.PROTECT, null=True, blank=True, related_name="+")
    # How far off the price was, in minor units of the job's currency; the earliest day we offered, the day they wanted.
    gap = models.BigIntegerField(null=True, blank=True)
    offered = models.DateField(null=True, blank=True)
    wanted = models.DateField(null=True, blank=True)
    rival = models.CharField(max_length=60, blank=True)
    note = models.CharField(max_length=60, blank=True)

    class Meta:
        base_manager_name = "objects"
        constraints = [models.CheckConstraint(condition=Q(gap=None) | Q(gap__gt=0), name="lost_case_gap_is_positive")]
        indexes = [models.Index(fields=["tenant", "reason", "ended_at"], name="lost_case_by_reason")]

    def __str__(self) -> str:
        return f"{self.job_id}: {self.reason_id}"
