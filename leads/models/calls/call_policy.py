"""CallPolicy: how long a call on a tracking number lasts before it counts as a lead."""

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from crm.kernel.refusal import Refused
from crm.platform.events import events
from crm.platform.models import Member
from crm.platform.models.base import ConfigurationModel
from crm.platform.models.tenant import lock_configuration
from crm.platform.organization.configuration import cached_per_tenant

# An hour: of a longer call nobody expects to wait for it to count.
MOST_SECONDS = 3600
USUAL_SECONDS = 60


class CallPolicy(ConfigurationModel):
    """A tenant's policy; without a row the default of 60 seconds applies (docs/rules.md#call-tracking)."""

    least_seconds = models.PositiveSmallIntegerField(default=USUAL_SECONDS)

    class Meta:
        base_manager_name = "objects"
        verbose_name_plural = "call policies"
        constraints = [
            models.UniqueConstraint(fields=["tenant"], name="call_policy_is_one_a_tenant"),
            models.CheckConstraint(
                condition=Q(least_seconds__gte=1, least_seconds__lte=MOST_SECONDS), name="calls_count_from_a_second"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.least_seconds} s"

    @classmethod
    @transaction.atomic
    def set(cls, least_seconds: int, *, by: Member | None) -> None:
        """Set the seconds for later calls; without a change nothing is recorded. Raises Refused out of range."""
        if not 1 <= least_seconds <= MOST_SECONDS:
            raise Refused(_("Enter seconds from 1 to %(most)s.") % {"most": MOST_SECONDS})
        lock_configuration()
        row = cls.objects.first() or cls()
        if row.pk is None or row.least_seconds != least_seconds:
            row.least_seconds = least_seconds
            row.save()
            events.record("call_policy.set", subject=row, by=by, data={"seconds": least_seconds})


@cached_per_tenant
def call_policy() -> CallPolicy:
    """Return the current tenant's policy; cached, treat it as read-only."""
    return CallPolicy.objects.first() or CallPolicy()
