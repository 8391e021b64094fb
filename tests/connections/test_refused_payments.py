"""Payments that QuickBooks Online could not take or no longer lists: refused, and what ends that."""

import pytest

from billing.models import Payment
from connections.models import Connection, SyncItem
from tests.cast import House
from tests.connections.conftest import Bill, Pay, Sync
from tests.connections.quickbooks_server import QuickBooks

pytestmark = pytest.mark.django_db


def test_a_payment_of_an_earlier_invoice_is_sent_if_that_is_there(
    books: QuickBooks, bill: Bill, pay: Pay, sync: Sync, connection: Connection
) -> None:
    invoice = bill(10_000)
    pay(10_000, invoices=[invoice])
    day_after = {"send_from": "2026-11-26"}
    Connection.objects.update(options=connection.options | day_after)
    SyncItem.queue(connection.pk, "payment", Payment.objects.values_list("pk", flat=True))
    sync()
    assert "is not in QuickBooks Online, and was issued before" in SyncItem.objects.get().reason
    books.rows["Invoice"]["55"] = {"Id": "55", "SyncToken": "0", "DocNumber": invoice.number, "TotalAmt": 100.0}
    SyncItem.replay(SyncItem.objects.all(), by=connection.owner)
    sync()
    assert next(iter(books.rows["Payment"].values()))["Line"][0]["LinkedTxn"][0]["TxnId"] == "55"


def test_a_payment_follows_once_its_invoice_was_sent(books: QuickBooks, bill: Bill, pay: Pay, sync: Sync) -> None:
    books.rows["Item"]["7"]["Active"] = False
    pay(10_000, invoices=[bill(10_000)])
    sync()
    assert set(SyncItem.objects.dead().values_list("noun", flat=True)) == {"invoice", "payment"}
    books.rows["Item"]["7"]["Active"] = True
    invoices = SyncItem.objects.filter(noun="invoice")
    SyncItem.replay(invoices, by=Connection.objects.get().owner)
    sync()
    sync()
    assert len(books.rows["Payment"]) == 1
    assert not SyncItem.objects.exists()


def test_a_payment_that_is_no_longer_listed_is_refused_again(
    books: QuickBooks, bill: Bill, sync: Sync, house: House
) -> None:
    bill(10_000)
    sync()
    [remote_id] = books.rows["Invoice"]
    books.pay(remote_id, 60.0, CurrencyRef={"value": "EUR"})
    sync()
    assert SyncItem.objects.get().noun == "payment"
    books.changed.clear()
    SyncItem.replay(SyncItem.objects.all(), by=house.ada)
    sync()
    assert SyncItem.objects.get().reason.startswith("QuickBooks Online no longer lists this payment.")
