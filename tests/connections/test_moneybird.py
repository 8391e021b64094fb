"""Invoices and payments in Moneybird, on a server on loopback that answers as its reference says."""

from collections.abc import Iterator
from typing import Any

import pytest

from billing.models import Payment, credit_invoice, reverse_payment
from connections.accounting.queueing import follow_events
from connections.models import Connection, SyncItem
from crm.platform.models import Event
from tests.cast import House
from tests.connections.books_peer import Trouble, running
from tests.connections.conftest import Bill, Pay, Sync, syncing
from tests.connections.moneybird_server import ADMINISTRATION, Moneybird
from tests.followups.conftest import Browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def bird(settings: Any) -> Iterator[Moneybird]:
    with running(Moneybird()) as peer:
        settings.PRIVATE_HOSTS = ["127.0.0.1"]
        settings.MONEYBIRD_API_URL = peer.origin
        yield peer


@pytest.fixture
def connection(bird: Moneybird, terms: Any, connect: Any) -> Connection:
    terms("moneybird", tax_codes={"210000": "21% btw"})
    row: Connection = connect("moneybird", {"token": "token-1"}, administration_id=ADMINISTRATION)
    return row


@pytest.fixture
def sync(house: House, connection: Connection) -> Sync:
    return syncing(house, connection)


def only(rows: dict[str, Any]) -> Any:
    (row,) = rows.values()
    return row


def test_an_invoice_is_an_external_sales_invoice(bird: Moneybird, bill: Bill, sync: Sync, house: House) -> None:
    invoice = bill(10_000, tax_rate=210_000)
    row = sync()
    there = only(bird.invoices)
    line = there["details_attributes"][0]
    assert (row.account, there["reference"]) == ("Suncoast BV", invoice.number)
    assert there["contact_id"] == only(bird.contacts)["id"]
    assert (line["price"], line["tax_rate_id"], line["ledger_account_id"]) == ("100.00", "21", "80")
    assert only(bird.contacts)["customer_id"] == str(house.cora.pk)


def test_a_credit_note_has_amounts_below_zero(bird: Moneybird, bill: Bill, sync: Sync, house: House) -> None:
    credit_invoice(bill(10_000, tax_rate=210_000), 12_100, "Wrong amount", by=house.sam)
    sync()
    prices = [row["details_attributes"][0]["price"] for row in bird.invoices.values()]
    assert prices == ["100.00", "-100.00"]


def test_an_answer_that_is_lost_books_nothing_twice(bird: Moneybird, bill: Bill, pay: Pay, sync: Sync) -> None:
    pay(12_100, invoices=[bill(10_000, tax_rate=210_000)])
    bird.troubles = [
        Trouble(502, "", at="/contacts.json", is_done_anyhow=True),
        Trouble(502, "", at="/external_sales_invoices.json", is_done_anyhow=True),
        Trouble(502, "", at="/payments.json", is_done_anyhow=True),
    ]
    for _round in range(5):
        sync()
    assert (len(bird.contacts), len(bird.invoices), len(only(bird.invoices)["payments"])) == (1, 1, 1)


def test_a_payment_there_is_received_and_ours_is_not(bird: Moneybird, bill: Bill, pay: Pay, sync: Sync) -> None:
    invoice = bill(10_000, tax_rate=210_000)
    pay(2_100, invoices=[invoice])
    sync()
    bird.pay(only(bird.invoices), "100.0")
    assert sync().last_received == 1
    assert sync().last_received == 0
    invoice.refresh_from_db()
    assert (invoice.paid, Payment.objects.count()) == (12_100, 2)


def test_a_reversed_payment_is_deleted_there(bird: Moneybird, bill: Bill, pay: Pay, sync: Sync) -> None:
    payment = pay(12_100, invoices=[bill(10_000, tax_rate=210_000)])
    sync()
    assert len(only(bird.invoices)["payments"]) == 1
    reverse_payment(payment, "Bounced", by=None)
    follow_events(list(Event.objects.filter(kind="payment.reversed")))
    sync()
    assert only(bird.invoices)["payments"] == []


def test_an_account_that_is_gone_refuses_its_invoice_alone(bird: Moneybird, bill: Bill, sync: Sync) -> None:
    bird.ledger_accounts[0]["active"] = False
    bill(10_000, tax_rate=210_000)
    assert sync().state == "active"
    assert "The sales account “8000” does not exist in Moneybird" in SyncItem.objects.get().reason


def test_a_refused_invoice_says_why(bird: Moneybird, bill: Bill, sync: Sync) -> None:
    bill(10_000, tax_rate=210_000)
    bird.troubles = [Trouble(200, "[]", at="/external_sales_invoices.json")]
    bird.troubles.append(Trouble(422, '{"error": {"reference": ["is taken"]}}', at="/external_sales_invoices.json"))
    sync()
    assert SyncItem.objects.get().reason == "Moneybird refuses it: reference is taken"


def test_a_token_that_was_revoked_needs_the_owner(bird: Moneybird, sync: Sync) -> None:
    bird.access = "another"
    row = sync()
    assert (row.state, row.problem) == ("broken", "sign_in")


def test_a_token_of_another_administration(bird: Moneybird, sync: Sync, connection: Connection) -> None:
    Connection.objects.update(options=connection.options | {"administration_id": "999"})
    assert sync().problem == "gone"


def test_a_wrong_administration_is_corrected_with_the_keys(
    bird: Moneybird, connection: Connection, sync: Sync, ada: Browser
) -> None:
    Connection.objects.update(options=connection.options | {"administration_id": "999"})
    assert sync().is_broken
    url = f"settings/connections/{connection.uid}/"
    assert 'name="administration_id"' in ada.get(url)
    ada.post(f"{url}keys/", {"token": "token-1", "administration_id": ADMINISTRATION})
    assert sync().account == "Suncoast BV"
    assert 'name="administration_id"' not in ada.get(url)
