"""SendingPolicy: how often customers may be contacted, and whether transactional messages count.

Rule: docs/rules.md#k4.
"""

from django.db import models

from crm.platform.models.base import ConfigurationModel
from crm.platform.organization.configuration import cached_per_tenant


class SendingPolicy(ConfigurationModel):
    """A tenant's weekly limits. Without a row, the defaults below apply."""

    weekly_emails = models.PositiveSmallIntegerField(default=3)
    weekly_texts = models.PositiveSmallIntegerField(default=2)
    # Count messages about the work in hand too, and so drop them beyond the limit (docs/rules.md#k4).
    transactional_counts = models.BooleanField(default=False)

    class Meta:
        base_manager_name = "objects"
        constraints = [models.UniqueConstraint(fields=["tenant"], name="sending_policy_is_one_a_tenant")]

    def __str__(self) -> str:
        return f"{self.weekly_emails} e-mails and {self.weekly_texts} texts a week"


@cached_per_tenant
def sending_policy() -> SendingPolicy:
    """Return the policy of the tenant in use; cached, read-only."""
    return SendingPolicy.objects.first() or SendingPolicy()
