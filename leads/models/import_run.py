"""ImportRun: one file of leads, from its upload to its undo."""

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from crm.platform.models import Run, RunStatus, StoredFile, TenantForeignKey


class ImportRun(Run):
    """A file of leads, stored before it is read."""

    topic = "imports"
    noun = "import"

    file_name = models.CharField(max_length=200)
    # The bytes as they came; the rows in them, one JSON line each; the refused ones with their reasons.
    file = TenantForeignKey(StoredFile, models.PROTECT, related_name="+")
    staged = TenantForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    refusals = TenantForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    # Rows below the header.
    rows = models.PositiveIntegerField(default=0)
    # How the file is staged and what is in it (files/staging.py: Staged; mapping/plan.py: Gathered, Choices).
    layout = models.JSONField(default=dict)
    choices = models.JSONField(default=dict)
    # The last row that is done, and the byte of `staged` after it, in the present pass: a check, a run, or an undo.
    done_to_row = models.PositiveIntegerField(default=0)
    done_to_byte = models.BigIntegerField(default=0)
    # Verdicts of the present pass: a check's are a preview, a run's are results.
    new_count = models.PositiveIntegerField(default=0)
    update_count = models.PositiveIntegerField(default=0)
    duplicate_count = models.PositiveIntegerField(default=0)
    refused_count = models.PositiveIntegerField(default=0)
    # Of an undo: leads taken back, and those left because somebody worked on them.
    undone_count = models.PositiveIntegerField(default=0)
    kept_count = models.PositiveIntegerField(default=0)

    COUNTS = ("new_count", "update_count", "duplicate_count", "refused_count")
    UNDO_COUNTS = ("undone_count", "kept_count")
    progress = ("done", "total", "done_to_row", "done_to_byte", *COUNTS, *UNDO_COUNTS)
    # Percent at which each pass of an undo begins: leads, people, firms, places.
    PASSES = (0, 50, 83, 86, 100)

    class Meta(Run.Meta):
        indexes = [models.Index(fields=["tenant", "-created_at"], name="import_newest")]

    def __str__(self) -> str:
        return self.file_name

    @property
    def status_label(self) -> str:
        """The status as text for a person; for an unreadable file, that it is unreadable."""
        never_read = self.status == RunStatus.FAILED and not self.layout
        if never_read:
            return _("Refused: it can’t be read")
        return super().status_label

    @property
    def is_tidying(self) -> bool:
        """True if an undo has deleted the leads and now deletes the records only they used."""
        return self.status == RunStatus.UNDOING and self.done_to_byte > 0

    @property
    def percent(self) -> int:
        """Progress of the present pass in percent; the passes of an undo are weighted by their duration."""
        if self.is_tidying:
            done = self.done_to_row
            of = self.rows
        else:
            done = self.done
            of = self.total
        begun = 0
        ended = 100
        if self.status == RunStatus.UNDOING:
            begun, ended = self.PASSES[self.done_to_byte : self.done_to_byte + 2]
        return int(begun + (ended - begun) * min(done / max(of, 1), 1))

    @cached_property
    def twin_ids(self) -> list[int]:
        """Ids of other runs of an identical file that have written something."""
        same = type(self).objects.filter(file__sha256=self.file.sha256, started_at__isnull=False)
        return list(same.exclude(pk=self.pk).values_list("pk", flat=True))

    @property
    def may_choose(self) -> bool:
        """True if the choices for reading the file can still be changed."""
        return not self.has_begun and not self.is_working and bool(self.layout.get("gathered"))

    @property
    def may_start(self) -> bool:
        """True if the import can start, once its columns are mapped, or resume."""
        if self.has_begun:
            return self.status in (RunStatus.FAILED, RunStatus.CANCELLED) and not self.is_partly_undone
        return self.status in (RunStatus.DRAFT, RunStatus.CHECKED)

    @property
    def is_partly_undone(self) -> bool:
        return bool(self.undone_count or self.kept_count)

    @property
    def may_undo(self) -> bool:
        """True if there is something to undo, and nothing else is running."""
        return self.has_begun and self.status in (RunStatus.DONE, RunStatus.CANCELLED, RunStatus.FAILED)

    def reset_progress(self, status: str) -> None:
        """Reset the progress for the next pass; a stopped import resumes where it was."""
        if status == RunStatus.UNDOING:
            if not self.is_partly_undone:
                # What a check had said of the rows it never came to was not done, and is not taken back.
                self.lines.filter(row__gt=self.done_to_row).delete()
            self._reset_counts("done_to_row", "done_to_byte", *self.UNDO_COUNTS)
            self.done, self.total = 0, self.new_count + self.update_count
        elif status in (RunStatus.CHECKING, RunStatus.RUNNING):
            if status == RunStatus.CHECKING or not self.has_begun or not self.done_to_row:
                self._reset_counts("done_to_row", "done_to_byte", *self.COUNTS)
            self.done, self.total = sum(getattr(self, name) for name in self.COUNTS), self.rows

    def _reset_counts(self, *names: str) -> None:
        for name in names:
            setattr(self, name, 0)

    def reach(self, row: int, byte: int, counts: Mapping[str, int]) -> None:
        """Save the progress, in the transaction of its batch."""
        self.done_to_row = row
        self.done_to_byte = byte
        for verdict, count in counts.items():
            setattr(self, f"{verdict}_count", getattr(self, f"{verdict}_count") + count)
        self.save_progress(sum(counts.values()))

    def reach_undone(self, row: int, *, undone: int, kept: int) -> None:
        """Save the undo's progress."""
        self.done_to_row = row
        self.undone_count, self.kept_count = self.undone_count + undone, self.kept_count + kept
        self.save_progress(undone + kept)

    def facts(self) -> dict[str, Any]:
        counts = {name.removesuffix("_count"): getattr(self, name) for name in (*self.COUNTS, *self.UNDO_COUNTS)}
        return {"rows": self.rows} | counts
