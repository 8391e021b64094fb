"""Roof: an inspection that is due. Material: what roofs are made of."""

from typing import Any, ClassVar, Self

from django.db import models, transaction

from crm.jobs.clock.arithmetic import Level
from crm.jobs.clock.pausable import Pausable
from crm.jobs.pipelines.setup import Allowance
from crm.kernel import clock
from crm.platform.models import Brand, Member, TenantForeignKey, TenantManager, TenantQuerySet
from crm.platform.models.base import ConfigurationModel, public_id


class Material(ConfigurationModel):
    """What a roof may be made of."""

    name = models.CharField(max_length=40)


class RoofQuerySet(TenantQuerySet[Any]):
    def visible_to(self, member: Member) -> Self:
        return self


class Roof(Pausable):
    """A roof that somebody inspects within a week."""

    uid = public_id()
    name = models.CharField(max_length=60)
    brand = TenantForeignKey(Brand, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    inspected_at = models.DateTimeField(null=True)

    objects: ClassVar[Any] = TenantManager.from_queryset(RoofQuerySet)()
    undo_columns = ("inspected_at", *Pausable.CLOCK_COLUMNS)

    class Meta(Pausable.Meta):
        indexes = [models.Index(fields=["tenant", "sort_at", "id"], name="roof_due")]

    @transaction.atomic
    def inspect(self, result: str, *, by: Member, version: str | None = None) -> None:
        """Note that it was inspected, which stops the clock. Again: nothing."""
        self.lock()
        if self.inspected_at:
            return
        self.expect_version(version)
        self._stop_clock(Level.ENDED, clock.now())
        self.inspected_at = clock.now()
        self.save(update_fields=self.undo_columns)
        self._schedule_crossing()
        self._record("roof.inspected", by, {"result": result})

    form_version = property(lambda self: f"{self.inspected_at or ''}")
    is_open = property(lambda self: self.inspected_at is None)
    counted_since = property(lambda self: self.asked_at)

    def _allowance(self, *, theirs: bool = False) -> Allowance:
        return Allowance(7 * 86_400, None)
