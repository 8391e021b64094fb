"""HealthAlarm: a failing health check. ChecklistTick: a checklist line that a person ticked."""

from datetime import datetime
from typing import Any, ClassVar

from django.db import models, transaction
from django.db.models import Q

from crm.kernel import clock
from crm.platform.events import events
from crm.platform.models import Member, TenantForeignKey, TenantManager, TenantModel, TenantQuerySet


class HealthAlarm(TenantModel):
    """A failing check, from the notification of admins until it has passed for a while."""

    # The check's name, and of which of several things, such as a channel's id.
    check_name = models.CharField(max_length=40)
    about = models.CharField(max_length=40, blank=True)
    opened_at = models.DateTimeField(default=clock.now)
    # Since when it holds again; null: it fails.
    fine_since = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    # Until when nobody wants to hear of it, and who said so; then admins are told again, if it still fails.
    quiet_until = models.DateTimeField(null=True)
    quiet_by = TenantForeignKey(Member, models.PROTECT, null=True, related_name="+")

    objects: ClassVar[Any] = TenantManager.from_queryset(TenantQuerySet)()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "check_name", "about"],
                condition=Q(closed_at__isnull=True),
                name="health_alarm_is_open_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.check_name} {self.about}"

    @transaction.atomic
    def quiet(self, until: datetime, *, by: Member) -> None:
        """Mute the alarm until then. A closed alarm stays unchanged."""
        self.lock()
        if self.closed_at is None:
            self.quiet_until = until
            self.quiet_by = by
            self.save(update_fields=["quiet_until", "quiet_by"])


class ChecklistTick(TenantModel):
    """A line of the checklist before going live that a member has checked; unticked, the row is gone."""

    # The name of a ChecklistItem.
    item = models.CharField(max_length=40)
    by = TenantForeignKey(Member, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        base_manager_name = "objects"
        constraints = [models.UniqueConstraint(fields=["tenant", "item"], name="checklist_item_is_ticked_once")]

    def __str__(self) -> str:
        return self.item

    @classmethod
    @transaction.atomic
    def tick_item(cls, item: str, *, by: Member) -> None:
        """Tick a line. Idempotent: the first member stays."""
        tick, is_new = cls.objects.get_or_create(item=item, defaults={"by": by})
        if is_new:
            events.record("checklist.ticked", subject=tick, by=by, data={"item": item})

    @classmethod
    @transaction.atomic
    def untick_item(cls, item: str, *, by: Member) -> None:
        """Untick a line. Idempotent."""
        tick = cls.objects.select_for_update().filter(item=item).first()
        if tick is not None:
            events.record("checklist.unticked", subject=tick, by=by, data={"item": item})
            tick.delete()
