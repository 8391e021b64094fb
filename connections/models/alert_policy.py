"""AlertPolicy: when a failing connection is reported, texted, and passed on to a colleague."""

from datetime import timedelta

from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from crm.kernel.refusal import Refused
from crm.platform.events import events
from crm.platform.models import Member
from crm.platform.models.base import ConfigurationModel
from crm.platform.models.tenant import lock_configuration
from crm.platform.organization.configuration import cached_per_tenant


class AlertPolicy(ConfigurationModel):
    """The minutes after which a failing connection is reported, texted, and passed on."""

    # For how long a system may not answer before its owner is told. A refused sign-in is reported at once.
    patience_minutes = models.PositiveSmallIntegerField(default=30)
    # Counted from the first notice.
    text_minutes = models.PositiveSmallIntegerField(default=60)
    colleague_minutes = models.PositiveSmallIntegerField(default=180)

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant"], name="tenant_has_one_alert_policy"),
            models.CheckConstraint(
                condition=Q(text_minutes__lt=F("colleague_minutes")), name="colleague_is_asked_after_the_text"
            ),
        ]

    def __str__(self) -> str:
        return f"alerts after {self.text_minutes} and {self.colleague_minutes} minutes"

    @property
    def patience(self) -> timedelta:
        return timedelta(minutes=self.patience_minutes)

    @property
    def pauses(self) -> tuple[timedelta, timedelta]:
        """How long after the first notice the text is sent, and the colleague is asked."""
        return timedelta(minutes=self.text_minutes), timedelta(minutes=self.colleague_minutes)

    @classmethod
    @transaction.atomic
    def set(cls, *, patience: int, text: int, colleague: int, by: Member) -> None:
        """Set the minutes. Idempotent. Raises Refused if the colleague would be asked before the text is sent."""
        lock_configuration()
        if not (0 < patience <= 1440 and 0 < text < colleague <= 10_080):
            raise Refused(_("Ask the colleague later than the text is sent, within a week."))
        row = cls.objects.first() or cls()
        values = (patience, text, colleague)
        if row.pk and values == (row.patience_minutes, row.text_minutes, row.colleague_minutes):
            return
        row.patience_minutes = patience
        row.text_minutes = text
        row.colleague_minutes = colleague
        row.save()
        events.record("alert_policy.set", subject=row, by=by, data={})


@cached_per_tenant
def alert_policy() -> AlertPolicy:
    """Return the policy; the defaults before one is set."""
    return AlertPolicy.objects.first() or AlertPolicy()
