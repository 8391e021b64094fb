"""Stripe on a loopback server: checkouts, failures, refunds."""

from collections.abc import Callable

import pytest

from billing.invoices.refund_page import waiting_refunds
from billing.models import Invoice, Payment, PaymentAttempt, ProviderAccount, Refund
from billing.providers.adapters.stripe import minor_amount, stripe_amount
from billing.providers.checkouts import create_checkout
from billing.providers.interface import ProviderFailure, RefundOrder
from billing.providers.refunds import pay_back
from billing.providers.registry import provider_of
from billing.providers.settling import check_attempt
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.web.reader import Reader
from tests.billing.providers.peers import StripePeer
from tests.cast import House

Start = Callable[..., PaymentAttempt]


@pytest.fixture
def paid(stripe_peer: StripePeer, bill: Callable[..., Invoice], start: Start, house: House) -> PaymentAttempt:
    """An attempt that was paid, of which Stripe was asked."""
    attempt = start(bill(100_00))
    stripe_peer.pay()
    check_attempt(house.tenant.pk, attempt.pk)
    attempt.refresh_from_db()
    return attempt


def test_a_checkout_is_created(stripe_peer: StripePeer, bill: Callable[..., Invoice], start: Start) -> None:
    attempt = start(bill(100_00))
    session = stripe_peer.rows["cs_1"]
    assert (attempt.state, attempt.checkout_url) == ("open", session["url"])
    assert (session["amount_total"], session["metadata"]) == (100_00, {"attempt": str(attempt.uid)})


def test_a_lost_answer_makes_no_second_checkout(
    stripe_peer: StripePeer, bill: Callable[..., Invoice], start: Start, house: House
) -> None:
    attempt = start(bill(100_00), calls=False)
    stripe_peer.loses_answer = True
    with pytest.raises(ProviderFailure):
        create_checkout(house.tenant.pk, attempt.pk)
    create_checkout(house.tenant.pk, attempt.pk)
    attempt.refresh_from_db()
    assert (attempt.checkout_id, list(stripe_peer.rows)) == ("cs_1", ["cs_1"])


def test_a_refused_key_is_told(
    stripe_peer: StripePeer, bill: Callable[..., Invoice], start: Start, house: House
) -> None:
    stripe_peer.failures = [(401, {"error": {"message": "Invalid API Key provided"}})]
    attempt = start(bill(100_00))
    assert attempt.state == "failed"
    assert "Invalid API Key" in ProviderAccount.objects.get().problem


def test_silence_is_asked_about(paid: PaymentAttempt) -> None:
    paid.invoice.refresh_from_db()
    assert (paid.state, paid.invoice.open, paid.payment.provider_id) == ("paid", 0, "pi_1")


def refund_of(payment: Payment, house: House, amount: int) -> Refund:
    invoice = Invoice.objects.get()
    refund = Refund.request(invoice, amount, "back", "Goodwill", by=house.sam, payment=payment)
    refund.approve(by=house.mona)
    return refund


def test_an_approved_refund_is_paid_back_once(paid: PaymentAttempt, stripe_peer: StripePeer, house: House) -> None:
    refund = refund_of(paid.payment, house, 30_00)
    # A worker called, and died before it could say so; the provider has forgotten the key since.
    provider_of(paid.account).refund(RefundOrder(str(refund.uid), "pi_1", 30_00, "USD", "Goodwill"))
    stripe_peer.by_key.clear()
    pay_back(house.tenant.pk, refund.pk)
    pay_back(house.tenant.pk, refund.pk)
    refund.refresh_from_db()
    assert (refund.state, [row["amount"] for row in stripe_peer.refunds.values()]) == ("done", [30_00])


def test_what_the_provider_pays_back_is_not_paid_back_by_hand(paid: PaymentAttempt, house: House) -> None:
    refund = refund_of(paid.payment, house, 30_00)
    [card] = waiting_refunds(refund.job, house.sam, Reader.of(house.sam, clock.now()))
    assert not card.may_pay
    with pytest.raises(Refused, match="provider"):
        refund.pay_back(by=house.sam)


def test_what_the_provider_refuses_is_paid_back_by_hand(
    paid: PaymentAttempt, stripe_peer: StripePeer, house: House
) -> None:
    refund = refund_of(paid.payment, house, 30_00)
    stripe_peer.failures.append((400, {"error": {"type": "invalid_request_error", "message": "Too old."}}))
    pay_back(house.tenant.pk, refund.pk)
    pay_back(house.tenant.pk, refund.pk)
    [card] = waiting_refunds(refund.job, house.sam, Reader.of(house.sam, clock.now()))
    assert (card.may_pay, "Too old." in card.how, stripe_peer.refunds) == (True, True, {})
    card.refund.pay_back(by=house.sam)
    assert card.refund.state == "done"


def test_stripe_counts_some_currencies_otherwise() -> None:
    assert (stripe_amount(500, "JPY"), stripe_amount(500, "ISK"), stripe_amount(1500, "KWD")) == (500, 50_000, 1500)
    assert minor_amount(50_000, "ISK") == 500
    with pytest.raises(ProviderFailure):
        stripe_amount(1501, "KWD")
