"""BulkRun: one act on many leads: which ones, what, and how far it is. What was shown is what is done."""

from datetime import timedelta
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.kernel import clock
from crm.platform.events import hints
from crm.platform.models import Change, Member, TenantForeignKey, TenantModel
from crm.platform.models.base import public_id


class BulkRun(TenantModel):
    """A selection of leads and an act on it, first to be looked at, then done in slices."""

    class Status(models.TextChoices):
        CHOOSING = "choosing", _("Waiting for you")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        CANCELLED = "cancelled", _("Stopped")

    uid = public_id()
    # Its word and its target, as crm/jobs/bulk/acts.py reads them.
    act = models.CharField(max_length=16)
    target = models.CharField(max_length=64, blank=True)
    job_ids = models.JSONField()
    # The pipelines they are of: what there is to choose.
    pipelines = models.JSONField()
    status = models.CharField(max_length=10, choices=Status, default=Status.CHOOSING)
    # How many of `job_ids` are behind it, and how many of those changed.
    done_count = models.PositiveIntegerField(default=0)
    changed_count = models.PositiveIntegerField(default=0)
    # What takes it back, once something changed.
    change = TenantForeignKey(Change, models.SET_NULL, null=True, blank=True, related_name="+")
    by = TenantForeignKey(Member, models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True, blank=True)

    # How long one is kept.
    KEPT = timedelta(days=1)

    class Meta:
        base_manager_name = "objects"
        constraints = [models.UniqueConstraint(fields=["tenant", "uid"], name="bulk_uid_is_unique")]
        indexes = [models.Index(fields=["tenant", "by", "created_at"], name="bulk_of_member")]

    def __str__(self) -> str:
        return f"{self.act} {self.uid}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Each step is told to whoever looks on."""
        super().save(*args, **kwargs)
        hints.touch("bulk")

    @property
    def total(self) -> int:
        return len(self.job_ids)

    def start(self, target: str) -> bool:
        """Let it run; False when it already does or did. Two clicks start it once."""
        waiting = type(self).objects.filter(pk=self.pk, status=self.Status.CHOOSING)
        if not waiting.update(status=self.Status.RUNNING, target=target):
            return False
        self.status, self.target = self.Status.RUNNING, target
        return True

    def advance(self, count: int, changed: int, change: Change | None) -> None:
        """Remember how far it is, with the slice that got it there."""
        self.done_count, self.changed_count, self.change = self.done_count + count, self.changed_count + changed, change
        if self.done_count >= self.total:
            self.status, self.finished_at = self.Status.DONE, clock.now()
        self.save(update_fields=["done_count", "changed_count", "change", "status", "finished_at"])

    def cancel(self) -> None:
        """Go no further; what is done stays, and can be taken back. One that is over stays as it is."""
        going = type(self).objects.filter(pk=self.pk, status__in=[self.Status.CHOOSING, self.Status.RUNNING])
        if going.update(status=self.Status.CANCELLED, finished_at=clock.now()):
            self.refresh_from_db()
