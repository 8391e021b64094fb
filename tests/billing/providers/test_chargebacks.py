"""Chargebacks: the invoice is open and disputed again, the fee is in the books, a manager follows up; once."""

from collections.abc import Callable
from typing import Any

import pytest

from billing.ledger.balance import find_differences
from billing.models import Invoice, Payment, PaymentAttempt, ProviderEvent, Refund
from billing.providers.events import MOST_TRIES
from billing.providers.registry import provider_of
from billing.providers.settling import check_attempt, settle_report
from followups.models import FollowUp
from tests.billing.conftest import recorded
from tests.billing.providers.peers import MolliePeer, StripePeer, stripe_event
from tests.billing.providers.test_events import read_all, send
from tests.billing.test_invoice import balance
from tests.cast import House

Start = Callable[..., PaymentAttempt]
DISPUTE = {
    "id": "dp_1",
    "amount": 10_000,
    "currency": "usd",
    "payment_intent": "pi_1",
    "reason": "product_not_received",
    "balance_transactions": [{"fee": 1_500}],
}


def dispute(kind: str, **given: Any) -> dict[str, Any]:
    return stripe_event(f"evt_{kind}", f"charge.dispute.{kind}", DISPUTE | given)


@pytest.fixture
def paid(stripe_peer: StripePeer, bill: Callable[..., Invoice], start: Start, house: House) -> Invoice:
    """An invoice of $100 that was paid by card."""
    invoice = bill(10_000)
    start(invoice)
    send(stripe_peer.pay())
    read_all(house)
    invoice.refresh_from_db()
    assert invoice.open == 0
    return invoice


def test_the_invoice_is_open_and_disputed_again(house: House, paid: Invoice) -> None:
    for count in range(2):
        send(dispute("funds_withdrawn") | {"id": f"evt_{count}"})
        read_all(house)
    paid.refresh_from_db()
    assert (paid.open, paid.dispute_words) == (10_000, "Charged back by the customer’s bank: product not received")
    assert (balance("fees"), balance("cards"), find_differences()) == (1_500, -1_500, [])
    task = FollowUp.objects.get()
    assert (task.assignee, recorded("payment.charged_back")) == (house.mona, 1)


def test_the_money_of_a_won_dispute_pays_it_again(house: House, paid: Invoice) -> None:
    for kind in ("funds_withdrawn", "funds_reinstated"):
        send(dispute(kind))
        read_all(house)
    paid.refresh_from_db()
    assert (paid.open, paid.disputed_at, Payment.objects.count(), find_differences()) == (0, None, 2, [])


def test_in_the_wrong_order_it_is_read_again(house: House, paid: Invoice) -> None:
    send(dispute("funds_reinstated"))
    read_all(house)
    send(dispute("funds_withdrawn"))
    for _time in range(2):
        read_all(house)
    paid.refresh_from_db()
    assert (paid.open, ProviderEvent.objects.filter(state="new").exists()) == (0, False)


def test_of_a_payment_that_was_not_made_here_it_is_left(house: House, paid: Invoice) -> None:
    send(dispute("funds_withdrawn", payment_intent="pi_of_a_shop"))
    for _time in range(MOST_TRIES):
        read_all(house)
    event = ProviderEvent.objects.get(key="evt_funds_withdrawn")
    assert (event.state, event.tries, "not made here" in event.problem) == ("ignored", MOST_TRIES, True)


def test_of_a_part_the_books_stay_and_somebody_is_asked(house: House, paid: Invoice) -> None:
    send(dispute("funds_withdrawn", amount=4_000))
    read_all(house)
    paid.refresh_from_db()
    assert (paid.open, "in part" in FollowUp.objects.get().subject) == (0, True)


def test_what_was_paid_back_is_not_reversed_too(house: House, paid: Invoice) -> None:
    refund = Refund.request(paid, 2_000, "back", "Stain", by=house.sam, payment=Payment.objects.get())
    refund.approve(by=house.ada)
    refund.pay_back(by=None)
    send(dispute("funds_withdrawn"))
    read_all(house)
    assert Payment.objects.get().reversed_at is None
    assert find_differences() == []


def test_mollie_says_so_on_the_payment(
    mollie_peer: MolliePeer, bill: Callable[..., Invoice], start: Start, house: House
) -> None:
    invoice = bill(10_000, currency="EUR")
    attempt = start(invoice, method="ideal")
    row = mollie_peer.rows[attempt.checkout_id]
    row |= {"status": "paid", "method": "ideal"}
    check_attempt(house.tenant.pk, attempt.pk)
    row["amountChargedBack"] = {"currency": "EUR", "value": "100.00"}
    for _time in range(2):
        settle_report(attempt.account, provider_of(attempt.account).fetch_payment(attempt.checkout_id))
    invoice.refresh_from_db()
    assert (invoice.open, recorded("payment.charged_back")) == (10_000, 1)
