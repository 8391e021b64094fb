"""Fees of online payments: asked for until they are known, and booked once."""

from collections.abc import Callable
from typing import Any

import pytest

from billing.bank.importing import take_file
from billing.ledger.balance import find_differences
from billing.models import BankEntry, Invoice, LedgerLine, Payment, PaymentAttempt, ProviderAccount
from billing.payments.chargebacks import charge_back
from billing.providers.fees import FEES, fetch_fees
from billing.providers.settling import check_attempt
from crm.platform.models import Due
from tests.billing.bank.test_bank import line
from tests.billing.conftest import recorded
from tests.billing.providers.peers import MolliePeer, StripePeer
from tests.billing.test_invoice import balance
from tests.cast import House
from tests.followups.conftest import Browser
from tests.libs.bank_statements.files import camt

Start = Callable[..., PaymentAttempt]


def stripe_fee(fee: int, *, currency: str = "usd", kind: str = "charge", payment: str = "pi_1") -> dict[str, Any]:
    source = {"id": "ch_1", "object": "charge", "payment_intent": payment}
    return {
        "id": f"txn_{kind}",
        "object": "balance_transaction",
        "type": kind,
        "fee": fee,
        "currency": currency,
        "source": source,
    }


@pytest.fixture
def paid(stripe_peer: StripePeer, bill: Callable[..., Invoice], start: Start, house: House) -> Payment:
    """A payment of $100 by card."""
    attempt = start(bill(10_000))
    stripe_peer.pay()
    check_attempt(house.tenant.pk, attempt.pk)
    return Payment.objects.get()


def ask(house: House) -> None:
    fetch_fees(house.tenant.pk, ProviderAccount.objects.get().pk)


def test_a_payment_has_its_fee_asked_for(paid: Payment) -> None:
    due = Due.objects.get(kind=FEES)
    assert (due.subject_id, paid.fee_known_at) == (ProviderAccount.objects.get().pk, None)


def test_the_fee_is_booked_once_when_it_is_known(house: House, stripe_peer: StripePeer, paid: Payment) -> None:
    ask(house)
    assert balance("fees") == 0
    stripe_peer.balance = [stripe_fee(-500, kind="adjustment"), stripe_fee(320)]
    for _time in range(2):
        ask(house)
    paid.refresh_from_db()
    assert (paid.fee, recorded("payment.fee_booked")) == (320, 1)
    # What the provider pays out.
    assert (balance("fees"), balance("cards"), find_differences()) == (320, 9_680, [])


def test_a_payout_settles_the_account_of_online_payments(
    house: House, stripe_peer: StripePeer, paid: Payment, sam: Browser
) -> None:
    stripe_peer.balance = [stripe_fee(320)]
    ask(house)
    text = line("STRIPE PAYOUT", "96.80", name="Stripe").replace('Ccy="EUR"', 'Ccy="USD"')
    take_file(camt(text), "nov.xml", by=house.sam)
    entry = BankEntry.objects.get()
    for _time in range(2):
        sam.post(f"invoices/bank/{entry.uid}/payout/", {})
    assert (balance("cards"), balance("bank"), find_differences()) == (0, 9_680, [])
    sam.post(f"invoices/bank/{entry.uid}/put-back/", {})
    entry.refresh_from_db()
    assert (entry.state, balance("cards"), balance("bank")) == ("waiting", 9_680, 0)


def test_it_is_asked_for_again_until_it_is_known(house: House, stripe_peer: StripePeer, paid: Payment) -> None:
    before = Due.objects.get(kind=FEES).due_at
    ask(house)
    later = Due.objects.get(kind=FEES).due_at
    assert later > before
    stripe_peer.balance = [stripe_fee(320)]
    ask(house)
    assert Due.objects.get(kind=FEES).due_at == later


def test_another_payment_does_not_postpone_the_question(
    house: House, stripe_peer: StripePeer, paid: Payment, bill: Callable[..., Invoice], start: Start
) -> None:
    Due.objects.filter(kind=FEES).update(peer="first")
    attempt = start(bill(5_000))
    stripe_peer.pay(2)
    check_attempt(house.tenant.pk, attempt.pk)
    assert Due.objects.get(kind=FEES).peer == "first"


def test_a_fee_in_another_currency_is_in_the_books_in_that_one(
    house: House, stripe_peer: StripePeer, paid: Payment
) -> None:
    stripe_peer.balance = [stripe_fee(290, currency="eur")]
    ask(house)
    paid.refresh_from_db()
    lines = LedgerLine.objects.filter(account="fees").values_list("amount", "currency")
    assert (paid.fee, list(lines)) == (0, [(290, "EUR")])


def test_a_fee_that_comes_after_a_chargeback_is_booked(house: House, stripe_peer: StripePeer, paid: Payment) -> None:
    charge_back(paid, paid.amount, "Fraud", fee=1_500)
    stripe_peer.balance = [stripe_fee(320)]
    ask(house)
    assert (balance("fees"), balance("cards"), find_differences()) == (1_820, -1_820, [])


def test_a_refused_question_is_told(house: House, stripe_peer: StripePeer, paid: Payment) -> None:
    stripe_peer.failures = [(403, {"error": {"type": "invalid_request_error", "message": "No permission."}})]
    ask(house)
    assert "fees of payments could not be read: No permission." in ProviderAccount.objects.get().problem


@pytest.mark.parametrize(
    "context", [{"paymentId": "tr_1"}, {"payment": {"paymentId": "tr_1"}}], ids=["earlier form", "later form"]
)
def test_mollie_says_it_with_a_token_of_the_organization(
    mollie_peer: MolliePeer, bill: Callable[..., Invoice], start: Start, house: House, context: dict[str, Any]
) -> None:
    attempt = start(bill(10_000, currency="EUR"), method="ideal")
    mollie_peer.rows[attempt.checkout_id] |= {"status": "paid", "method": "ideal"}
    check_attempt(house.tenant.pk, attempt.pk)
    amount = {"currency": "EUR", "value": "100.00"}
    mollie_peer.balance = [
        {"type": "payment", "createdAt": "2026-11-25T15:00:00+00:00", "context": context, "initialAmount": amount}
        | {"deductions": {"currency": "EUR", "value": "-0.35"}}
    ]
    assert not Due.objects.filter(kind=FEES).exists()
    keys = {"api_key": "test_1", "access_token": "access_1"}
    ProviderAccount.connect(house.job.brand, "mollie", keys, by=house.ada)
    ask(house)
    assert (Payment.objects.get().fee, find_differences()) == (35, [])
