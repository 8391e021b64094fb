"""AutomationPolicy: the organization's own switch of all rules, and how long a person's move holds."""

from django.db import models, transaction

from crm.platform.events import events
from crm.platform.models import Member
from crm.platform.models.base import ConfigurationModel
from crm.platform.models.tenant import hold_configuration
from crm.platform.organization.configuration import per_tenant


class AutomationPolicy(ConfigurationModel):
    """A tenant's choice; one without a row has rules on, and a day (L11)."""

    # Nothing fires while it is off: what happens then is noted as skipped.
    is_on = models.BooleanField(default=True)
    # For so many hours no rule moves a record that a person has moved.
    person_wins_hours = models.PositiveSmallIntegerField(default=24)

    class Meta:
        base_manager_name = "objects"
        constraints = [models.UniqueConstraint(fields=["tenant"], name="automation_policy_is_one_a_tenant")]

    def __str__(self) -> str:
        return "on" if self.is_on else "off"

    @classmethod
    @transaction.atomic
    def switch(cls, on: bool, *, by: Member | None) -> None:
        """Switch all rules on or off. The same: nothing."""
        hold_configuration()
        row = cls.objects.first() or cls()
        if row.is_on != on:
            row.is_on = on
            row.save()
            events.record("automation.switched_on" if on else "automation.switched_off", subject=row, by=by)

    @classmethod
    @transaction.atomic
    def set_person_wins(cls, hours: int, *, by: Member | None) -> None:
        """Set for how many hours a person's move holds against rules. The same: nothing."""
        hold_configuration()
        row = cls.objects.first() or cls()
        if row.person_wins_hours != hours:
            row.person_wins_hours = hours
            row.save()
            events.record("automation.person_wins_set", subject=row, by=by, data={"hours": hours})


@per_tenant
def automation_policy() -> AutomationPolicy:
    """Return the policy of the tenant in use; cached, to be read only."""
    return AutomationPolicy.objects.first() or AutomationPolicy()
