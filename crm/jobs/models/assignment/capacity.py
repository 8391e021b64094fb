"""Capacity: a member's own limit for a kind of work, instead of the kind's usual limit."""

from django.db import models, transaction

from crm.platform.events import events
from crm.platform.models import Member, TenantForeignKey
from crm.platform.models.base import ConfigurationModel
from crm.platform.models.tenant import lock_configuration


class Capacity(ConfigurationModel):
    """A member's own limit for a kind of work; 0 takes none of it."""

    member = TenantForeignKey(Member, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20)
    limit = models.PositiveSmallIntegerField()

    class Meta:
        base_manager_name = "objects"
        verbose_name_plural = "capacities"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "member", "kind"], name="member_has_one_limit_a_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.kind}: {self.limit}"

    @classmethod
    @transaction.atomic
    def set(cls, member: Member, kind: str, limit: int | None, *, by: Member | None) -> None:
        """Set a member's limit; None restores the kind's usual one. Idempotent."""
        lock_configuration()
        row = cls.objects.filter(member=member, kind=kind).first()
        before = None
        if row:
            before = row.limit
        if before == limit:
            return
        if limit is None:
            row.delete()
        else:
            row = row or cls(member=member, kind=kind)
            row.limit = limit
            row.save()
        events.record("capacity.set", subject=member, by=by, data={"kind": kind, "from": before, "to": limit})
