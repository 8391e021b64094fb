"""Allocation: how much of a payment or credit note is used for which invoice; and the verbs that use and release it."""

from typing import Any

from django.db import models, transaction
from django.db.models import Q, Sum
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from billing.models.customer_money import lock_money
from billing.models.invoice import Invoice
from billing.models.invoice_state import InvoiceState
from billing.models.ledger import EntryKind, LedgerAccount, LedgerEntry
from billing.models.payment import Payment
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.models import Member, TenantForeignKey, TenantModel


class FoundBy(models.TextChoices):
    """How it was known which invoice a payment is for."""

    ITSELF = "itself", _("the payment itself")
    REFERENCE = "reference", _("its reference")
    OLDEST = "oldest", _("the oldest one due")
    PERSON = "person", _("somebody chose it")
    CREDIT = "credit", _("credit of the customer")


class Allocation(TenantModel):
    """A use of a payment, or of a credit note, for an invoice. Ended when it is released."""

    FoundBy = FoundBy

    payment = TenantForeignKey(Payment, models.PROTECT, null=True, blank=True, related_name="allocations")
    credit_note = TenantForeignKey(Invoice, models.PROTECT, null=True, blank=True, related_name="uses")
    invoice = TenantForeignKey(Invoice, models.PROTECT, related_name="allocations")
    amount = models.BigIntegerField()
    found_by = models.CharField(max_length=9, choices=FoundBy)
    at = models.DateTimeField(default=clock.now)
    by = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="allocation_is_of_some_money"),
            models.CheckConstraint(
                condition=Q(payment__isnull=True, credit_note__isnull=False)
                | Q(payment__isnull=False, credit_note__isnull=True),
                name="allocation_is_of_a_payment_or_a_credit_note",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} for {self.invoice_id}"


@transaction.atomic
def use_payment(
    payment: Payment, invoice: Invoice, *, by: Member | None, found_by: str, amount: int | None = None
) -> int:
    """Use a payment's credit for an invoice, as much as fits or `amount`; return how much. Idempotent once used up.

    Raises Refused for another customer or currency, or an amount that neither has.
    """
    _lock_both(payment, invoice)
    if payment.currency != invoice.currency:
        raise Refused(gettext("They are in different currencies."))
    fits = _fitting(payment.free, invoice, amount)
    if fits:
        payment.add_used(fits)
        _use(invoice, fits, found_by, by, payment=payment)
    return fits


@transaction.atomic
def use_credit_note(
    note: Invoice, invoice: Invoice, *, by: Member | None, found_by: str, amount: int | None = None
) -> int:
    """Set a credit note off against an invoice, as much as fits or `amount`; return how much."""
    _lock_both(note, invoice)
    if note.currency != invoice.currency:
        raise Refused(gettext("They are in different currencies."))
    fits = _fitting(note.open, invoice, amount)
    if fits:
        note.add_paid(fits, is_void=False, by=by)
        _use(invoice, fits, found_by, by, credit_note=note)
    return fits


def _lock_both(source: Payment | Invoice, invoice: Invoice) -> None:
    """Lock the payer's money and both rows; refuse those of different payers."""
    if invoice.payer != source.payer:
        raise Refused(gettext("They are of different customers."))
    lock_money(invoice.person_id, invoice.job_id)
    source.lock()
    invoice.lock()


def _fitting(free: int, invoice: Invoice, amount: int | None) -> int:
    """Return how much can be used; raise Refused if that is less than the amount asked for."""
    fits = min(free, invoice.open) if invoice.is_owed else 0
    if amount is None:
        return fits
    if not 0 < amount <= fits:
        raise Refused(gettext("So much is not open on it, or not left of the payment."))
    return amount


def _use(invoice: Invoice, amount: int, found_by: str, by: Member | None, **source: Any) -> None:
    Allocation.objects.create(invoice=invoice, amount=amount, found_by=found_by, by=by, **source)
    LedgerEntry.post(
        EntryKind.ALLOCATION,
        [(LedgerAccount.CREDIT, amount), (LedgerAccount.RECEIVABLE, -amount)],
        invoice.currency,
        brand_id=invoice.brand_id,
        job_id=invoice.job_id,
        invoice=invoice,
        payment=source.get("payment"),
        by=by,
    )
    invoice.add_paid(amount, is_void=_is_all_credited(invoice), by=by)


def _is_all_credited(invoice: Invoice) -> bool:
    """Return True if credit notes cover all of an invoice."""
    uses = Allocation.objects.filter(invoice=invoice, ended_at=None, credit_note__isnull=False)
    return uses.aggregate(sum=Sum("amount"))["sum"] == invoice.total


@transaction.atomic
def reverse_payment(payment: Payment, why: str, *, by: Member | None) -> None:
    """Reverse a payment: a check that bounced, a charge-back, or a slip. Its invoices are open again. Idempotent.

    A line of a bank statement that was matched to it waits to be matched again.

    Raises Refused without a reason, or if some of it was paid back.
    """
    payment.lock()
    if payment.reversed_at is not None:
        return
    # What was paid back of an invoice's credit note isn't counted on the payment.
    if payment.returned or payment.refunds.filter(paid_at__isnull=False).exists():
        raise Refused(gettext("Some of it was paid back already."))
    if not why.strip():
        raise Refused(gettext("Enter a reason."))
    for use in Allocation.objects.filter(payment=payment, ended_at=None).order_by("pk"):
        invoice = use.invoice
        invoice.lock()
        use.ended_at = clock.now()
        use.save(update_fields=["ended_at"])
        payment.add_used(-use.amount)
        payment.post(
            EntryKind.ALLOCATION,
            [(LedgerAccount.RECEIVABLE, use.amount), (LedgerAccount.CREDIT, -use.amount)],
            by=by,
            invoice=invoice,
        )
        invoice.add_paid(-use.amount, is_void=False, by=by)
    payment.close_as_reversed(" ".join(why.split())[:300], by=by)
    # A line of the bank may have been matched wrongly.
    for entry in payment.bank_entries.order_by("pk"):
        entry.return_to_match(by=by)


def apply_credit(invoice: Invoice, *, by: Member | None = None) -> int:
    """Use the customer's credit from this job, or from no job, for an invoice; return how much. Idempotent."""
    payments = Payment.objects.of_payer(invoice.person_id, invoice.job_id).with_credit()
    of_job = payments.filter(Q(job_id=invoice.job_id) | Q(job=None), currency=invoice.currency)
    notes = Invoice.objects.of_payer(invoice.person_id, invoice.job_id).filter(
        kind=Invoice.Kind.CREDIT,
        state__in=(InvoiceState.ISSUED, InvoiceState.PARTLY),
        job_id=invoice.job_id,
        currency=invoice.currency,
    )
    used = 0
    for note in notes.order_by("issued_at", "pk"):
        used += use_credit_note(note, invoice, by=by, found_by=FoundBy.CREDIT)
    for payment in of_job.order_by("received_at", "pk"):
        used += use_payment(payment, invoice, by=by, found_by=FoundBy.CREDIT)
    return used
