"""DryRun: count of what a rule would have done in past days, without doing it. DryHit: one match of a dry run."""

from datetime import datetime
from typing import ClassVar

from django.db import models

from crm.platform.models import Run, TenantForeignKey, TenantModel


class DryRun(Run):
    """A dry run: over past events, or over records whose time was reached."""

    topic = "dry_runs"
    progress: ClassVar[tuple[str, ...]] = ("done", "total", "cursor")

    rule = TenantForeignKey("automation.Rule", models.CASCADE, related_name="+")
    # What was tried: the rule may be edited meanwhile (crm/automation/definition.py).
    definition = models.JSONField()
    since = models.DateTimeField()
    until = models.DateTimeField()
    # The last event, or record, that was looked at.
    cursor = models.BigIntegerField(default=0)
    # What came of it: how often, for how many records, by day ("2026-03-02": 3), and the last of them
    # ([[record id, instant], …]).
    fired_count = models.PositiveIntegerField(default=0)
    record_count = models.PositiveIntegerField(default=0)
    by_day = models.JSONField(default=dict)
    samples = models.JSONField(default=list)
    # Whether the past is known, or only those that stand so now.
    is_exact = models.BooleanField(default=True)

    def __str__(self) -> str:
        return f"dry run of {self.rule_id}"

    def reach(self, cursor: int, count: int) -> None:
        """Save the progress together with the results of the slice."""
        self.cursor = cursor
        self.save_progress(count)


class DryHit(TenantModel):
    """A time a rule would have fired, before its limit is applied. Deleted when the dry run ends."""

    run = TenantForeignKey(DryRun, models.CASCADE, related_name="hits")
    record_id = models.BigIntegerField()
    at = models.DateTimeField()
    # What its limit may count by.
    value = models.CharField(max_length=80)

    class Meta:
        base_manager_name = "objects"
        indexes = [models.Index(fields=["tenant", "run", "record_id", "at"], name="dry_hit_order")]

    def __str__(self) -> str:
        return f"{self.record_id} at {self.at}"


Hit = tuple[int, datetime, str]
