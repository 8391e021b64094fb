"""UnusualDay: a day with a count outside the usual range for its weekday."""

from typing import Any, ClassVar

from django.db import models, transaction

from crm.kernel import clock
from crm.platform.events import events
from crm.platform.models import Member, TenantForeignKey, TenantManager, TenantModel
from crm.platform.models.base import public_id
from crm.platform.tenancy.tenant_model import TenantQuerySet


class UnusualDay(TenantModel):
    """A count outside the usual range for its weekday, until somebody acknowledges it."""

    uid = public_id()
    day = models.DateField()
    measure = models.CharField(max_length=12)
    count = models.PositiveIntegerField()
    # From and to what is usual, both among it.
    low = models.PositiveIntegerField()
    high = models.PositiveIntegerField()
    # How far outside it is: the greater, the rarer.
    weight = models.FloatField()
    noted_by = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    noted_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=200, blank=True)

    objects: ClassVar[Any] = TenantManager.from_queryset(TenantQuerySet)()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "day", "measure"], name="unusual_day_is_told_once_a_measure"),
            models.UniqueConstraint(fields=["tenant", "uid"], name="unusual_day_uid_is_unique"),
            models.CheckConstraint(
                condition=models.Q(noted_at=None, noted_by=None) | models.Q(noted_at__isnull=False),
                name="unusual_day_is_noted_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.measure}: {self.count}, usual {self.low} to {self.high}"

    @transaction.atomic
    def acknowledge(self, note: str, *, by: Member) -> None:
        """Acknowledge it, with an explanation. Idempotent: the first acknowledgement stays."""
        self.lock()
        if self.noted_at is not None:
            return
        self.noted_by = by
        self.noted_at = clock.now()
        self.note = note.strip()[:200]
        self.save(update_fields=["noted_by", "noted_at", "note"])
        events.record("unusual_day.acknowledged", subject=self, by=by, data={"measure": self.measure})
