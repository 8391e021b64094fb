"""Refund: money that a customer gets back, or is let off. Somebody asks for it and somebody else approves it.

So is a credit note that is above the limit of who writes it (`credit_within_limit`).

A refund is never tied to a review, and asking for one never depends on it (docs/rules.md#k13).
"""

from typing import Any, ClassVar
from uuid import UUID

from babel.numbers import get_currency_precision
from django.db import models, transaction
from django.db.models import F, Q, Sum
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from billing.models.crediting import credit_invoice, credited_so_far
from billing.models.customer_money import CustomerMoney, MoneyQuerySet
from billing.models.invoice import Invoice
from billing.models.ledger import EntryKind, LedgerAccount
from billing.models.online import PaymentAttempt, ProviderAccount
from billing.models.payment import Payment
from crm.jobs.models import Job
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.people.models import Person
from crm.platform.models import Member, TenantForeignKey, TenantManager
from crm.platform.models.base import public_id
from service.models.approval_limit import limits


class RefundMeans(models.TextChoices):
    SET_OFF = "set_off", _("Take it off the invoice")
    BACK = "back", _("Pay it back")
    CREDIT = "credit", _("Credit note")


class RefundState(models.TextChoices):
    REQUESTED = "requested", _("Waits for approval")
    TO_PAY = "to_pay", _("To be paid back")
    DONE = "done", _("Done")
    REFUSED = "refused", _("Refused")


# What is asked for or promised counts as given when the next one is asked for.
PENDING = (RefundState.REQUESTED, RefundState.TO_PAY)


