"""DunningStep: when late invoices are reminded, and how. DunningAct: a reminder that was given."""

from typing import Any, ClassVar, NamedTuple

from django.db import models, transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from billing.models.instalment_plan import Instalment
from billing.models.invoice import Invoice
from comms.models import Message
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.events import events
from crm.platform.models import Member, TenantForeignKey, TenantManager, TenantModel, TenantQuerySet
from crm.platform.models.base import ConfigurationModel
from crm.platform.models.tenant import lock_configuration
from crm.platform.organization.configuration import cached_per_tenant
from followups.models import FollowUp


class DunningKind(models.TextChoices):
    MAIL = "mail", _("Email, friendly")
    MAIL_AND_TEXT = "text", _("Email and text")
    CALL = "call", _("Call")
    MANAGER = "manager", _("Manager")


# Days after the day it was due, where nobody has set any.
USUAL_DAYS = {DunningKind.MAIL: 3, DunningKind.MAIL_AND_TEXT: 7, DunningKind.CALL: 10, DunningKind.MANAGER: 14}


class LadderStep(NamedTuple):
    """A step of the ladder: what is done, and so many days after the invoice was due."""

    kind: str
    days: int


class DunningStep(ConfigurationModel):
    """A tenant's own setting of a step: its days, or none to leave it out."""

    kind = models.CharField(max_length=8, choices=DunningKind)
    days = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        base_manager_name = "objects"
        constraints = [models.UniqueConstraint(fields=["tenant", "kind"], name="dunning_step_is_set_once")]

    def __str__(self) -> str:
        return f"{self.kind} after {self.days}"

    @classmethod
    @transaction.atomic
    def set_ladder(cls, days: dict[str, int | None], *, by: Member | None) -> None:
        """Set the days of each step, None to leave it out. Idempotent. Raises Refused unless they rise."""
        lock_configuration()
        counts = [days[kind] for kind in USUAL_DAYS]
        used = [one for one in counts if one is not None]
        if used != sorted(set(used)) or any(one < 1 for one in used):
            raise Refused(gettext("Each step comes at least a day after the one before."))
        if dict(days) == own_days():
            return
        for kind, count in days.items():
            row = cls.objects.filter(kind=kind).first() or cls(kind=kind)
            row.days = count
            row.save()
            events.record("dunning_step.set", subject=row, by=by, data={"kind": kind, "days": count})


@cached_per_tenant
def own_days() -> dict[str, int | None]:
    """Return the days of each step by kind; None for a step that is left out."""
    own = dict(DunningStep.objects.values_list("kind", "days"))
    return {str(kind): own.get(kind, usual) for kind, usual in USUAL_DAYS.items()}


def ladder() -> list[LadderStep]:
    """Return the steps in use, in order."""
    return [LadderStep(kind, days) for kind, days in own_days().items() if days is not None]


class DunningResult(models.TextChoices):
    DONE = "done", _("Done")
    NOT_REACHED = "unreached", _("No address or number")


class DunningQuerySet(TenantQuerySet[Any]):
    def in_order(self) -> "DunningQuerySet":
        return self.order_by("at", "pk")


class DunningAct(TenantModel):
    """A step of the ladder that was taken for an invoice."""

    Result = DunningResult

    invoice = TenantForeignKey(Invoice, models.CASCADE, related_name="dunning")
    kind = models.CharField(max_length=8, choices=DunningKind)
    days = models.PositiveSmallIntegerField()
    result = models.CharField(max_length=9, choices=DunningResult, default=DunningResult.DONE)
    at = models.DateTimeField(default=clock.now)
    message = TenantForeignKey(Message, models.SET_NULL, null=True, blank=True, related_name="+")
    text = TenantForeignKey(Message, models.SET_NULL, null=True, blank=True, related_name="+")
    follow_up = TenantForeignKey(FollowUp, models.SET_NULL, null=True, blank=True, related_name="+")
    # The part that was reminded of, where the invoice is paid in parts.
    instalment = TenantForeignKey(Instalment, models.CASCADE, null=True, blank=True, related_name="+")

    objects: ClassVar[Any] = TenantManager.from_queryset(DunningQuerySet)()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "invoice", "kind"],
                condition=models.Q(instalment__isnull=True),
                name="dunning_step_is_taken_once",
            ),
            models.UniqueConstraint(
                fields=["tenant", "instalment", "kind"],
                condition=models.Q(instalment__isnull=False),
                name="dunning_step_of_a_part_is_taken_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of invoice {self.invoice_id}"
