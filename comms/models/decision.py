"""Decision: the gate's decision on a message, one row per attempt, with the result of every rule. Immutable."""

from typing import Any, ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from comms.models.medium import Medium, Purpose
from comms.models.message import Message
from crm.kernel import clock
from crm.platform.models import Member, TenantForeignKey, TenantManager, TenantModel, TenantQuerySet
from crm.platform.models.base import public_id


class DecisionQuerySet(TenantQuerySet["Decision"]):
    def visible_to(self, member: Member) -> Self:
        """Filter the decisions on messages a member may see."""
        return self.filter(models.Exists(Message.objects.visible_to(member).filter(pk=models.OuterRef("message_id"))))


class Decision(TenantModel):
    """A decision of `comms.gate`. What happened after sending is on the message."""

    app_may = "select, insert"

    class Outcome(models.TextChoices):
        """What to do with the message."""

        SEND = "send", _("Sent")
        DEFER = "defer", _("Waits")
        DROP = "drop", _("Not sent")
        NEEDS_HUMAN = "needs_human", _("Needs a person")

    uid = public_id()
    message = TenantForeignKey("comms.Message", models.CASCADE, related_name="decisions")
    at = models.DateTimeField(default=clock.now)
    # Which time it was asked for, from 1.
    attempt = models.PositiveSmallIntegerField(default=1)
    purpose = models.CharField(max_length=14, choices=Purpose)
    # Of the message, as it was: what the list of decisions is filtered by.
    medium = models.CharField(max_length=8, choices=Medium, blank=True, db_default="", default="")
    brand = TenantForeignKey("platform.Brand", models.PROTECT, null=True, blank=True, related_name="+")
    template_name = models.CharField(max_length=120, blank=True, db_default="", default="")
    outcome = models.CharField(max_length=12, choices=Outcome)
    # The rule that decided, by its key, and why, by a code: "quiet_hours", "cap", "stop" …
    rule = models.CharField(max_length=16)
    reason = models.CharField(max_length=24, blank=True)
    until = models.DateTimeField(null=True, blank=True)
    # Every rule that was asked, in order: {"rule", "passed", "text", "values"} (comms/stored_words.py).
    checks = models.JSONField(default=list)

    objects: ClassVar[Any] = TenantManager.from_queryset(DecisionQuerySet)()

    class Meta:
        base_manager_name = "objects"
        constraints = [models.UniqueConstraint(fields=["tenant", "uid"], name="decision_uid_is_unique")]
        indexes = [
            models.Index(fields=["tenant", "message", "-id"], name="decision_of_message"),
            models.Index(fields=["tenant", "at", "id"], name="decision_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} {self.reason}"