class Refund(CustomerMoney):
    """A refund or goodwill, until it is given or refused. The amount is in minor units of its currency."""

    Means = RefundMeans
    State = RefundState

    uid = public_id()
    job = TenantForeignKey(Job, models.PROTECT, related_name="refunds")
    person = TenantForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    # What it is taken off or credited on; what it is paid back of.
    invoice = TenantForeignKey(Invoice, models.PROTECT, related_name="refunds")
    payment = TenantForeignKey(Payment, models.PROTECT, null=True, blank=True, related_name="refunds")
    credit_note = TenantForeignKey(Invoice, models.PROTECT, null=True, blank=True, related_name="+")
    means = models.CharField(max_length=8, choices=RefundMeans)
    state = models.CharField(max_length=10, choices=RefundState, default=RefundState.REQUESTED)
    amount = models.BigIntegerField()
    asked_amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    # The customer reads it.
    reason = models.CharField(max_length=300)
    requested_by = TenantForeignKey(Member, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(default=clock.now)
    decided_by = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    refusal = models.CharField(max_length=300, blank=True)
    paid_at = models.DateTimeField(null=True, blank=True)
    # Why it can't be paid back through the provider, so that a person pays it back; blank if it can.
    problem = models.CharField(max_length=300, blank=True)

    objects: ClassVar[Any] = TenantManager.from_queryset(MoneyQuerySet)()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="refund_uid_is_unique"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="refund_is_of_some_money"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("requested_by")),
                name="refund_is_decided_by_somebody_else",
            ),
            models.CheckConstraint(
                condition=Q(state="requested", decided_by__isnull=True)
                | ~Q(state="requested") & Q(decided_by__isnull=False),
                name="refund_is_decided_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["tenant", "requested_at"], name="refund_order")]

    def __str__(self) -> str:
        return f"refund {self.uid}"

    @property
    def is_waiting(self) -> bool:
        return self.state == RefundState.REQUESTED

    @classmethod
    @transaction.atomic
    def request(
        cls,
        invoice: Invoice,
        amount: int,
        means: str,
        reason: str,
        *,
        by: Member,
        payment: Payment | None = None,
        once: UUID | None = None,
    ) -> "Refund":
        """Ask for a refund; `once` again returns the first. Raises Refused without a reason, or for too much."""
        invoice.lock()
        if once and (made := cls.objects.filter(uid=once).first()) is not None:
            return made
        if not reason.strip():
            raise Refused(gettext("Enter a reason. The customer reads it."))
        row = cls(
            job=invoice.job,
            person_id=invoice.person_id,
            invoice=invoice,
            payment=payment if means == RefundMeans.BACK else None,
            means=RefundMeans(means),
            amount=amount,
            asked_amount=amount,
            currency=invoice.currency,
            reason=" ".join(reason.split())[:300],
            requested_by=by,
        )
        if once:
            row.uid = once
        row._expect_possible()
        row.save()
        row.refresh_from_db(fields=["uid"])
        row._record("refund.requested", by, row._facts())
        return row

    @transaction.atomic
    def approve(self, *, by: Member, amount: int | None = None) -> None:
        """Approve it, or less of it. What is taken off an invoice is done at once; the rest waits to be paid back.

        Idempotent. Raises Refused for one's own request, above one's limit, or for more than is possible now.
        """
        self.lock()
        if self.state in (RefundState.TO_PAY, RefundState.DONE):
            return
        self._expect_waiting(by)
        if amount is not None:
            if not 0 < amount <= self.asked_amount:
                raise Refused(gettext("Enter an amount above zero, at most what was asked for."))
            self.amount = amount
        if not may_approve(by, self.amount, self.currency):
            raise Refused(gettext("This is above your approval limit."))
        self._expect_possible()
        self.decided_by = by
        self.decided_at = clock.now()
        self.state = RefundState.TO_PAY
        if self.means != RefundMeans.BACK:
            self.state = RefundState.DONE
            self.credit_note = self._credit(by)
        self._save("amount", "decided_by", "decided_at", "state", "credit_note")
        self._record("refund.approved", by, self._facts())

    @transaction.atomic
    def refuse(self, why: str, *, by: Member) -> None:
        """Refuse it, with a reason. Idempotent. Raises Refused for one's own request, or once it is approved."""
        self.lock()
        if self.state == RefundState.REFUSED:
            return
        self._expect_waiting(by)
        if not why.strip():
            raise Refused(gettext("Enter a reason."))
        self.state = RefundState.REFUSED
        self.refusal = " ".join(why.split())[:300]
        self.decided_by = by
        self.decided_at = clock.now()
        self._save("state", "refusal", "decided_by", "decided_at")
        self._record("refund.refused", by, self._facts())

    @transaction.atomic
    def pay_back(self, *, by: Member | None) -> None:
        """Note that it was paid back, by hand or by the provider. Idempotent. Raises Refused unless it is approved.

        It comes off the payment's unused credit; what invoices have used of it is credited first.
        """
        self.lock()
        if self.state == RefundState.DONE:
            return
        if self.state != RefundState.TO_PAY or self.payment is None:
            raise Refused(gettext("It is not approved."))
        if by is not None and paying_account(self) is not None:
            raise Refused(gettext("The payment provider pays it back."))
        self.payment.lock()
        payment = _expect_payment(self)
        unused = min(self.amount, payment.free)
        if unused:
            payment.add_returned(unused)
        if unused < self.amount:
            self._pay_out_credit_note(self.amount - unused, by)
        postings = [(LedgerAccount.CREDIT, self.amount), (payment.account, -self.amount)]
        payment.post(EntryKind.REFUND, postings, by=by, refund=self)
        self.state = RefundState.DONE
        self.paid_at = clock.now()
        self._save("state", "paid_at", "credit_note")
        self._record("refund.paid", by, self._facts())

    def _credit(self, by: Member | None, amount: int | None = None) -> Invoice:
        """Issue the credit note of this refund."""
        return credit_invoice(
            self.invoice,
            amount or self.amount,
            self.reason,
            by=by,
            is_goodwill=self.means != RefundMeans.CREDIT,
            origin=f"refund:{self.uid}",
        )

    def _pay_out_credit_note(self, amount: int, by: Member | None) -> None:
        """Credit the invoice, and count the credit as paid out."""
        if self.invoice.is_owed:
            raise Refused(gettext("Something is open on the invoice. Take it off there instead."))
        self.credit_note = self._credit(by, amount)
        self.credit_note.lock()
        self.credit_note.add_paid(amount, is_void=False, by=by)

    def _expect_waiting(self, by: Member) -> None:
        if self.state != RefundState.REQUESTED:
            raise Refused(gettext("It is decided already."))
        if self.requested_by_id == by.pk:
            raise Refused(gettext("You asked for it. Somebody else decides."))

    def _expect_possible(self) -> None:
        """Raise Refused for nothing, for more than is open on the invoice, or for more than was paid and not given."""
        if self.amount <= 0:
            raise Refused(gettext("Enter an amount above zero."))
        others = type(self).objects.exclude(pk=self.pk)
        if self.means == RefundMeans.CREDIT:
            pending = others.filter(invoice=self.invoice, state__in=PENDING).exclude(means=RefundMeans.BACK)
            if self.amount > self.invoice.total - credited_so_far(self.invoice) - _sum(pending):
                raise Refused(gettext("Enter an amount above zero, at most what was billed and not credited yet."))
            return
        if self.means == RefundMeans.SET_OFF:
            pending = others.filter(invoice=self.invoice, means=RefundMeans.SET_OFF, state__in=PENDING)
            if not self.invoice.is_owed or self.amount > self.invoice.open - _sum(pending):
                raise Refused(gettext("So much is not open on the invoice."))
            return
        payment = _expect_payment(self)
        refunds = others.filter(payment=payment).exclude(state=RefundState.REFUSED)
        if self.amount > payment.amount - _sum(refunds):
            raise Refused(gettext("That is more than was paid, less what was paid back."))

    def _facts(self) -> dict[str, Any]:
        return {"amount": self.amount, "currency": self.currency, "means": self.means}


def _expect_payment(refund: Refund) -> Payment:
    """Return the payment that is paid back. Raises Refused if it is another's, in another currency, or reversed."""
    payment = refund.payment
    if payment is None or payment.payer != refund.payer or payment.currency != refund.currency:
        raise Refused(gettext("Choose the payment that is paid back."))
    if payment.reversed_at:
        raise Refused(gettext("The payment was reversed."))
    return payment


def paying_account(refund: Refund) -> ProviderAccount | None:
    """Return the account through which a refund is paid back; None if a person pays it back."""
    if refund.state != RefundState.TO_PAY or refund.payment is None or refund.payment.reversed_at or refund.problem:
        return None
    attempts = PaymentAttempt.objects.filter(payment_id=refund.payment_id, account__disconnected_at=None)
    attempt = attempts.select_related("account").first()
    account: ProviderAccount | None = attempt.account if attempt else None
    return account


def _sum(refunds: models.QuerySet[Refund]) -> int:
    return refunds.aggregate(sum=Sum("amount"))["sum"] or 0


def may_approve(member: Member, amount: int, currency: str) -> bool:
    """True if an amount is within a member's own limit for offers and refunds."""
    limit = limits()[member.role]
    return limit is None or amount <= limit * 10 ** get_currency_precision(currency)


@transaction.atomic
def credit_within_limit(invoice: Invoice, amount: int, reason: str, *, by: Member, once: UUID) -> Invoice | Refund:
    """Issue a credit note, or above the member's own limit ask a second person for it; return which it is.

    What was credited on the invoice before counts, so that several small ones are no way around. `once` again returns
    the first. Raises Refused as `credit_invoice` does.
    """
    invoice.lock()
    origin = f"form:{once}"
    if (made := Invoice.objects.filter(origin=origin).first()) is not None:
        issued: Invoice = made
        return issued
    if may_approve(by, credited_so_far(invoice) + amount, invoice.currency):
        return credit_invoice(invoice, amount, reason, by=by, origin=origin)
    return Refund.request(invoice, amount, RefundMeans.CREDIT, reason, by=by, once=once)
