"""UpdatePolicy: how often customers get updates, and whether drafts may be sent automatically.

Rule: docs/rules.md#k9.
"""

from typing import ClassVar

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from crm.kernel.refusal import Refused
from crm.platform.events import events
from crm.platform.models import Member
from crm.platform.models.base import ConfigurationModel
from crm.platform.models.tenant import lock_configuration
from crm.platform.organization.configuration import cached_per_tenant

# The most days between two updates, of work of years.
LONGEST_CADENCE = 180
LONGEST_AHEAD = 14
LONGEST_UNSEEN = 60


class UpdatePolicy(ConfigurationModel):
    """A tenant's settings, in days; the defaults apply without a row."""

    cadence_days = models.PositiveSmallIntegerField(default=14)
    # A draft is written so long before it is due, for somebody to read it.
    ahead_days = models.PositiveSmallIntegerField(default=2)
    # So long unseen, another channel is proposed.
    unseen_days = models.PositiveSmallIntegerField(default=5)
    # Whether a draft nobody has touched leaves by itself when it is due, unless it has bad news.
    sends_itself = models.BooleanField(default=False)

    FIELDS: ClassVar[tuple[str, ...]] = ("cadence_days", "ahead_days", "unseen_days", "sends_itself")

    class Meta:
        base_manager_name = "objects"
        verbose_name_plural = "update policies"
        constraints = [
            models.UniqueConstraint(fields=["tenant"], name="update_policy_is_one_a_tenant"),
            models.CheckConstraint(
                condition=Q(cadence_days__gte=1, unseen_days__gte=1), name="update_policy_counts_days"
            ),
        ]

    def __str__(self) -> str:
        return f"every {self.cadence_days} days"

    @classmethod
    @transaction.atomic
    def set(
        cls, *, cadence_days: int, ahead_days: int, unseen_days: int, sends_itself: bool, by: Member | None
    ) -> None:
        """Change the policy; planned updates keep their day, later ones follow it. Idempotent."""
        if not (1 <= cadence_days <= LONGEST_CADENCE and 1 <= unseen_days <= LONGEST_UNSEEN):
            raise Refused(_("Enter a number of days from 1 to %(most)s.") % {"most": LONGEST_CADENCE})
        if not 0 <= ahead_days <= min(LONGEST_AHEAD, cadence_days - 1):
            raise Refused(_("A draft must come before the update is due and after the previous one."))
        lock_configuration()
        row = cls.objects.first() or cls()
        wanted = (cadence_days, ahead_days, unseen_days, sends_itself)
        if tuple(getattr(row, name) for name in cls.FIELDS) == wanted:
            return
        for name, value in zip(cls.FIELDS, wanted, strict=True):
            setattr(row, name, value)
        row.save()
        events.record("update_policy.edited", subject=row, by=by, data=dict(zip(cls.FIELDS, wanted, strict=True)))


@cached_per_tenant
def update_policy() -> UpdatePolicy:
    """Return the current tenant's policy. Cached; treat as read-only."""
    return UpdatePolicy.objects.first() or UpdatePolicy()
