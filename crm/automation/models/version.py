"""RuleVersion: a rule's definition at a point in time, and its author."""

from django.db import models

from crm.kernel import clock
from crm.platform.models import Member, TenantForeignKey, TenantModel


class RuleVersion(TenantModel):
    """One definition of a rule. Immutable: waiting runs continue with the version they began with."""

    app_may = "select, insert, delete"

    # The rule's id; no key, as the rule has one to its present version, and two would go round.
    rule_id = models.BigIntegerField()
    number = models.PositiveIntegerField()
    at = models.DateTimeField(default=clock.now)
    by = TenantForeignKey(Member, models.PROTECT, null=True, related_name="+")
    # See crm/automation/definition.py.
    definition = models.JSONField()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "rule_id", "number"], name="rule_version_number_is_unique")
        ]

    def __str__(self) -> str:
        return f"{self.rule_id} v{self.number}"
