"""Note: what a colleague, or an import, wrote down about a job. Only the team sees it."""

from django.db import models

from crm.platform import clock
from crm.platform.models import TenantForeignKey, TenantModel
from crm.platform.models.base import public_id


class Note(TenantModel):
    """A note on a job."""

    uid = public_id()
    job = TenantForeignKey("jobs.Job", models.CASCADE, related_name="notes")
    author = TenantForeignKey("platform.Member", models.PROTECT, null=True, related_name="+")
    body = models.TextField()
    at = models.DateTimeField(default=clock.now)

    class Meta:
        base_manager_name = "objects"
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["tenant", "job", "-at"], name="note_job")]
        constraints = [models.UniqueConstraint(fields=["tenant", "uid"], name="note_uid_is_unique")]

    def __str__(self) -> str:
        return self.body[:60]
