"""PaymentPlan and PaymentPart: in which parts a job is paid, and what starts each, e.g. 30 / 40 / 30 per cent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.jobs.models import Job
from crm.jobs.models.job_part import JobPart
from crm.kernel import clock
from crm.kernel.amounts import MILLION, split
from crm.kernel.refusal import Refused
from crm.platform.models import Member, TenantForeignKey, TenantManager, TenantModel, TenantOneToOneField


def tax_key(rate: int, code: str = "") -> str:
    """Return the key of a tax: its rate in parts per million, "210000"; without tax and with the reason "0:reverse"."""
    if rate or not code:
        return str(rate)
    return f"{rate}:{code}"


def parse_tax_key(key: str) -> tuple[int, str]:
    """Return the rate and the reason of a `tax_key`."""
    rate, _colon, code = key.partition(":")
    return int(rate), code


class PartStart(models.TextChoices):
    """What makes a part billable."""

    ACCEPTED = "accepted", _("The quote is accepted")
    BEGUN = "begun", _("Work has begun")
    DONE = "done", _("The work is done")
    HAND = "hand", _("Somebody says so")


@dataclass(frozen=True)
class PartDraft:
    """A part of a plan: its name, its share in parts per million, what starts it, and the days to pay."""

    name: str
    ppm: int
    starts: str
    due_days: int = 14


class PaymentPlan(JobPart):
    """The parts in which a job is paid."""

    job = TenantOneToOneField(Job, models.CASCADE, primary_key=True, related_name="payment_plan")
    # With tax, in minor units.
    agreed = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    agreed_at = models.DateTimeField(default=clock.now)
    # By `tax_key`, how much of the total is at it, tax included: {"210000": 1210000}.
    rates = models.JSONField(default=dict)

    objects: ClassVar[Any] = TenantManager()

    class Meta:
        base_manager_name = "objects"
        constraints = [models.CheckConstraint(condition=Q(agreed__gt=0), name="plan_is_about_some_money")]

    def __str__(self) -> str:
        return f"plan of job {self.job_id}"

    @classmethod
    @transaction.atomic
    def agree(
        cls,
        job: Job,
        agreed: int,
        drafts: Sequence[PartDraft],
        *,
        by: Member | None,
        rates: Mapping[str, int] | None = None,
        currency: str = "",
    ) -> "PaymentPlan":
        """Set the plan of a job; the last part takes what rounding leaves. Idempotent.

        `rates`: by `tax_key`, how much of the total is at it. Raises Refused for shares that are not all of it, or once
        a part of another plan was billed.
        """
        job.lock()
        if agreed <= 0 or sum(draft.ppm for draft in drafts) != MILLION:
            raise Refused(gettext("The parts must add up to 100%."))
        row: PaymentPlan | None = cls.objects.filter(job=job).first()
        if row is not None:
            row._replace()
        row = cls.objects.create(
            job=job,
            agreed=agreed,
            currency=currency or job.currency,
            rates=dict(rates or {}),
        )
        amounts = split(agreed, [draft.ppm for draft in drafts])
        PaymentPart.objects.bulk_create(
            PaymentPart(
                plan=row,
                position=position,
                name=draft.name[:60],
                ppm=draft.ppm,
                amount=amounts[position],
                starts=PartStart(draft.starts),
                due_days=draft.due_days,
            )
            for position, draft in enumerate(drafts)
        )
        row._record("payment_plan.agreed", by, {"agreed": agreed, "currency": row.currency, "parts": len(drafts)})
        return row

    def _replace(self) -> None:
        if self.parts.filter(invoices__isnull=False).exists():
            raise Refused(gettext("A part of the plan was billed already."))
        self.parts.all().delete()
        self.delete()

    def rates_of(self, amount: int) -> dict[str, int]:
        """Return by `tax_key` how much of a part is at it; all of it without tax if the plan knows no rates."""
        if not self.rates:
            return {tax_key(0): amount}
        keys = sorted(self.rates, key=parse_tax_key)
        return dict(zip(keys, split(amount, [self.rates[key] for key in keys]), strict=True))


class PaymentPart(TenantModel):
    """A part of a plan. Its invoice refers to it."""

    Start = PartStart

    plan = TenantForeignKey(PaymentPlan, models.CASCADE, related_name="parts")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=60)
    ppm = models.PositiveIntegerField()
    amount = models.BigIntegerField()
    starts = models.CharField(max_length=8, choices=PartStart)
    due_days = models.PositiveSmallIntegerField(default=14)
    # When what starts it happened, and when its invoice was issued.
    started_at = models.DateTimeField(null=True, blank=True)
    billed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        base_manager_name = "objects"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "plan", "position"], name="payment_part_position_is_unique")
        ]

    def __str__(self) -> str:
        return self.name
