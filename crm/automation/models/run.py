"""RuleRun: one evaluation of a rule for a record: the conditions that held and what was done."""

from collections.abc import Collection
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.automation.models.version import RuleVersion
from crm.kernel import clock
from crm.platform.models import TenantForeignKey, TenantManager, TenantModel
from crm.platform.models.base import public_id
from crm.platform.tenancy.tenant_model import TenantQuerySet


class RunState(models.TextChoices):
    # Its conditions did not hold.
    UNMATCHED = "unmatched", _("No match")
    # They held, but something forbade it: a limit, a switch, the depth.
    SKIPPED = "skipped", _("Skipped")
    # It would have fired.
    SHADOW = "shadow", _("Would have run")
    # It waits for somebody to accept it, or to dismiss it.
    PROPOSED = "proposed", _("Suggested")
    WAITING = "waiting", _("Waiting")
    DONE = "done", _("Done")
    # Ended while it waited.
    STOPPED = "stopped", _("Stopped")
    FAILED = "failed", _("Failed")


# States of a run that fired.
FIRED = (RunState.WAITING, RunState.DONE, RunState.STOPPED, RunState.FAILED)


class RuleRunQuerySet(TenantQuerySet["RuleRun"]):
    def that_fired(self) -> "RuleRunQuerySet":
        """Filter runs that executed or attempted steps."""
        return self.filter(state__in=FIRED)

    def waiting(self) -> "RuleRunQuerySet":
        return self.filter(state=RunState.WAITING)

    def open_proposals(self) -> "RuleRunQuerySet":
        return self.filter(state=RunState.PROPOSED)

    def of_record(self, kind: str, record_id: int) -> "RuleRunQuerySet":
        return self.filter(record=kind, record_id=record_id)

    def of_records(self, kind: str, record_ids: Collection[int]) -> "RuleRunQuerySet":
        return self.filter(record=kind, record_id__in=record_ids)


class RuleRun(TenantModel):
    """One run. `key` and `guard` are unique per rule and record, so that nothing fires twice."""

    uid = public_id()
    rule = TenantForeignKey("automation.Rule", models.CASCADE, related_name="runs")
    version = TenantForeignKey(RuleVersion, models.PROTECT, related_name="+")
    # The key of the record's kind, its id, and the job it is about, if any.
    record = models.CharField(max_length=20)
    record_id = models.BigIntegerField()
    job_id = models.BigIntegerField(null=True)
    # The event that started it; null for a time. And the "rule.fired" event that its acts are caused by.
    event_id = models.BigIntegerField(null=True)
    fired_id = models.BigIntegerField(null=True)
    # What started it, of its kind once; and what its limit allows once.
    key = models.CharField(max_length=120)
    guard = models.CharField(max_length=120, null=True)  # noqa: DJ001 (of those without one many may be)
    at = models.DateTimeField(default=clock.now)
    state = models.CharField(max_length=10, choices=RunState)
    # Why it was skipped, stopped or failed, in words.
    reason = models.CharField(max_length=300, blank=True)
    # The conditions in words, each with whether it held: [["Value is at least $5,000", true], …].
    judged = models.JSONField(default=list)
    # What was done: [{"step": 0, "at": …, "state": "done", "data": {…}, "words": ""}, …].
    log = models.JSONField(default=list)
    # The next step, and when it waits for it.
    step = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    # Since when it waits, and by whose working time; null where an edited calendar moves nothing.
    waits_since = models.DateTimeField(null=True)
    calendar = TenantForeignKey("platform.BusinessCalendar", models.PROTECT, null=True, related_name="+")
    # The newest event when a wait began that is not its first: what came before it was of another wait.
    waits_after = models.BigIntegerField(null=True)
    depth = models.PositiveSmallIntegerField(default=0)

    objects: ClassVar[Any] = TenantManager.from_queryset(RuleRunQuerySet)()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="rule_run_uid_is_unique"),
            models.UniqueConstraint(fields=["tenant", "rule", "record_id", "key"], name="rule_run_is_once_a_cause"),
            models.UniqueConstraint(
                fields=["tenant", "rule", "record_id", "guard"], name="rule_run_is_once_within_its_limit"
            ),
            models.CheckConstraint(
                condition=Q(state=RunState.WAITING, next_at__isnull=False)
                | ~Q(state=RunState.WAITING) & Q(next_at__isnull=True),
                name="rule_run_waits_for_an_instant",
            ),
        ]
        indexes = [
            # The log, newest first: of all rules, and of one.
            models.Index(fields=["tenant", "-id"], name="rule_run_newest"),
            models.Index(fields=["tenant", "rule", "-id"], name="rule_run_of_rule"),
            models.Index(fields=["tenant", "record", "record_id", "-id"], name="rule_run_of_record"),
            models.Index(
                fields=["tenant", "record", "record_id"], condition=Q(state="waiting"), name="rule_run_waiting"
            ),
            models.Index(
                fields=["tenant", "record", "record_id"], condition=Q(state="proposed"), name="rule_run_proposed"
            ),
            models.Index(fields=["tenant", "at"], name="rule_run_at"),
            models.Index(
                fields=["tenant", "calendar", "id"],
                condition=Q(state="waiting", calendar__isnull=False),
                name="rule_run_calendar",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule_id} on {self.record}:{self.record_id}"
