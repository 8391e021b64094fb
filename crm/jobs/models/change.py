"""Change: what one act altered of jobs, kept for a while so that it can be taken back (crm/jobs/undo.py)."""

from datetime import timedelta

from django.db import models

from crm.kernel import clock
from crm.platform.models import TenantForeignKey, TenantModel
from crm.platform.models.base import public_id


class Change(TenantModel):
    """One act of one member, on one job or on many."""

    uid = public_id()
    # What was done, as its event is called: "job.moved".
    kind = models.CharField(max_length=64)
    member = TenantForeignKey("platform.Member", models.CASCADE, related_name="+")
    at = models.DateTimeField(default=clock.now)
    taken_back_at = models.DateTimeField(null=True)

    # How long a toast offers to take it back; and how long it is possible, for a toast waits while it is looked at.
    OFFERED = timedelta(seconds=15)
    POSSIBLE = timedelta(minutes=10)

    class Meta:
        base_manager_name = "objects"
        indexes = [models.Index(fields=["tenant", "at"], name="change_at")]
        constraints = [models.UniqueConstraint(fields=["tenant", "uid"], name="change_uid_is_unique")]

    def __str__(self) -> str:
        return f"{self.kind} {self.uid}"


class JobChange(TenantModel):
    """The columns of one job that the act altered: as they were, and as the act left them."""

    change = TenantForeignKey(Change, models.CASCADE, related_name="jobs")
    job = TenantForeignKey("jobs.Job", models.CASCADE, related_name="+")
    before = models.JSONField()
    after = models.JSONField()
    # The stay in a step that was open before; null for a job that had ended. Its id alone: the stay outlives this row.
    visit_id = models.BigIntegerField(null=True)
    # The seconds it allowed then: leaving it while it is the customer's move writes theirs.
    visit_allowed = models.PositiveIntegerField(null=True)

    class Meta:
        base_manager_name = "objects"
        constraints = [models.UniqueConstraint(fields=["tenant", "change", "job"], name="change_has_a_job_once")]

    def __str__(self) -> str:
        return f"{self.change_id} on {self.job_id}"
