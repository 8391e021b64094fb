"""Synchronization by file while a connection does not work."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from billing.models import Payment
from connections.models import Connection, LinkedRecord, SyncItem
from tests.connections.books_peer import Trouble
from tests.connections.conftest import Bill, Sync
from tests.connections.quickbooks_server import QuickBooks
from tests.followups.conftest import Browser

pytestmark = pytest.mark.django_db


def upload(ada: Browser, connection: Connection, text: str) -> Any:
    file = SimpleUploadedFile("payments.csv", text.encode())
    return ada.post(f"settings/connections/{connection.uid}/upload/", {"file": file})


def test_what_waits_is_downloaded_and_found_later(
    books: QuickBooks, bill: Bill, sync: Sync, ada: Browser, connection: Connection
) -> None:
    books.troubles = [Trouble(500)]
    invoice = bill(10_000)
    sync()
    SyncItem.queue(connection.pk, "invoice", [invoice.pk])
    assert f"{connection.uid}/waiting/" in ada.get(f"settings/connections/{connection.uid}/")
    page = ada.get(f"settings/connections/{connection.uid}/waiting/")
    assert invoice.number in page
    row = {"Id": "55", "SyncToken": "0", "DocNumber": invoice.number, "TotalAmt": 100.0}
    books.rows["Invoice"]["55"] = row
    sync()
    assert LinkedRecord.objects.get(noun="invoice").remote_id == "55"


def test_an_export_of_payments_is_taken_over_once(
    books: QuickBooks, bill: Bill, sync: Sync, ada: Browser, connection: Connection
) -> None:
    invoice = bill(10_000)
    sync()
    text = f"Date,Num,Amount\n11/24/2026,{invoice.number},60.00\n11/24/2026,INV-9,1.00\nsoon,{invoice.number},5\n"
    upload(ada, connection, text)
    upload(ada, connection, text)
    assert [payment.amount for payment in Payment.objects.all()] == [6_000]
    assert sorted(SyncItem.objects.values_list("reason", flat=True)) == [
        "Row 3: There is no invoice with this number.",
        "Row 4: It is not written as a date.",
    ]
    books.pay(LinkedRecord.objects.get(noun="invoice").remote_id, 60.0)
    assert sync().last_received == 0
    assert Payment.objects.count() == 1


def test_a_refused_row_of_a_file_is_settled_by_uploading_it_again(
    books: QuickBooks, bill: Bill, sync: Sync, ada: Browser, connection: Connection
) -> None:
    sync()
    text = "Date,Num,Amount\n11/24/2026,INV-2026-0001,60.00\n"
    upload(ada, connection, text)
    page = ada.get(f"settings/connections/{connection.uid}/")
    assert "upload the file again" in page
    assert "Send again" not in page
    assert "Send all again" not in page
    assert bill(10_000).number == "INV-2026-0001"
    upload(ada, connection, text)
    assert Payment.objects.get().amount == 6_000
    assert not SyncItem.objects.dead().exists()


def test_a_file_without_the_columns_is_refused(
    books: QuickBooks, sync: Sync, ada: Browser, connection: Connection
) -> None:
    file = SimpleUploadedFile("payments.csv", b"Who,What\nCora,60\n")
    answer = ada.post(f"settings/connections/{connection.uid}/upload/", {"file": file}, status=422)
    assert "needs columns with the number of the invoice" in answer.content.decode()
