"""Record what a provider reports about an attempt, in whatever order; ask it if it reports nothing."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from billing.models import Invoice, Payment
from billing.models.online import AttemptState, PaymentAttempt, ProviderAccount
from billing.payments.chargebacks import charge_back, reinstate
from billing.payments.receiving import receive_payment
from billing.providers.checkouts import CHECK, peer_of
from billing.providers.fees import ask_for_fees
from billing.providers.interface import (
    CHARGED_BACK,
    EXPIRED,
    FAILED,
    PAID,
    REINSTATED,
    PaymentReport,
    ProviderFailure,
)
from billing.providers.registry import provider_of
from crm.kernel import clock
from crm.platform.tenancy.context import use_tenant
from crm.platform.work import due_io

# When the provider is asked, by the age of the attempt; then it has expired.
CHECKS = (timedelta(minutes=15), timedelta(hours=1), timedelta(hours=6), *(timedelta(days=day) for day in range(1, 8)))


class UnknownAttempt(Exception):
    """The report names an attempt that isn't there, or not yet."""


class ForeignPayment(UnknownAttempt):
    """The report is about a payment that was not made here, or not yet."""


@transaction.atomic
def settle_report(account: ProviderAccount, report: PaymentReport) -> bool:
    """Record a report; return whether it is about an attempt of ours. Idempotent, in any order.

    A payment is recorded under the provider's id, so it is received once. What is paid stays paid. Raises
    UnknownAttempt.
    """
    if report.state in (CHARGED_BACK, REINSTATED):
        return _settle_dispute(account, report)
    attempt = find_attempt(account, report)
    if attempt is None:
        if report.attempt:
            raise UnknownAttempt(report.attempt)
        return False
    attempt.lock()
    if report.state == PAID:
        payment = _receive(attempt, report)
        attempt.settle(AttemptState.PAID, payment=payment)
        if report.charged_back:
            charge_back(payment, report.charged_back, _dispute_words(report))
    elif report.state in (FAILED, EXPIRED) and attempt.is_undecided:
        attempt.settle(AttemptState(report.state))
    return True


def _settle_dispute(account: ProviderAccount, report: PaymentReport) -> bool:
    """Record that a payment was charged back, or that its money is back. Raises UnknownAttempt if it comes too soon."""
    payment = Payment.objects.filter(provider=account.provider, provider_id=report.payment_id).first()
    if payment is None:
        raise ForeignPayment(report.payment_id)
    if report.state == CHARGED_BACK:
        charge_back(payment, report.amount, _dispute_words(report), fee=report.fee)
    elif payment.charged_back_at is None:
        # The money left first; that report is still to come.
        raise UnknownAttempt(report.payment_id)
    elif payment.reversed_at is not None:
        reinstate(payment, f"{report.checkout_id}:back", report.amount)
    return True


def _dispute_words(report: PaymentReport) -> str:
    if report.details:
        return _("Charged back by the customer’s bank: %(reason)s") % {"reason": report.details}
    return _("Charged back by the customer’s bank")


def find_attempt(account: ProviderAccount, report: PaymentReport) -> PaymentAttempt | None:
    """Return the attempt of a report: by the uid that it was created with, else by the provider's id."""
    attempts = PaymentAttempt.objects.filter(account=account).select_related("invoice__brand", "invoice__job")
    attempt: PaymentAttempt | None = None
    try:
        attempt = attempts.filter(uid=UUID(report.attempt)).first()
    except ValueError:
        if report.checkout_id:
            attempt = attempts.filter(checkout_id=report.checkout_id).first()
    return attempt


def _receive(attempt: PaymentAttempt, report: PaymentReport) -> Payment:
    """Receive what was paid, which may differ from what was asked for."""
    invoice = attempt.invoice
    invoices = []
    if report.currency == invoice.currency:
        invoices.append(invoice)
    if invoices and attempt.is_for_job:
        invoices += Invoice.objects.beside(invoice).bills().oldest_due_first()
    payment = receive_payment(
        attempt.account.provider,
        report.payment_id or report.checkout_id,
        amount=report.amount,
        currency=report.currency,
        method=report.method if report.method in Payment.Method.values else attempt.method,
        brand=invoice.brand,
        job=invoice.job,
        person=invoice.person,
        invoices=invoices,
        reference=invoice.number,
        details=report.details,
    )
    if payment.fee_known_at is None:
        ask_for_fees(attempt.account)
    return payment


def check_attempt(tenant_id: int, attempt_id: int) -> None:
    """Ask the provider about an attempt of which nothing was heard (due work that calls the provider)."""
    with use_tenant(tenant_id):
        attempt = PaymentAttempt.objects.select_related("account").filter(pk=attempt_id).first()
        if attempt is None or not attempt.is_undecided or attempt.account.disconnected_at:
            return
        provider = provider_of(attempt.account)
        report = None
        if provider.is_local:
            report = provider.fetch_payment(attempt.checkout_id)
    if report is None and attempt.checkout_id:
        try:
            report = provider.fetch_payment(attempt.checkout_id)
        except ProviderFailure as failure:
            _note_failure(tenant_id, attempt, failure)
    with use_tenant(tenant_id):
        if report:
            settle_report(attempt.account, report)
        _ask_later(attempt_id)


def _note_failure(tenant_id: int, attempt: PaymentAttempt, failure: ProviderFailure) -> None:
    if failure.is_passing:
        raise failure
    with use_tenant(tenant_id):
        attempt.account.note_problem(str(failure))


def _ask_later(attempt_id: int) -> None:
    """Schedule the next question, or let the attempt expire after the last."""
    attempt = PaymentAttempt.objects.select_related("account").get(pk=attempt_id)
    attempt.lock()
    if not attempt.is_undecided:
        return
    attempt.asked_at = clock.now()
    attempt.save(update_fields=["asked_at"])
    later = [pause for pause in CHECKS if attempt.started_at + pause > clock.now()]
    if later:
        due_io.schedule(CHECK, attempt.pk, attempt.started_at + later[0], peer=peer_of(attempt.account))
    else:
        attempt.settle(AttemptState.EXPIRED)
