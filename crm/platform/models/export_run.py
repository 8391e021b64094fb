"""ExportRun: one list that is written to a file, in slices that survive a crash; and the file it became."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.kernel import clock
from crm.platform.events import events, hints
from crm.platform.models.base import TenantForeignKey, TenantModel, public_id
from crm.platform.models.member import Member
from crm.platform.models.stored_file import StoredFile


class ExportRun(TenantModel):
    """Which list, of whom, as which file, and how far it is."""

    class Status(models.TextChoices):
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Stopped")
        CANCELLED = "cancelled", _("Cancelled")

    class Format(models.TextChoices):
        CSV = "csv", _("CSV, for any program")
        XLSX = "xlsx", _("Excel workbook")

    uid = public_id()
    # The exportable list (crm/platform/files/exports.py) and its view, as in its address.
    kind = models.CharField(max_length=32)
    query = models.TextField(blank=True)
    format = models.CharField(max_length=4, choices=Format)
    language = models.CharField(max_length=8)
    by = TenantForeignKey(Member, models.PROTECT, related_name="+")
    status = models.CharField(max_length=9, choices=Status, default=Status.RUNNING)
    # The ids of the rows, in the order of the list when it was asked for; emptied at the end.
    ids = models.BinaryField(default=bytes)
    rows = models.PositiveIntegerField(default=0)
    rows_done = models.PositiveIntegerField(default=0)
    file = TenantForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    problem = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        base_manager_name = "objects"
        constraints = [models.UniqueConstraint(fields=["tenant", "uid"], name="export_uid_is_unique")]
        indexes = [models.Index(fields=["tenant", "-created_at"], name="export_newest")]

    def __str__(self) -> str:
        return f"{self.kind} {self.uid}"

    @property
    def percent(self) -> int:
        """How much of it is read, in whole percent."""
        return 100 * self.rows_done // max(self.rows, 1)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Each step is told to whoever looks on: few of them have an event."""
        super().save(*args, **kwargs)
        hints.touch("exports")

    def cancel(self, *, by: Member) -> None:
        """Stop it; what is done already is thrown away. Cancelling what has ended changes nothing."""
        row = ExportRun.objects.select_for_update().get(pk=self.pk)
        if row.status == self.Status.RUNNING:
            row.end(self.Status.CANCELLED, by=by)

    def end(self, status: str, *, by: Member | None, file: StoredFile | None = None, problem: str = "") -> None:
        """It is over: with a file, with a sentence why not, or because somebody stopped it."""
        self.status, self.file, self.problem, self.ids = status, file, problem[:300], b""
        self.finished_at = clock.now()
        self.save(update_fields=["status", "file", "problem", "ids", "finished_at"])
        data: dict[str, Any] = {"kind": self.kind, "rows": self.rows_done, "format": self.format}
        events.record(f"export.{status}", subject=self, by=by, data=data)
