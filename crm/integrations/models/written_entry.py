"""WrittenEntry: an entry of ours in a connected calendar, as it was when both sides last agreed."""

from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.integrations.models.connected_calendar import ConnectedCalendar
from crm.kernel import clock
from crm.platform.models import TenantForeignKey, TenantModel
from crm.platform.models.base import public_id


class EntryConflict(models.TextChoices):
    """Kinds of conflicts between an entry and its calendar; blank: both sides agree."""

    MOVED = "moved", _("Moved on both sides")
    DELETED = "deleted", _("Deleted in the calendar")
    REFUSED = "refused", _("Moved in the calendar, which is not possible")


class WrittenEntry(TenantModel):
    """An entry of ours in a connected calendar: its id there, and its time when both sides last agreed."""

    uid = public_id()
    calendar = TenantForeignKey(ConnectedCalendar, models.CASCADE, related_name="written_entries")
    # The name of its CalendarSource, and its row there.
    source = models.CharField(max_length=20)
    item_id = models.BigIntegerField()
    remote_id = models.CharField(max_length=1000, blank=True)
    # Of the version that we wrote or last saw: when it comes back, it is no change.
    etag = models.CharField(max_length=200, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    # Hash of what was written; another one means that our side changed.
    fingerprint = models.CharField(max_length=32, blank=True)
    conflict = models.CharField(max_length=8, choices=EntryConflict, blank=True)
    # Why a move was refused, in the member's language.
    reason = models.CharField(max_length=300, blank=True)
    # The time in the calendar while there is a conflict; null: it was deleted there.
    remote_starts_at = models.DateTimeField(null=True)
    remote_ends_at = models.DateTimeField(null=True)
    conflict_at = models.DateTimeField(null=True)

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="written_entry_uid_is_unique"),
            models.UniqueConstraint(
                fields=["tenant", "calendar", "source", "item_id"], name="written_entry_is_once_in_a_calendar"
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "source", "item_id"], name="written_entry_of_item"),
            models.Index(
                fields=["tenant", "calendar"], condition=~models.Q(conflict=""), name="written_entry_in_conflict"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.item_id}"

    def agree(self, **values: Any) -> None:
        """Save what both sides have now, and end the conflict."""
        for name, value in values.items():
            setattr(self, name, value)
        self.conflict = self.reason = ""
        self.remote_starts_at = self.remote_ends_at = self.conflict_at = None
        self.save()

    def disagree(
        self,
        conflict: str,
        etag: str = "",
        starts_at: datetime | None = None,
        ends_at: datetime | None = None,
        *,
        reason: str = "",
    ) -> None:
        """Save what the calendar says, for the member to decide. Nothing is written until they do."""
        self.conflict = conflict
        self.reason = reason[:300]
        self.etag = etag
        self.remote_starts_at = starts_at
        self.remote_ends_at = ends_at
        self.conflict_at = self.conflict_at or clock.now()
        self.save()
