"""Payment: money that came in from a customer, and its verbs. What no invoice has used is the customer's credit."""

from datetime import datetime
from typing import Any, ClassVar, Self

from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from billing.models.customer_money import CustomerMoney, MoneyQuerySet, lock_money
from billing.models.ledger import EntryKind, LedgerAccount, LedgerEntry
from billing.models.online.provider_account import ProviderAccount
from crm.jobs.models import Job
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.people.models import Person
from crm.platform.models import Brand, Member, TenantForeignKey, TenantManager
from crm.platform.models.base import public_id

# The provider of what a member records.
HAND = "hand"


class PaymentMethod(models.TextChoices):
    BANK = "bank", _("Bank transfer")
    CASH = "cash", _("Cash")
    CHECK = "check", pgettext_lazy("payment", "Check")
    CARD = "card", _("Card")
    IDEAL = "ideal", "iDEAL"
    OTHER = "other", _("Other")


ACCOUNTS = {
    PaymentMethod.BANK: LedgerAccount.BANK,
    PaymentMethod.CASH: LedgerAccount.CASH,
    PaymentMethod.CHECK: LedgerAccount.CHECKS,
}


class PaymentQuerySet(MoneyQuerySet):
    def with_credit(self) -> Self:
        """Filter payments of which something is not used."""
        return self.filter(free__gt=0)

    def without_fee(self, account: ProviderAccount) -> Self:
        """Filter the payments at an account of a provider whose fee is not known."""
        return self.filter(brand_id=account.brand_id, provider=account.provider, fee_known_at=None)


