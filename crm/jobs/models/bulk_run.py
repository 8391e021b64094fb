"""ChangeRun: a bulk action on selected rows, with one undo. BulkRun: one on leads."""

from collections.abc import Sequence
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext as _

from crm.platform.models import Change, Member, RunStatus, SelectionRun, TenantForeignKey


class ChangeRun(SelectionRun):
    """A selection of rows and an action on it, first previewed, then carried out; all of it has one undo."""

    topic = "bulk"
    progress: ClassVar[tuple[str, ...]] = ("done", "total", "changed_count", "change")

    act = models.CharField(max_length=16)
    by = TenantForeignKey(Member, models.PROTECT, related_name="+")
    # How many of those that are done changed.
    changed_count = models.PositiveIntegerField(default=0)
    # The saved undo, once something changed.
    change = TenantForeignKey(Change, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta(SelectionRun.Meta):
        abstract = True

    def __str__(self) -> str:
        return f"{self.act} {self.uid}"

    @property
    def status_label(self) -> str:
        """Label of the status; "Stopped" for a cancelled run, as the changes made before it stay."""
        if self.status == RunStatus.CANCELLED:
            return _("Stopped")
        return super().status_label

    def did(self, changed: int, change: Change | None) -> None:
        """Record what a batch changed; saved with the run's progress."""
        self.changed_count = self.changed_count + changed
        self.change = change


class BulkRun(ChangeRun):
    """A bulk action on leads; its name and target are read by crm/jobs/bulk/bulk_actions.py."""

    target = models.CharField(max_length=64, blank=True)
    # Why, as whoever began it says; cleared at the end: the events of the leads have it.
    reason = models.CharField(max_length=200, blank=True)
    # The leads' pipelines, whose steps can be chosen.
    pipelines = models.JSONField()

    def forget(self) -> Sequence[str]:
        """Clear the reason with the selection."""
        self.reason = ""
        return (*super().forget(), "reason")
