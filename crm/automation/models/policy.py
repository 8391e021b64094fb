"""AutomationPolicy: the tenant's switch for all rules, and how long a person's change takes precedence."""

from django.db import models, transaction
from django.utils.translation import gettext as _

from crm.kernel.refusal import Refused
from crm.platform.events import events
from crm.platform.models import Member
from crm.platform.models.base import ConfigurationModel
from crm.platform.models.tenant import lock_configuration
from crm.platform.organization.configuration import cached_per_tenant


class AutomationPolicy(ConfigurationModel):
    """A tenant's policy. Without a row, rules are on and a person's change takes precedence for a day."""

    # Nothing fires while it is off: what happens then is noted as skipped.
    is_on = models.BooleanField(default=True)
    # For so many hours no rule moves a record that a person has moved.
    person_wins_hours = models.PositiveSmallIntegerField(default=24)

    # From so many points on a lead is high, and urgent; null: never by points.
    high_from = models.PositiveSmallIntegerField(null=True, default=5)
    urgent_from = models.PositiveSmallIntegerField(null=True, default=None)

    class Meta:
        base_manager_name = "objects"
        constraints = [models.UniqueConstraint(fields=["tenant"], name="automation_policy_is_one_a_tenant")]

    def __str__(self) -> str:
        if self.is_on:
            return "on"
        return "off"

    @classmethod
    @transaction.atomic
    def switch(cls, on: bool, *, by: Member | None) -> None:
        """Switch all rules on or off. Idempotent."""
        lock_configuration()
        row = cls.objects.first() or cls()
        if row.is_on != on:
            row.is_on = on
            row.save()
            events.record("automation.switched_on" if on else "automation.switched_off", subject=row, by=by)

    @classmethod
    @transaction.atomic
    def set_person_wins(cls, hours: int, *, by: Member | None) -> None:
        """Set for how many hours a person's change takes precedence over rules. Idempotent."""
        lock_configuration()
        row = cls.objects.first() or cls()
        if row.person_wins_hours != hours:
            row.person_wins_hours = hours
            row.save()
            events.record("automation.person_wins_set", subject=row, by=by, data={"hours": hours})

    @classmethod
    @transaction.atomic
    def set_thresholds(cls, high: int | None, urgent: int | None, *, by: Member | None) -> None:
        """Set the minimum points for high and urgent. Idempotent. Raises Refused unless urgent exceeds high."""
        lock_configuration()
        if high is not None and urgent is not None and urgent <= high:
            raise Refused(_("Urgent must have more points than high."))
        row = cls.objects.first() or cls()
        if (row.high_from, row.urgent_from) != (high, urgent):
            row.high_from = high
            row.urgent_from = urgent
            row.save()
            events.record("points.thresholds_set", subject=row, by=by, data={"high": high, "urgent": urgent})


@cached_per_tenant
def automation_policy() -> AutomationPolicy:
    """Return the policy of the current tenant, cached and read-only."""
    return AutomationPolicy.objects.first() or AutomationPolicy()