class Payment(CustomerMoney):
    """Money that came in. Amounts are in minor units of its currency."""

    Method = PaymentMethod

    uid = public_id()
    # Who reports it and under which id; the same again is the same payment.
    provider = models.CharField(max_length=16)
    provider_id = models.CharField(max_length=120)
    method = models.CharField(max_length=8, choices=PaymentMethod)
    amount = models.BigIntegerField()
    # What the provider kept, and when that was known. A fee in another currency is in the ledger alone.
    fee = models.BigIntegerField(default=0)
    fee_known_at = models.DateTimeField(null=True, blank=True)
    currency = models.CharField(max_length=3)
    # What invoices have used of it, what was paid back of it, and what is left.
    used = models.BigIntegerField(default=0)
    returned = models.BigIntegerField(default=0)
    free = models.BigIntegerField(default=0)
    brand = TenantForeignKey(Brand, models.PROTECT, related_name="+")
    person = TenantForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    job = TenantForeignKey(Job, models.PROTECT, null=True, blank=True, related_name="payments")
    # What the payer wrote, or what identifies the means: "INV 3047", "Visa ending 1177".
    reference = models.CharField(max_length=140, blank=True)
    details = models.CharField(max_length=200, blank=True)
    received_at = models.DateTimeField(default=clock.now)
    recorded_at = models.DateTimeField(default=clock.now)
    recorded_by = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    reversed_at = models.DateTimeField(null=True, blank=True)
    reversal = models.CharField(max_length=300, blank=True)
    charged_back_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = TenantManager.from_queryset(PaymentQuerySet)()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="payment_uid_is_unique"),
            models.UniqueConstraint(
                fields=["tenant", "provider", "provider_id"], name="payment_of_a_provider_is_received_once"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0, fee__gte=0), name="payment_is_of_some_money"),
            models.CheckConstraint(
                condition=Q(used__gte=0, returned__gte=0, free__gte=0), name="payment_is_never_overused"
            ),
            models.CheckConstraint(
                condition=Q(reversed_at__isnull=True, free=F("amount") - F("used") - F("returned"))
                | Q(reversed_at__isnull=False, free=0, used=0),
                name="payment_free_is_what_is_not_used",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "-received_at", "-id"], name="payment_order"),
            models.Index(fields=["tenant", "job", "received_at"], name="payment_of_job"),
            models.Index(fields=["tenant", "person"], condition=Q(free__gt=0), name="payment_with_credit"),
            models.Index(
                fields=["tenant", "provider", "brand", "received_at"],
                condition=Q(fee_known_at__isnull=True) & ~Q(provider__in=("hand", "bank")),
                name="payment_without_fee",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.provider_id}"

    @property
    def account(self) -> LedgerAccount:
        """The account of the ledger that it is in."""
        return ACCOUNTS.get(PaymentMethod(self.method), LedgerAccount.CARDS)

    @classmethod
    @transaction.atomic
    def receive(
        cls,
        provider: str,
        provider_id: str,
        *,
        amount: int,
        currency: str,
        method: str,
        brand: Brand,
        person: Person | None = None,
        job: Job | None = None,
        by: Member | None = None,
        received_at: datetime | None = None,
        fee: int = 0,
        reference: str = "",
        details: str = "",
    ) -> tuple["Payment", bool]:
        """Record a payment; return it and whether it is new. The same provider and id again return the first.

        Raises Refused for an amount of nothing or below, or for a day in the future.
        """
        if amount <= 0:
            raise Refused(gettext("Enter an amount above zero."))
        if received_at and received_at > clock.now():
            raise Refused(gettext("The day is in the future."))
        if job is not None and person is None:
            person = job.person
        lock_money(person.pk if person else None, job.pk if job else None)
        row, is_new = cls.objects.get_or_create(
            provider=provider,
            provider_id=provider_id,
            defaults={
                "method": PaymentMethod(method),
                "amount": amount,
                "free": amount,
                "fee": fee,
                "fee_known_at": clock.now() if fee else None,
                "currency": currency,
                "brand": brand,
                "person": person,
                "job": job,
                "received_at": received_at or clock.now(),
                "recorded_by": by,
                "reference": " ".join(reference.split())[:140],
                "details": " ".join(details.split())[:200],
            },
        )
        if is_new:
            row.refresh_from_db(fields=["uid"])
            row._enter_receipt(by)
            data = {"amount": amount, "currency": currency, "method": row.method, "provider": provider}
            row._record("payment.received", by, data)
        return row, is_new

    def _enter_receipt(self, by: Member | None) -> None:
        self.post(
            EntryKind.PAYMENT,
            [
                (self.account, self.amount - self.fee),
                (LedgerAccount.FEES, self.fee),
                (LedgerAccount.CREDIT, -self.amount),
            ],
            by=by,
        )

    @transaction.atomic
    def book_fee(self, amount: int, currency: str) -> None:
        """Book what the provider kept of it, in minor units of the currency in which it pays out. Idempotent."""
        self.lock()
        if self.fee_known_at is not None:
            return
        self.fee_known_at = clock.now()
        if currency == self.currency:
            self.fee = amount
        self._save("fee", "fee_known_at")
        if amount:
            self.post(EntryKind.FEE, [(LedgerAccount.FEES, amount), (self.account, -amount)], by=None, of=currency)
            self._record("payment.fee_booked", None, {"amount": amount, "currency": currency})

    def post(
        self,
        kind: EntryKind,
        postings: list[tuple[LedgerAccount, int]],
        *,
        by: Member | None,
        of: str = "",
        **about: Any,
    ) -> None:
        """Enter a fact about it in the ledger; `of`: another currency than its own."""
        about |= {"brand_id": self.brand_id, "job_id": self.job_id, "payment": self}
        LedgerEntry.post(kind, postings, of or self.currency, by=by, **about)

    def add_used(self, amount: int) -> None:
        """Count an amount as used for an invoice, or below zero as not used after all. Its row is locked."""
        self.used += amount
        self.free = self.amount - self.used - self.returned
        self._save("used", "free")

    def add_returned(self, amount: int) -> None:
        """Count an amount of its credit as paid back. Its row is locked."""
        self.returned += amount
        self.free = self.amount - self.used - self.returned
        self._save("returned", "free")

    def close_as_reversed(self, why: str, *, by: Member | None) -> None:
        """Mark it as reversed, once no invoice uses it. Its row is locked."""
        self.reversed_at = clock.now()
        self.reversal = why
        self.free = 0
        self._save("reversed_at", "reversal", "free")
        self.post(EntryKind.REVERSAL, [(LedgerAccount.CREDIT, self.amount), (self.account, -self.amount)], by=by)
        self._record("payment.reversed", by, {"amount": self.amount, "currency": self.currency})

    def note_charged_back(self, amount: int) -> None:
        """Note that the customer's bank took an amount of it back. Its row is locked."""
        self.charged_back_at = clock.now()
        self._save("charged_back_at")
        self._record("payment.charged_back", None, {"amount": amount, "currency": self.currency})
