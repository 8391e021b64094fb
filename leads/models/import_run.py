"""ImportRun: one file of leads, from its upload to its undoing; it says how far it is."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from crm.kernel import clock
from crm.platform.events import events, hints
from crm.platform.models import Member, StoredFile, TenantForeignKey, TenantModel
from crm.platform.models.base import public_id


class ImportRun(TenantModel):
    """A file of leads, stored before any of it is judged."""

    class Status(models.TextChoices):
        READING = "reading", _("Reading the file")
        STORED = "stored", _("Waiting for you")
        CHECKING = "checking", _("Checking all rows")
        CHECKED = "checked", _("Checked, waiting for you")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        CANCELLED = "cancelled", _("Cancelled")
        FAILED = "failed", _("Stopped")
        UNDOING = "undoing", _("Being undone")
        UNDONE = "undone", _("Undone")

    uid = public_id()
    file_name = models.CharField(max_length=200)
    # The bytes as they came; the rows in them, one JSON line each; the refused ones with their reasons.
    file = TenantForeignKey(StoredFile, models.PROTECT, related_name="+")
    staged = TenantForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    refusals = TenantForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    # Rows below the header.
    rows = models.PositiveIntegerField(default=0)
    status = models.CharField(max_length=9, choices=Status, default=Status.STORED)
    # How the file is written and what is in it (mapping/plan.py: Layout), and what a person chose (Choices).
    layout = models.JSONField(default=dict)
    choices = models.JSONField(default=dict)
    # The last row that is done, and the byte of `staged` behind it, in the walk under way: a check, a run, or an undo.
    done_to_row = models.PositiveIntegerField(default=0)
    done_to_byte = models.BigIntegerField(default=0)
    # Verdicts of the walk under way: what would be after a check, what is after a run.
    new_count = models.PositiveIntegerField(default=0)
    update_count = models.PositiveIntegerField(default=0)
    duplicate_count = models.PositiveIntegerField(default=0)
    refused_count = models.PositiveIntegerField(default=0)
    # Of an undo: leads taken back, and those left because somebody worked on them.
    undone_count = models.PositiveIntegerField(default=0)
    kept_count = models.PositiveIntegerField(default=0)
    # The sentence for a person, where it stopped.
    problem = models.CharField(max_length=300, blank=True)
    by = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    COUNTS = ("new_count", "update_count", "duplicate_count", "refused_count")
    # In which a worker has something to do, and a page asks again.
    WORKING: ClassVar[frozenset[str]] = frozenset({"reading", "checking", "running", "undoing"})
    # Percent at which each pass of an undo begins: leads, people, firms, places.
    PASSES = (0, 50, 83, 86, 100)
    MAY_START = (Status.STORED, Status.CHECKED, Status.FAILED, Status.CANCELLED)
    MAY_UNDO = (Status.DONE, Status.CANCELLED, Status.FAILED)

    class Meta:
        base_manager_name = "objects"
        constraints = [models.UniqueConstraint(fields=["tenant", "uid"], name="import_uid_is_unique")]
        indexes = [models.Index(fields=["tenant", "-created_at"], name="import_newest")]

    def __str__(self) -> str:
        return self.file_name

    @property
    def rows_done(self) -> int:
        """Rows that have a verdict; of an undo, leads that were looked at."""
        if self.status in (self.Status.UNDOING, self.Status.UNDONE):
            return self.undone_count + self.kept_count
        return sum(getattr(self, name) for name in self.COUNTS)

    @property
    def is_tidying(self) -> bool:
        """Whether an undo is through with the leads and at what only they used."""
        return self.status == self.Status.UNDOING and self.done_to_byte > 0

    @property
    def percent(self) -> int:
        """How far the walk under way is; the passes of an undo by the time they take."""
        done = self.rows_done / max(self.rows_to_do, 1)
        if self.is_tidying:
            done = self.done_to_row / max(self.rows, 1)
        begun, ended = (0, 100)
        if self.status == self.Status.UNDOING:
            begun, ended = self.PASSES[self.done_to_byte : self.done_to_byte + 2]
        return int(begun + (ended - begun) * min(done, 1))

    @property
    def rows_to_do(self) -> int:
        """Of how many."""
        return self.new_count + self.update_count if self.status == self.Status.UNDOING else self.rows

    @cached_property
    def twin_ids(self) -> list[int]:
        """Other runs of the very same bytes that have written something."""
        same = type(self).objects.filter(file__sha256=self.file.sha256, started_at__isnull=False)
        return list(same.exclude(pk=self.pk).values_list("pk", flat=True))

    @property
    def is_working(self) -> bool:
        return self.status in self.WORKING

    @property
    def may_choose(self) -> bool:
        """Whether how it is understood can still be corrected."""
        return not self.has_begun and not self.is_working and bool(self.layout.get("gathered"))

    @property
    def has_begun(self) -> bool:
        """Whether anything was written."""
        return self.started_at is not None

    @property
    def may_undo(self) -> bool:
        """Whether there is something to take back, and nothing else goes on."""
        return self.has_begun and self.status in self.MAY_UNDO

    @property
    def may_start(self) -> bool:
        """Whether it can begin, once its rows are understood, or go on where it stopped."""
        understood = self.status in (self.Status.STORED, self.Status.CHECKED)
        return self.status in self.MAY_START and (self.has_begun or understood)

    def start_check(self) -> None:
        """Judge all rows anew; nothing was written yet, so nothing is lost."""
        self._rewind()
        self.status, self.problem = self.Status.CHECKING, ""
        self.save(update_fields=["status", "problem", *self.WALK])

    WALK = ("done_to_row", "done_to_byte", *COUNTS)

    def _rewind(self) -> None:
        for name in self.WALK:
            setattr(self, name, 0)

    def start(self, *, by: Member | None) -> bool:
        """Let it run; False when it already does or did. Two clicks start it once; a stopped one goes on."""
        row = type(self).objects.select_for_update().get(pk=self.pk)
        if not row.may_start:
            return False
        self.__dict__.update({k: v for k, v in row.__dict__.items() if k != "_state"})
        if not self.has_begun:
            self._rewind()
        self.status, self.started_at, self.problem = self.Status.RUNNING, self.started_at or clock.now(), ""
        self.save(update_fields=["status", "started_at", "problem", *self.WALK])
        events.record("import.started", subject=self, by=by, data={"rows": self.rows})
        return True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Each step is told to whoever looks on: few of them have an event."""
        super().save(*args, **kwargs)
        hints.touch("imports")

    def advance(self, row: int, byte: int, counts: Mapping[str, int]) -> None:
        """Remember how far it is, with the batch that got it there."""
        self.done_to_row, self.done_to_byte = row, byte
        for verdict, count in counts.items():
            setattr(self, f"{verdict}_count", getattr(self, f"{verdict}_count") + count)
        self.save(update_fields=list(self.WALK))

    def checked(self) -> None:
        """All rows were judged; nothing is written."""
        self.status = self.Status.CHECKED
        self.save(update_fields=["status"])

    def finish(self) -> None:
        """All rows have a verdict."""
        self._end(self.Status.DONE, "", "import.finished")

    def fail(self, sentence: str) -> None:
        """It can't go on, and why. What is committed stays; starting it again goes on from there."""
        self._end(self.Status.FAILED, sentence, "import.failed")

    def cancel(self, *, by: Member | None) -> bool:
        """Stop between two batches; what is written stays, and can be undone. False when it does not run."""
        row = type(self).objects.select_for_update().get(pk=self.pk)
        if row.status not in (self.Status.RUNNING, self.Status.CHECKING, self.Status.READING):
            return False
        self.__dict__.update({k: v for k, v in row.__dict__.items() if k != "_state"})
        self._end(self.Status.CANCELLED, "", "import.cancelled", by=by)
        return True

    def start_undo(self, *, by: Member | None) -> bool:
        """Take everything back that nobody has worked on since. False where nothing was written, or it runs."""
        row = type(self).objects.select_for_update().get(pk=self.pk)
        if not row.may_undo:
            return False
        self.__dict__.update({k: v for k, v in row.__dict__.items() if k != "_state"})
        if not (self.undone_count or self.kept_count):
            # What a check had said of the rows it never came to was not done, and is not taken back.
            self.lines.filter(row__gt=self.done_to_row).delete()
        self.status, self.problem = self.Status.UNDOING, ""
        self.done_to_row = self.done_to_byte = self.undone_count = self.kept_count = 0
        walk = ["done_to_row", "done_to_byte", "undone_count", "kept_count"]
        self.save(update_fields=["status", "problem", *walk])
        events.record("import.undo_started", subject=self, by=by, data={})
        return True

    def advance_undo(self, row: int, *, undone: int, kept: int) -> None:
        """Remember how far the undo is."""
        self.done_to_row = row
        self.undone_count, self.kept_count = self.undone_count + undone, self.kept_count + kept
        self.save(update_fields=["done_to_row", "undone_count", "kept_count"])

    def undone(self) -> None:
        """Everything that could be taken back is."""
        self._end(self.Status.UNDONE, "", "import.undone")

    def _end(self, status: str, problem: str, kind: str, by: Member | None = None) -> None:
        if self.status == status:
            return
        self.status, self.problem, self.finished_at = status, problem[:300], clock.now()
        self.save(update_fields=["status", "problem", "finished_at"])
        counted = (*self.COUNTS, "undone_count", "kept_count")
        data: dict[str, Any] = {name.removesuffix("_count"): getattr(self, name) for name in counted}
        events.record(kind, subject=self, by=by or self.by, data=data)
