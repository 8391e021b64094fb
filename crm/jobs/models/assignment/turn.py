"""AssignmentTurn: when a member last got work of a kind, as an increasing number."""

from django.db import models

from crm.kernel import clock
from crm.platform.models import Member, TenantForeignKey, TenantModel


class AssignmentTurn(TenantModel):
    """A member's last turn for a kind of work. A number, not a time, as a batch assigns many rows in one instant."""

    kind = models.CharField(max_length=20)
    member = TenantForeignKey(Member, models.CASCADE, related_name="+")
    turn = models.BigIntegerField()
    at = models.DateTimeField(default=clock.now)

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "kind", "member"], name="turn_is_once_a_member_and_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.member_id}: {self.turn}"
