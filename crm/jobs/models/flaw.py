"""Flaw: one missing or wrong fact of an open lead, found by the rules of crm/jobs/quality."""

from django.db import models

from crm.jobs.models.job import Job
from crm.kernel import clock
from crm.platform.models import TenantForeignKey, TenantModel


class Flaw(TenantModel):
    """A data quality problem of a lead, by rule."""

    job = TenantForeignKey(Job, models.CASCADE, related_name="+")
    # The rule's key (crm/jobs/quality/rules.py).
    rule = models.CharField(max_length=24)
    found_at = models.DateTimeField(default=clock.now)

    class Meta:
        base_manager_name = "objects"
        constraints = [models.UniqueConstraint(fields=["tenant", "job", "rule"], name="flaw_is_once_a_lead")]
        indexes = [models.Index(fields=["tenant", "rule", "job"], name="flaw_queue")]

    def __str__(self) -> str:
        return f"{self.rule} of {self.job_id}"
