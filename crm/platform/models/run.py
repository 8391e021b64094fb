"""Run: a long-running operation as a row: who started it, its progress, how it ended.

State alone. What starts, carries on and ends one is crm/platform/work/runs (docs/runs.md).
"""

from array import array
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.kernel import clock
from crm.platform.events import hints
from crm.platform.models.base import public_id
from crm.platform.models.member import Member
from crm.platform.tenancy.tenant_model import TenantForeignKey, TenantModel


class RunStatus(models.TextChoices):
    """The states of a run. Most use draft, running and the three ends; the others are for those that need them."""

    READING = "reading", _("Reading the file")
    DRAFT = "draft", _("Waiting for you")
    CHECKING = "checking", _("Checking all rows")
    CHECKED = "checked", _("Checked, waiting for you")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    CANCELLED = "cancelled", _("Cancelled")
    FAILED = "failed", _("Stopped")
    UNDOING = "undoing", _("Being undone")
    UNDONE = "undone", _("Undone")


# The statuses in which a worker has something to do; and those that are final.
WORKING = (RunStatus.READING, RunStatus.CHECKING, RunStatus.RUNNING, RunStatus.UNDOING)
OVER = (RunStatus.DONE, RunStatus.CANCELLED, RunStatus.FAILED, RunStatus.UNDONE)


class Run(TenantModel):
    """A long-running operation done in slices; progress is saved with each slice, so one that died is done again."""

    # The topic that open pages listen to; and the noun of its events, of which it has none without.
    topic: ClassVar[str]
    noun: ClassVar[str] = ""
    # The columns that say how far it is.
    progress: ClassVar[tuple[str, ...]] = ("done", "total")

    uid = public_id()
    # As whom it acts, and while they may: who started it last. None: the product itself.
    by = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    status = models.CharField(max_length=9, choices=RunStatus, default=RunStatus.DRAFT)
    # How many are done, of how many; in the pass under way, where there are several.
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    # The sentence for a person, where it stopped.
    problem = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="%(class)s_uid_is_unique"),
            models.CheckConstraint(
                condition=models.Q(status__in=OVER, finished_at__isnull=False)
                | (~models.Q(status__in=OVER) & models.Q(finished_at__isnull=True)),
                name="%(class)s_is_finished_when_over",
            ),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, and hint open pages at each step: few steps have an event."""
        super().save(*args, **kwargs)
        hints.touch(self.topic)

    @property
    def percent(self) -> int:
        """The progress, in whole percent."""
        return 100 * min(self.done, self.total) // max(self.total, 1)

    @property
    def status_label(self) -> str:
        """The status as a person reads it."""
        return str(RunStatus(self.status).label)

    @property
    def is_working(self) -> bool:
        """Whether a worker has something to do, and a page something to wait for."""
        return self.status in WORKING

    @property
    def has_begun(self) -> bool:
        """Whether it was ever started."""
        return self.started_at is not None

    @property
    def may_start(self) -> bool:
        return self.status == RunStatus.DRAFT

    @property
    def may_cancel(self) -> bool:
        return self.is_working and self.status != RunStatus.UNDOING

    @property
    def may_undo(self) -> bool:
        """Whether there is something to undo, for kinds that can."""
        return False

    def reset_progress(self, status: str) -> None:
        """Reset the progress to where the pass of that status begins; nothing is saved."""
        if status in WORKING:
            self.done = 0

    def save_progress(self, count: int) -> None:
        """Save the progress together with the slice that made it."""
        self.done += count
        self.save(update_fields=self.progress)

    def facts(self) -> dict[str, Any]:
        """Return the data of its events; nothing personal."""
        return {"total": self.total, "done": self.done}

    def forget(self) -> Sequence[str]:
        """Clear the columns only the work needed, once it is over; return their names."""
        return ()


class SelectionRun(Run):
    """A run over selected rows: exactly the rows that were shown, in that order."""

    # Their ids, eight bytes each; emptied at the end.
    selection = models.BinaryField(default=bytes)

    class Meta(Run.Meta):
        abstract = True

    def select(self, ids: Iterable[int]) -> None:
        """Set the rows to act on; not saved yet."""
        chosen = array("q", ids)
        self.selection = chosen.tobytes()
        self.total = len(chosen)

    @property
    def ids(self) -> list[int]:
        """Return the ids of all rows."""
        return self._read_ids(0, self.total)

    def next_ids(self, count: int) -> list[int]:
        """Return the ids of the next rows to do."""
        return self._read_ids(self.done, count)

    def _read_ids(self, at: int, count: int) -> list[int]:
        id_array = array("q")
        id_array.frombytes(self.selection[at * id_array.itemsize : (at + count) * id_array.itemsize])
        return id_array.tolist()

    def forget(self) -> Sequence[str]:
        self.selection = b""
        return ("selection",)
