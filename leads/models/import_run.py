"""ImportRun: one file of leads that was brought in; its bytes are kept as they came, and how far it is."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.platform import clock, events
from crm.platform.models import Member, TenantForeignKey, TenantModel
from crm.platform.models.base import public_id

# Refused rows that are kept with their reason; who has more of them has the wrong columns.
MOST_REFUSED = 100


class ImportRun(TenantModel):
    """A file of leads, stored before any of it is judged."""

    class Status(models.TextChoices):
        STORED = "stored", _("Waiting for you")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Stopped")

    uid = public_id()
    file_name = models.CharField(max_length=200)
    # Its path in the default storage: tenant and random, never under a public address. Blank once deleted.
    stored_as = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64)
    # Bytes.
    size = models.BigIntegerField()
    # Rows below the header.
    rows = models.PositiveIntegerField(default=0)
    status = models.CharField(max_length=8, choices=Status, default=Status.STORED)
    # The last row that is committed; the next slice goes on behind it.
    done_to_row = models.PositiveIntegerField(default=0)
    new_count = models.PositiveIntegerField(default=0)
    update_count = models.PositiveIntegerField(default=0)
    duplicate_count = models.PositiveIntegerField(default=0)
    refused_count = models.PositiveIntegerField(default=0)
    # The first rows that were refused, as [row, reason].
    refused_rows = models.JSONField(default=list)
    # The sentence for a person, where it stopped.
    problem = models.CharField(max_length=300, blank=True)
    by = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    COUNTS = ("new_count", "update_count", "duplicate_count", "refused_count")

    class Meta:
        base_manager_name = "objects"
        constraints = [models.UniqueConstraint(fields=["tenant", "uid"], name="import_uid_is_unique")]
        indexes = [models.Index(fields=["tenant", "-created_at"], name="import_newest")]

    def __str__(self) -> str:
        return self.file_name

    @property
    def rows_done(self) -> int:
        """Rows that have a verdict."""
        return sum(getattr(self, name) for name in self.COUNTS)

    def start(self, *, by: Member | None) -> bool:
        """Let it run; False when it already does or did. Two clicks start it once."""
        now = clock.now()
        waiting = type(self).objects.filter(pk=self.pk, status__in=[self.Status.STORED, self.Status.FAILED])
        if not waiting.update(status=self.Status.RUNNING, started_at=now, problem=""):
            return False
        self.status, self.started_at, self.problem = self.Status.RUNNING, now, ""
        events.record("import.started", subject=self, by=by, data={"rows": self.rows})
        return True

    def advance(self, row: int, counts: Mapping[str, int], refused: Iterable[tuple[int, str]]) -> None:
        """Remember how far it is, with the batch that got it there."""
        self.done_to_row = row
        self.refused_rows = [*self.refused_rows, *refused][:MOST_REFUSED]
        for verdict, count in counts.items():
            setattr(self, f"{verdict}_count", getattr(self, f"{verdict}_count") + count)
        self.save(update_fields=["done_to_row", "refused_rows", *self.COUNTS])

    def finish(self) -> None:
        """All rows have a verdict."""
        self._end(self.Status.DONE, "", "import.finished")

    def fail(self, sentence: str) -> None:
        """It can't go on, and why. What is committed stays; starting it again goes on from there."""
        self._end(self.Status.FAILED, sentence, "import.failed")

    def _end(self, status: str, problem: str, kind: str) -> None:
        if self.status == status:
            return
        self.status, self.problem, self.finished_at = status, problem[:300], clock.now()
        self.save(update_fields=["status", "problem", "finished_at"])
        data: dict[str, Any] = {name.removesuffix("_count"): getattr(self, name) for name in self.COUNTS}
        events.record(kind, subject=self, by=self.by, data=data)
