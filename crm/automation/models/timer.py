"""RuleTimer: when a rule is to be evaluated for a record, counted from an anchor."""

from django.db import models

from crm.platform.models import TenantForeignKey, TenantModel


class RuleTimer(TenantModel):
    """The pending time of a rule for a record, at most one. The Due row with its id fires it."""

    rule = TenantForeignKey("automation.Rule", models.CASCADE, related_name="+")
    record_id = models.BigIntegerField()
    # The instant it counts from, and what makes it this one (Anchor.value).
    since = models.DateTimeField()
    value = models.CharField(max_length=80)
    at = models.DateTimeField()
    # When it was before an edit of the calendar moved it, last.
    was_at = models.DateTimeField(null=True)
    # Whose working time it counts; null where an edited calendar moves nothing.
    calendar = TenantForeignKey("platform.BusinessCalendar", models.PROTECT, null=True, related_name="+")

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "rule", "record_id"], name="rule_timer_is_one_a_record")
        ]
        indexes = [
            models.Index(fields=["tenant", "rule", "at"], name="rule_timer_next"),
            models.Index(
                fields=["tenant", "calendar", "id"],
                condition=models.Q(calendar__isnull=False),
                name="rule_timer_calendar",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule_id} on {self.record_id} at {self.at}"
