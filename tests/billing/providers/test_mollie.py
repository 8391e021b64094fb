"""Mollie on a loopback server: its webhook names a payment, and what is true is what Mollie says."""

from collections.abc import Callable

import pytest
from django.test import Client

from billing.models import Invoice, Payment, PaymentAttempt, ProviderAccount, ProviderEvent, Refund
from billing.providers.adapters.mollie import mollie_amount
from billing.providers.events import forged_today, read_event
from billing.providers.interface import RefundOrder
from billing.providers.links import hook_url
from billing.providers.refunds import pay_back
from billing.providers.registry import provider_of
from tests.billing.providers.peers import MolliePeer
from tests.cast import House

Start = Callable[..., PaymentAttempt]


def send(body: str) -> int:
    url = hook_url(ProviderAccount.objects.get())
    path = url[url.index("/public") :]
    status = Client().post(path, body, content_type="application/x-www-form-urlencoded").status_code
    for event in ProviderEvent.objects.filter(state="new"):
        read_event(event.tenant_id, event.pk)
    return status


@pytest.fixture
def attempt(mollie_peer: MolliePeer, bill: Callable[..., Invoice], start: Start) -> PaymentAttempt:
    return start(bill(100_00, currency="EUR"), method="ideal")


def test_a_payment_is_created(attempt: PaymentAttempt, mollie_peer: MolliePeer) -> None:
    row = mollie_peer.rows["tr_1"]
    assert (row["amount"], row["method"]) == ({"currency": "EUR", "value": "100.00"}, "ideal")
    assert row["webhookUrl"] == hook_url(attempt.account)


def test_the_same_webhook_is_asked_about_each_time(attempt: PaymentAttempt, mollie_peer: MolliePeer) -> None:
    assert send("id=tr_1") == 200
    mollie_peer.rows["tr_1"]["status"] = "paid"
    for _time in range(2):
        assert send("id=tr_1") == 200
    attempt.refresh_from_db()
    attempt.invoice.refresh_from_db()
    assert (attempt.state, attempt.invoice.open, Payment.objects.count()) == ("paid", 0, 1)


def test_a_webhook_alone_pays_nothing(attempt: PaymentAttempt) -> None:
    send("id=tr_1")
    assert Payment.objects.count() == 0


def test_an_id_that_mollie_does_not_know_is_left(attempt: PaymentAttempt) -> None:
    assert send("id=tr_404") == 200
    assert ProviderEvent.objects.get().state == "ignored"


def test_what_names_no_payment_is_forged(attempt: PaymentAttempt) -> None:
    assert send("id=1; drop table") == 400
    assert forged_today() == 1


def test_a_refund_is_paid_back_once(attempt: PaymentAttempt, mollie_peer: MolliePeer, house: House) -> None:
    mollie_peer.rows["tr_1"]["status"] = "paid"
    send("id=tr_1")
    attempt.refresh_from_db()
    attempt.invoice.refresh_from_db()
    refund = Refund.request(attempt.invoice, 20_00, "back", "Goodwill", by=house.sam, payment=attempt.payment)
    refund.approve(by=house.mona)
    # A worker called, and died before it could say so; the provider has forgotten the key since.
    provider_of(attempt.account).refund(RefundOrder(str(refund.uid), "tr_1", 20_00, "EUR", "Goodwill"))
    mollie_peer.by_key.clear()
    pay_back(house.tenant.pk, refund.pk)
    refund.refresh_from_db()
    assert (refund.state, [row["amount"]["value"] for row in mollie_peer.refunds.values()]) == ("done", ["20.00"])


def test_amounts_have_the_digits_of_their_currency() -> None:
    assert [mollie_amount(1234, currency)["value"] for currency in ("EUR", "JPY", "KWD")] == ["12.34", "1234", "1.234"]
