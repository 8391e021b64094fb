"""LifePolicy: days after which a ticket no longer reopens, closes for good, and is archived (docs/rules.md#k5)."""

from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from crm.kernel.refusal import Refused
from crm.platform.events import events
from crm.platform.models import Member
from crm.platform.models.base import ConfigurationModel
from crm.platform.models.tenant import lock_configuration
from crm.platform.organization.configuration import cached_per_tenant


class LifePolicy(ConfigurationModel):
    """A tenant's settings, in days; the defaults of docs/rules.md#k5 apply without a row."""

    # A reply so long after it was solved opens it again.
    reopen_days = models.PositiveSmallIntegerField(default=7)
    # It closes for good so long after it was solved, and is archived so long after it closed.
    close_days = models.PositiveSmallIntegerField(default=7)
    archive_days = models.PositiveSmallIntegerField(default=90)
    # Answers to regular customers begin on the channel they use most; else on the one they wrote on last.
    usual_channel = models.BooleanField(default=False)

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant"], name="life_policy_is_one_a_tenant"),
            models.CheckConstraint(
                condition=Q(reopen_days__lte=F("close_days"), close_days__gte=1, archive_days__gte=1),
                name="life_policy_closes_after_reopening",
            ),
        ]

    def __str__(self) -> str:
        return f"reopens {self.reopen_days}, closes {self.close_days}, archives {self.archive_days}"

    @classmethod
    @transaction.atomic
    def set(cls, *, reopen_days: int, close_days: int, archive_days: int, by: Member | None) -> None:
        """Set the days. Idempotent. Raises Refused if tickets would close while a reply may still reopen them."""
        if reopen_days > close_days:
            raise Refused(_("It can’t be reopened after it is closed permanently."))
        lock_configuration()
        row = cls.objects.first() or cls()
        after = (reopen_days, close_days, archive_days)
        if (row.reopen_days, row.close_days, row.archive_days) == after:
            return
        row.reopen_days, row.close_days, row.archive_days = after
        row.save()
        events.record("life_policy.edited", subject=row, by=by, data={"days": list(after)})

    @classmethod
    @transaction.atomic
    def set_usual_channel(cls, on: bool, *, by: Member | None) -> None:
        """Set whether replies to regular customers start on their most used channel. Idempotent."""
        lock_configuration()
        row = cls.objects.first() or cls()
        if row.usual_channel != on:
            row.usual_channel = on
            row.save()
            events.record("life_policy.edited", subject=row, by=by, data={"usual_channel": on})


@cached_per_tenant
def life_policy() -> LifePolicy:
    """Return the current tenant's policy. Cached; treat as read-only."""
    return LifePolicy.objects.first() or LifePolicy()
