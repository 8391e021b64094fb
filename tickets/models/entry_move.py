"""EntryMove: record of the entries moved by a merge or split, for undo."""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from crm.kernel import clock
from crm.platform.models import Member, TenantForeignKey, TenantManager, TenantModel, TenantQuerySet
from crm.platform.models.base import public_id
from tickets.models.ticket import Ticket


class EntryMove(TenantModel):
    """Moved entries and participants. A merge moves all and ends the source ticket."""

    uid = public_id()
    is_merge = models.BooleanField()
    source = TenantForeignKey(Ticket, models.CASCADE, related_name="+")
    target = TenantForeignKey(Ticket, models.CASCADE, related_name="+")
    entries = ArrayField(models.BigIntegerField())
    participants = ArrayField(models.BigIntegerField())
    # How the source stood before a merge.
    source_before = models.JSONField(default=dict, blank=True)
    by = TenantForeignKey(Member, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=clock.now)
    undone_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = TenantManager.from_queryset(TenantQuerySet["EntryMove"])()

    class Meta:
        base_manager_name = "objects"
        constraints = [models.UniqueConstraint(fields=["tenant", "uid"], name="entry_move_uid_is_unique")]
        indexes = [models.Index(fields=["tenant", "source", "-at"], name="entry_move_of_source")]

    def __str__(self) -> str:
        return f"{self.source_id} to {self.target_id}"
