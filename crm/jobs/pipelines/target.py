"""StageTarget: how long a step may take, for us and for the customer; an edit recalculates its open clocks."""

from typing import Any, NamedTuple

from django.db import models, transaction

from crm.jobs.pipelines.pipeline import Pipeline
from crm.jobs.pipelines.stage import Stage
from crm.platform.events import events
from crm.platform.models import Member, TenantForeignKey
from crm.platform.models.base import ConfigurationModel
from crm.platform.models.tenant import lock_configuration


class TargetCase(NamedTuple):
    """The case a target applies to. Stage None: before any step; brand or priority None: all of them."""

    stage_id: int | None
    brand_id: int | None = None
    priority: int | None = None


class Terms(NamedTuple):
    """A target's times in seconds, for us and for the customer; None if a less specific target applies."""

    ours: int | None
    theirs: int | None
    working_hours: bool


class StageTarget(ConfigurationModel):
    """How long a step may take, for us and for the customer. The most specific one applies (pipelines/setup.py)."""

    pipeline = TenantForeignKey(Pipeline, models.CASCADE, related_name="targets")
    # Null: before any step, the first contact of a job without status.
    stage = TenantForeignKey(Stage, models.CASCADE, null=True, blank=True, related_name="targets")
    brand = TenantForeignKey("platform.Brand", models.CASCADE, null=True, blank=True, related_name="+")
    priority = models.PositiveSmallIntegerField(null=True, blank=True)
    # Seconds; null leaves it to the tenant's default.
    ours = models.PositiveIntegerField(null=True, blank=True)
    theirs = models.PositiveIntegerField(null=True, blank=True)
    # Count the brand's working hours; else calendar hours.
    working_hours = models.BooleanField(default=True)

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "pipeline", "stage", "brand", "priority"],
                nulls_distinct=False,
                name="target_is_once_for_its_case",
            ),
            models.CheckConstraint(
                condition=models.Q(ours__gt=0) | models.Q(ours__isnull=True), name="target_allows_some_time"
            ),
            models.CheckConstraint(
                condition=models.Q(theirs__gt=0) | models.Q(theirs__isnull=True), name="target_allows_them_some_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pipeline_id}/{self.stage_id}: {self.ours}"

    @property
    def terms(self) -> Terms:
        return Terms(self.ours, self.theirs, self.working_hours)

    @classmethod
    @transaction.atomic
    def set(cls, pipeline: Pipeline, case: TargetCase, terms: Terms, *, by: Member | None) -> bool:
        """Set a case's terms; without any time the target is deleted. Returns True if it changed.

        The event has the open clocks of the case recalculated. Raises ValueError for a time of zero.
        """
        if terms.ours == 0 or terms.theirs == 0:
            raise ValueError("a target allows some time")
        lock_configuration()
        target = cls.objects.filter(pipeline=pipeline, **case._asdict()).first()
        before = None
        if target:
            before = target.terms
        after = None
        if terms.ours or terms.theirs:
            after = terms
        if before == after:
            return False
        if after is None:
            target.delete()
        else:
            target = target or cls(pipeline=pipeline, **case._asdict())
            target.ours, target.theirs, target.working_hours = after
            target.save()
        events.record("target.changed", subject=pipeline, by=by, data=_event_data(case, before, after))
        return True


def _event_data(case: TargetCase, before: Terms | None, after: Terms | None) -> dict[str, Any]:
    change = {"from": before._asdict() if before else None, "to": after._asdict() if after else None}
    return {"stage": case.stage_id, "brand": case.brand_id, "priority": case.priority, **change}
