"""Commission: what a partner earned by a job, or what was taken back of it. Append-only, as the ledger is."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q

from billing.models.commissions.agreement import CommissionAgreement
from billing.models.ledger import EntryKind, LedgerAccount, LedgerEntry
from crm.jobs.models import Job
from crm.kernel import clock
from crm.platform.events import events
from crm.platform.models import Brand, TenantForeignKey, TenantManager, TenantModel, TenantQuerySet
from leads.models import Partner


class CommissionQuerySet(TenantQuerySet[Any]):
    def without_statement(self) -> Self:
        """Filter those that stand on no statement yet."""
        return self.filter(lines=None)


class Commission(TenantModel):
    """A change of what a partner has earned by a job, in minor units: below zero it was taken back."""

    app_may = "select, insert"

    partner = TenantForeignKey(Partner, models.PROTECT, related_name="+")
    agreement = TenantForeignKey(CommissionAgreement, models.PROTECT, related_name="+")
    job = TenantForeignKey(Job, models.PROTECT, related_name="+")
    brand = TenantForeignKey(Brand, models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3)
    # Counts the changes of a partner's commission for a job, so that two workers can't enter the same change.
    position = models.PositiveSmallIntegerField()
    amount = models.BigIntegerField()
    # What was paid of the job, without tax, when it was computed.
    paid_net = models.BigIntegerField()
    entry = TenantForeignKey(LedgerEntry, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    objects: ClassVar[Any] = TenantManager.from_queryset(CommissionQuerySet)()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "job", "partner", "brand", "currency", "position"],
                name="commission_changes_once_at_a_time",
            ),
            models.CheckConstraint(condition=~Q(amount=0), name="commission_is_of_some_money"),
        ]
        indexes = [models.Index(fields=["tenant", "partner", "at"], name="commission_of_partner")]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency} for {self.partner_id}"

    @classmethod
    def enter(
        cls, agreement: CommissionAgreement, job: Job, amount: int, *, paid_net: int, position: int
    ) -> "Commission":
        """Record a change, and enter it in the ledger. Must be inside the transaction that computed it."""
        entry = LedgerEntry.post(
            EntryKind.COMMISSION,
            [(LedgerAccount.COMMISSIONS, amount), (LedgerAccount.PARTNERS, -amount)],
            agreement.currency,
            brand_id=agreement.brand_id,
            job=job,
        )
        row: Commission = cls.objects.create(
            partner_id=agreement.partner_id,
            agreement=agreement,
            job=job,
            brand_id=agreement.brand_id,
            currency=agreement.currency,
            position=position,
            amount=amount,
            paid_net=paid_net,
            entry=entry,
        )
        kind = "commission.earned" if amount > 0 else "commission.taken_back"
        facts = {"amount": abs(amount), "currency": row.currency, "partner": row.partner_id, "job": job.pk}
        events.record(kind, subject=row, by=None, data=facts)
        return row
