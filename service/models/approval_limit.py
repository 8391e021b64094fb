"""ApprovalLimit: the highest offer a role may make without approval."""

from django.db import models, transaction

from crm.platform.events import events
from crm.platform.models import Member, Role
from crm.platform.models.base import ConfigurationModel
from crm.platform.models.tenant import lock_configuration
from crm.platform.organization.configuration import cached_per_tenant

# In whole units of the tenant's currency, where nobody has set a limit; None: no limit.
USUAL: dict[str, int | None] = {Role.REP: 0, Role.SERVICE: 150, Role.MANAGER: 2_500, Role.ADMIN: None}


class ApprovalLimit(ConfigurationModel):
    """A role's limit, in whole units of the tenant's currency; null: none."""

    role = models.CharField(max_length=16, choices=Role)
    amount = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        base_manager_name = "objects"
        constraints = [models.UniqueConstraint(fields=["tenant", "role"], name="role_has_one_limit")]

    def __str__(self) -> str:
        return f"{self.role}: {self.amount}"

    @classmethod
    @transaction.atomic
    def set_for(cls, role: str, amount: int | None, *, by: Member | None) -> None:
        """Set the limit of a role. Idempotent."""
        lock_configuration()
        if limits()[role] == amount:
            return
        row = cls.objects.filter(role=role).first() or cls(role=role)
        row.amount = amount
        row.save()
        events.record("approval_limit.set", subject=row, by=by, data={"role": role, "amount": amount})


@cached_per_tenant
def limits() -> dict[str, int | None]:
    """Return each role's limit: the tenant's own, else the default."""
    own = dict(ApprovalLimit.objects.values_list("role", "amount"))
    return {role: own.get(role, usual) for role, usual in USUAL.items()}
