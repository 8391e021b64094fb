"""Chargebacks: a customer's bank takes an online payment back; and the money that comes back once it is won."""

from django.db import transaction
from django.utils.translation import gettext as _

from billing.dunning.ladder_steps import manager_of, plan_call
from billing.models import EntryKind, Invoice, LedgerAccount, Payment, reverse_payment
from billing.payments.receiving import receive_payment
from crm.kernel import clock


@transaction.atomic
def charge_back(payment: Payment, amount: int, why: str, *, fee: int = 0) -> None:
    """Reverse a payment that was charged back. Its invoices are open again, and disputed, so reminders stop.

    `fee`: what the provider takes for it. Idempotent. Of a part, or of a payment that was partly paid back, the books
    stay as they are. A manager gets a follow-up that says which of the two it is.
    """
    payment.lock()
    if payment.charged_back_at is not None or payment.reversed_at is not None:
        return
    uses = payment.allocations.filter(ended_at=None).order_by("pk")
    invoices = list(Invoice.objects.filter(pk__in=uses.values("invoice_id")).order_by("pk"))
    is_whole = amount >= payment.amount and not payment.returned and not payment.refunds.exclude(paid_at=None).exists()
    if is_whole:
        reverse_payment(payment, why, by=None)
        if fee:
            postings = [(LedgerAccount.FEES, fee), (payment.account, -fee)]
            payment.post(EntryKind.REVERSAL, postings, by=None)
        for invoice in invoices:
            invoice.refresh_from_db()
            if invoice.is_owed:
                invoice.dispute(why, by=None)
    payment.note_charged_back(amount)
    if invoices:
        subject = _("Charged back, answer the bank: %(number)s, %(open)s is open")
        if not is_whole:
            subject = _("Charged back in part, correct the books: %(number)s")
        plan_call(invoices[0], subject, assignee=manager_of(invoices[0]))


@transaction.atomic
def reinstate(payment: Payment, provider_id: str, amount: int) -> Payment:
    """Receive the money of a chargeback that was won, as another payment for the same invoices. Idempotent."""
    uses = payment.allocations.order_by("pk")
    invoices = list(Invoice.objects.filter(pk__in=uses.values("invoice_id")).select_related("job", "person", "brand"))
    back = receive_payment(
        payment.provider,
        provider_id,
        amount=amount,
        currency=payment.currency,
        method=payment.method,
        brand=payment.brand,
        job=payment.job,
        person=payment.person,
        invoices=invoices,
        details=payment.details,
        received_at=clock.now(),
    )
    # The fee was booked with the payment that was charged back.
    back.book_fee(0, back.currency)
    for invoice in invoices:
        invoice.settle_dispute(by=None)
    return back
