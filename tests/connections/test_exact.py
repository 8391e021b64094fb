"""Invoices and payments in Exact Online, on a server on loopback that answers as its reference says."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from billing.models import credit_invoice
from connections.models import Connection, FieldRule, SyncItem
from connections.models.connection import SYNC
from crm.kernel import clock
from crm.platform.models import Due
from tests.billing.conftest import NOON
from tests.cast import House
from tests.connections.books_peer import Trouble, running
from tests.connections.conftest import Bill, Pay, Sync, syncing
from tests.connections.exact_server import Exact

pytestmark = pytest.mark.django_db


@pytest.fixture
def exact(settings: Any) -> Iterator[Exact]:
    with running(Exact()) as peer:
        settings.PRIVATE_HOSTS = ["127.0.0.1"]
        settings.EXACT_CLIENT_ID = "throughline"
        settings.EXACT_CLIENT_SECRET = "secret"
        settings.EXACT_API_URL = peer.origin
        yield peer


@pytest.fixture
def connection(exact: Exact, terms: Any, connect: Any) -> Connection:
    terms("exact")
    row: Connection = connect("exact", {"code": "code-1", "verifier": "v", "redirect_uri": "https://here.example"})
    return row


@pytest.fixture
def sync(house: House, connection: Connection) -> Sync:
    return syncing(house, connection)


def test_an_invoice_is_a_sales_entry(exact: Exact, bill: Bill, sync: Sync, house: House) -> None:
    invoice = bill(10_000, tax_rate=210_000)
    row = sync()
    (entry,) = exact.rows["salesentry/SalesEntries"]
    (account,) = exact.rows["crm/Accounts"]
    assert (row.account, entry["YourRef"], entry["Journal"]) == ("Zonkust 3141", invoice.number, "70")
    assert (entry["Customer"], account["SearchCode"]) == (account["ID"], f"TL-{house.cora.pk}")
    line = entry["SalesEntryLines"][0]
    assert line.pop("Description").startswith("Work has begun, tax 21")
    assert line == {"GLAccount": "g-8000", "VATCode": "VH", "AmountFC": 100.0, "VATAmountFC": 21.0}


def test_a_credit_note_is_of_another_type(exact: Exact, bill: Bill, sync: Sync, house: House) -> None:
    credit_invoice(bill(10_000, tax_rate=210_000), 12_100, "Wrong amount", by=house.sam)
    sync()
    entries = exact.rows["salesentry/SalesEntries"]
    assert [(entry["Type"], entry["AmountFC"]) for entry in entries] == [(20, 121.0), (21, -121.0)]


def test_an_answer_that_is_lost_books_nothing_twice(exact: Exact, bill: Bill, sync: Sync) -> None:
    bill(10_000, tax_rate=210_000)
    exact.troubles = [
        Trouble(503, "<html>", at="/crm/Accounts"),
        Trouble(503, "<html>", at="/salesentry/SalesEntries"),
    ]
    for trouble in exact.troubles:
        trouble.is_done_anyhow = True
    for _round in range(4):
        sync()
    assert len(exact.rows["salesentry/SalesEntries"]) == len(exact.rows["crm/Accounts"]) == 1


def test_a_paid_entry_is_received_once_and_nothing_is_sent(exact: Exact, bill: Bill, pay: Pay, sync: Sync) -> None:
    invoice = bill(10_000, tax_rate=210_000)
    pay(2_100, invoices=[invoice])
    sync()
    exact.pay(exact.rows["salesentry/SalesEntries"][0]["EntryID"], 100.0)
    assert sync().last_received == 1
    assert sync().last_received == 0
    invoice.refresh_from_db()
    assert invoice.paid == 12_100
    assert exact.since[0] == "2026-11-01T00:00:00"
    assert exact.since[1] == "2026-11-25T14:55:00"


def test_an_edited_account_is_left_as_the_mapping_says(exact: Exact, bill: Bill, sync: Sync, house: House) -> None:
    FieldRule.objects.filter(ours="customer").update(wins="theirs")
    bill(10_000, tax_rate=210_000)
    sync()
    exact.rows["crm/Accounts"][0] |= {"Email": "there@cora.example", "Modified": "/Date(1790000000000)/"}
    house.cora.contact_points.filter(kind="email").update(value="new@cora.example")
    bill(20_000, tax_rate=210_000)
    SyncItem.queue(Connection.objects.get().pk, "customer", [house.cora.pk])
    sync()
    assert exact.rows["crm/Accounts"][0]["Email"] == "there@cora.example"
    house.cora.contact_points.filter(kind="email").update(value="newer@cora.example")
    SyncItem.queue(Connection.objects.get().pk, "customer", [house.cora.pk])
    sync()
    assert exact.rows["crm/Accounts"][0]["Email"] == "newer@cora.example"


def test_an_account_that_was_deleted_is_created_when_it_is_sent_again(
    exact: Exact, bill: Bill, sync: Sync, house: House
) -> None:
    bill(10_000, tax_rate=210_000)
    sync()
    exact.rows["crm/Accounts"].clear()
    house.cora.contact_points.filter(kind="email").update(value="new@cora.example")
    SyncItem.queue(Connection.objects.get().pk, "customer", [house.cora.pk])
    sync()
    assert "deleted in Exact Online" in SyncItem.objects.get().reason


def test_a_code_that_is_gone_refuses_its_invoice_alone(exact: Exact, bill: Bill, sync: Sync) -> None:
    exact.rows["vat/VATCodes"].clear()
    bill(10_000, tax_rate=210_000)
    assert sync().state == "active"
    assert "The tax code “VH” does not exist in Exact Online" in SyncItem.objects.get().reason


def test_a_limit_is_waited_for_until_it_ends(exact: Exact, sync: Sync) -> None:
    ends = int((NOON + timedelta(minutes=40)).timestamp() * 1000)
    headers = {"X-RateLimit-Minutely-Remaining": "0", "X-RateLimit-Minutely-Reset": str(ends)}
    exact.troubles = [Trouble(429, "", headers)]
    assert sync().problem == "too_many"
    assert Due.objects.get(kind=SYNC).due_at == NOON + timedelta(minutes=40)


def test_a_token_is_renewed_in_its_last_seconds_only(exact: Exact, sync: Sync) -> None:
    sync()
    with clock.at(NOON + timedelta(minutes=9)):
        sync()
    assert exact.tokens == 1
    with clock.at(NOON + timedelta(minutes=9, seconds=50)):
        sync()
    assert exact.tokens == 2
