"""ResponsePolicy: when an unanswered new lead is offered to the next rep, and to the team."""

from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from crm.kernel.refusal import Refused
from crm.platform.events import events
from crm.platform.models import Member
from crm.platform.models.base import ConfigurationModel
from crm.platform.models.tenant import lock_configuration
from crm.platform.organization.configuration import cached_per_tenant

# More is no answer at once.
MOST_MINUTES = 30


class ResponsePolicy(ConfigurationModel):
    """A tenant's policy; without a row the defaults apply. Managers are notified when the first step's time is up.

    In working minutes from the lead's opening; null: that rung is left out.
    """

    next_after = models.PositiveSmallIntegerField(null=True, blank=True, default=5)
    team_after = models.PositiveSmallIntegerField(null=True, blank=True, default=10)

    class Meta:
        base_manager_name = "objects"
        verbose_name_plural = "response policies"
        constraints = [
            models.UniqueConstraint(fields=["tenant"], name="response_policy_is_one_a_tenant"),
            models.CheckConstraint(condition=Q(next_after__lt=F("team_after")), name="next_rep_comes_before_the_team"),
        ]

    def __str__(self) -> str:
        return f"{self.next_after}, {self.team_after}"

    @classmethod
    @transaction.atomic
    def set(cls, next_after: int | None, team_after: int | None, *, by: Member | None) -> None:
        """Set the minutes; without a change nothing is recorded. Raises Refused for invalid minutes."""
        if any(each is not None and not 1 <= each <= MOST_MINUTES for each in (next_after, team_after)):
            raise Refused(_("Enter minutes from 1 to %(most)s, or leave it blank.") % {"most": MOST_MINUTES})
        if next_after is not None and team_after is not None and next_after >= team_after:
            raise Refused(_("The next rep comes before the team."))
        lock_configuration()
        row = cls.objects.first() or cls()
        if (row.next_after, row.team_after) != (next_after, team_after):
            row.next_after = next_after
            row.team_after = team_after
            row.save()
            data = {"next": next_after, "team": team_after}
            events.record("response_policy.set", subject=row, by=by, data=data)


@cached_per_tenant
def response_policy() -> ResponsePolicy:
    """Return the current tenant's policy; cached, treat it as read-only."""
    return ResponsePolicy.objects.first() or ResponsePolicy()
