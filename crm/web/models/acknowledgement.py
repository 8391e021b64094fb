"""Acknowledgement: a notice that a member must acknowledge, who did, and its escalation level."""

from typing import Any, ClassVar

from django.db import models, transaction

from crm.kernel import clock
from crm.platform.events import events
from crm.platform.models import Member, TenantForeignKey, TenantManager, TenantModel, TenantQuerySet


class Acknowledgement(TenantModel):
    """The acknowledgement of a notice kind and key, shared by all members notified of it."""

    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=80)
    asked_at = models.DateTimeField(default=clock.now)
    # Who said "I'm on it"; null: nobody yet.
    by = TenantForeignKey(Member, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(null=True)
    # The rung of the ladder it has reached; 0 is who was told first.
    level = models.PositiveSmallIntegerField(default=0)

    objects: ClassVar[Any] = TenantManager.from_queryset(TenantQuerySet)()

    class Meta:
        base_manager_name = "objects"
        constraints = [models.UniqueConstraint(fields=["tenant", "kind", "key"], name="acknowledgement_is_one_a_thing")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"

    @transaction.atomic
    def acknowledge(self, *, by: Member) -> None:
        """Acknowledge it. An earlier acknowledgement is kept."""
        self.lock()
        if self.at is None:
            self.by = by
            self.at = clock.now()
            self.save(update_fields=["by", "at"])
            events.record("notice.acknowledged", subject=self, by=by, data={"kind": self.kind, "key": self.key})

    @transaction.atomic
    def escalate(self, level: int) -> bool:
        """Escalate it to a level; False if it was acknowledged or reached the level before."""
        self.lock()
        if self.at is not None or level <= self.level:
            return False
        self.level = level
        self.save(update_fields=["level"])
        events.record("notice.escalated", subject=self, by=None, data={"kind": self.kind, "level": level})
        return True
