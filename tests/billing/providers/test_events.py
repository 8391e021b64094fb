"""Webhooks: stored first, verified, processed once, in whatever order they come."""

import json
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import stripe
from django.test import Client

from billing.models import Invoice, Payment, PaymentAttempt, ProviderAccount, ProviderEvent
from billing.providers.events import forged_today, read_event
from billing.providers.health import replay_parked
from billing.providers.links import hook_url
from crm.kernel import clock
from tests.billing.conftest import NOON
from tests.billing.providers.peers import StripePeer, stripe_event
from tests.cast import House

Start = Callable[..., PaymentAttempt]


def send(event: Any, *, secret: str = "whsec_1") -> int:
    """Send an event of Stripe to its address, signed."""
    body = event if isinstance(event, str) else json.dumps(event)
    signature = stripe.WebhookSignature.generate_signature_header(body, secret, int(time.time()))
    url = hook_url(ProviderAccount.objects.get())
    headers = {"Stripe-Signature": signature}
    path = url[url.index("/public") :]
    return Client().post(path, body, content_type="application/json", headers=headers).status_code


def read_all(house: House) -> None:
    for event in ProviderEvent.objects.filter(state="new").order_by("pk"):
        read_event(house.tenant.pk, event.pk)


@pytest.fixture
def invoice(bill: Callable[..., Invoice]) -> Invoice:
    return bill(100_00)


def test_an_event_is_stored_as_it_came(stripe_peer: StripePeer, invoice: Invoice, start: Start) -> None:
    start(invoice)
    assert send(event := stripe_peer.pay()) == 200
    stored = ProviderEvent.objects.get()
    assert (json.loads(bytes(stored.body)), stored.state) == (event, "new")


def test_twice_pays_once(stripe_peer: StripePeer, invoice: Invoice, start: Start, house: House) -> None:
    start(invoice)
    event = stripe_peer.pay()
    for _time in range(2):
        assert send(event) == 200
        read_all(house)
    again = event | {"id": "evt_again"}
    send(again)
    read_all(house)
    invoice.refresh_from_db()
    assert (invoice.open, Payment.objects.count(), ProviderEvent.objects.get(key="evt_1").count) == (0, 1, 2)


def test_out_of_order_it_stays_paid(stripe_peer: StripePeer, invoice: Invoice, start: Start, house: House) -> None:
    attempt = start(invoice)
    expired = stripe_event("evt_0", "checkout.session.expired", stripe_peer.rows["cs_1"] | {"status": "expired"})
    send(stripe_peer.pay())
    send(expired)
    read_all(house)
    attempt.refresh_from_db()
    assert attempt.state == "paid"


def test_paid_after_it_expired(stripe_peer: StripePeer, invoice: Invoice, start: Start, house: House) -> None:
    attempt = start(invoice)
    send(stripe_event("evt_0", "checkout.session.expired", stripe_peer.rows["cs_1"] | {"status": "expired"}))
    read_all(house)
    send(stripe_peer.pay())
    read_all(house)
    attempt.refresh_from_db()
    invoice.refresh_from_db()
    assert (attempt.state, invoice.open) == ("paid", 0)


def test_a_forged_event_is_refused_and_counted(stripe_peer: StripePeer, invoice: Invoice, start: Start) -> None:
    start(invoice)
    assert send(stripe_peer.pay(), secret="whsec_2") == 400
    assert (ProviderEvent.objects.count(), forged_today()) == (0, 1)


def test_an_address_with_an_old_key_finds_nothing(stripe_peer: StripePeer, invoice: Invoice) -> None:
    account = ProviderAccount.objects.get()
    url = hook_url(account)
    ProviderAccount.objects.update(key="0" * 24)
    assert Client().post(url[url.index("/public") :], b"{}", content_type="text/plain").status_code == 404


def test_before_the_attempt_is_committed_it_waits(
    stripe_peer: StripePeer, invoice: Invoice, start: Start, house: House
) -> None:
    attempt = start(invoice)
    send(stripe_peer.pay())
    event = ProviderEvent.objects.get()
    uid = attempt.uid
    PaymentAttempt.objects.update(uid="00000000-0000-7000-8000-000000000000")
    read_event(house.tenant.pk, event.pk)
    event.refresh_from_db()
    assert event.state == "new"
    PaymentAttempt.objects.update(uid=uid)
    read_event(house.tenant.pk, event.pk)
    invoice.refresh_from_db()
    assert invoice.open == 0


def test_what_makes_no_sense_is_parked_and_replayed(stripe_peer: StripePeer, invoice: Invoice, house: House) -> None:
    assert send('{"id": "evt_9"}') == 200
    read_all(house)
    event = ProviderEvent.objects.get()
    assert event.state == "parked"
    assert replay_parked(house.ada, "") == 1
    event.refresh_from_db()
    assert event.state == "new"


def test_an_event_about_something_else_is_left(stripe_peer: StripePeer, invoice: Invoice, house: House) -> None:
    send({"id": "evt_7", "object": "event", "type": "invoice.paid", "data": {"object": {}}})
    read_all(house)
    assert ProviderEvent.objects.get().state == "ignored"


def test_a_day_later_the_count_of_forged_begins_anew(stripe_peer: StripePeer, invoice: Invoice) -> None:
    send({"id": "evt_1"}, secret="whsec_2")
    with clock.at(NOON + timedelta(days=1)):
        assert forged_today() == 0
