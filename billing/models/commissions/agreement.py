"""CommissionAgreement: what a partner gets for the jobs they bring, from a day on."""

from datetime import date
from typing import Any

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.kernel import clock
from crm.kernel.amounts import MILLION
from crm.kernel.refusal import Refused
from crm.platform.events import events
from crm.platform.models import Brand, Member, TenantForeignKey, TenantModel
from crm.platform.models.base import public_id
from leads.models import Partner


class CommissionBasis(models.TextChoices):
    PERCENT = "percent", _("Percent of what is paid, without tax")
    FIXED = "fixed", _("A fixed amount for each job that is paid")


class CommissionAgreement(TenantModel):
    """An agreement with a partner for the jobs of a brand in a currency.

    It is for jobs whose first invoice is issued from its day on, until a later one begins or it ends. It is never
    edited: a job keeps the agreement of its first commission.
    """

    Basis = CommissionBasis

    uid = public_id()
    partner = TenantForeignKey(Partner, models.PROTECT, related_name="+")
    brand = TenantForeignKey(Brand, models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3)
    basis = models.CharField(max_length=8, choices=CommissionBasis)
    # Of a percentage, in parts per million; of a fixed amount, in minor units.
    rate = models.PositiveIntegerField(default=0)
    amount = models.BigIntegerField(default=0)
    from_day = models.DateField()
    last_day = models.DateField(null=True, blank=True)
    agreed_at = models.DateTimeField(default=clock.now)
    agreed_by = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="commission_agreement_uid_is_unique"),
            models.UniqueConstraint(
                fields=["tenant", "partner", "brand", "currency", "from_day"],
                name="commission_agreement_is_one_from_a_day",
            ),
            models.CheckConstraint(
                condition=Q(basis="percent", rate__gt=0, rate__lte=MILLION, amount=0)
                | Q(basis="fixed", rate=0, amount__gt=0),
                name="commission_agreement_is_of_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partner_id} from {self.from_day}"

    @property
    def has_ended(self) -> bool:
        return self.last_day is not None

    @classmethod
    @transaction.atomic
    def agree(
        cls,
        partner: Partner,
        brand: Brand,
        currency: str,
        basis: str,
        *,
        by: Member | None,
        from_day: date,
        rate: int = 0,
        amount: int = 0,
    ) -> "CommissionAgreement":
        """Note what was agreed. Raises Refused for nothing, more than all of it, or a second one from the same day."""
        partner.lock()
        if basis == CommissionBasis.PERCENT and not 0 < rate <= MILLION:
            raise Refused(gettext("Enter a percentage above 0, at most 100."))
        if basis == CommissionBasis.FIXED and amount <= 0:
            raise Refused(gettext("Enter an amount above zero."))
        same: dict[str, Any] = {"partner": partner, "brand": brand, "currency": currency}
        if cls.objects.filter(from_day=from_day, **same).exists():
            raise Refused(gettext("There is an agreement from that day already. Choose another day."))
        values = {"rate": rate if basis == CommissionBasis.PERCENT else 0}
        values["amount"] = amount if basis == CommissionBasis.FIXED else 0
        row: CommissionAgreement = cls.objects.create(
            basis=CommissionBasis(basis), from_day=from_day, agreed_by=by, **values, **same
        )
        row.refresh_from_db(fields=["uid"])
        events.record("commission_agreement.made", subject=row, by=by, data={"partner": partner.pk})
        return row

    @transaction.atomic
    def end(self, last_day: date, *, by: Member | None) -> None:
        """End it with a day: jobs first billed later earn nothing by it. Idempotent."""
        self.lock()
        if self.last_day is not None:
            return
        self.last_day = max(last_day, self.from_day)
        self.save(update_fields=["last_day"])
        events.record("commission_agreement.ended", subject=self, by=by, data={"partner": self.partner_id})


def agreement_on(partner_id: int, brand_id: int, currency: str, day: date) -> CommissionAgreement | None:
    """Return the agreement for a job that was first billed on a day: the newest that had begun, unless it had ended."""
    rows = CommissionAgreement.objects.filter(
        partner_id=partner_id, brand_id=brand_id, currency=currency, from_day__lte=day
    )
    newest: CommissionAgreement | None = rows.order_by("-from_day").first()
    if newest is None or (newest.last_day is not None and newest.last_day < day):
        return None
    return newest
