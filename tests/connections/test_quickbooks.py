"""Invoices and payments in QuickBooks Online, on a server on loopback that answers as its reference says."""

from datetime import timedelta
from typing import Any

import pytest

from billing.models import AccountingTerms, Allocation, Payment, apply_credit, credit_invoice, reverse_payment
from connections.accounting.queueing import follow_events
from connections.models import Connection, FieldRule, LinkedRecord, SyncItem
from connections.models.connection import SYNC
from crm.kernel import clock
from crm.platform.models import Due, Event
from tests.billing.conftest import NOON
from tests.cast import House
from tests.connections.books_peer import Trouble
from tests.connections.conftest import Bill, Pay, Sync
from tests.connections.quickbooks_server import QuickBooks

pytestmark = pytest.mark.django_db

HTML = "<html><body>We are down for maintenance</body></html>"


def follow(*kinds: str) -> None:
    """Handle the events of these kinds, as a worker does after the commit."""
    follow_events(list(Event.objects.filter(kind__in=kinds).order_by("pk")))


def only(rows: dict[str, Any]) -> Any:
    (row,) = rows.values()
    return row


def test_an_invoice_is_sent_with_its_customer(books: QuickBooks, bill: Bill, sync: Sync) -> None:
    invoice = bill(100_000, tax_rate=70_000)
    row = sync()
    assert (row.state, row.account, row.last_sent) == ("active", "Suncoast Books", 1)
    there = only(books.rows["Invoice"])
    assert (there["DocNumber"], there["TotalAmt"], there["TxnDate"]) == (invoice.number, 1070.0, "2026-11-25")
    customer = only(books.rows["Customer"])
    assert (customer["DisplayName"], there["CustomerRef"]["value"]) == ("Cora Customer", customer["Id"])


def test_nothing_is_sent_twice(books: QuickBooks, bill: Bill, sync: Sync) -> None:
    bill()
    sync()
    follow("invoice.issued")
    sync()
    assert (books.wrote("/invoice"), books.wrote("/customer")) == (1, 1)


def test_an_answer_that_is_lost_books_nothing_twice(books: QuickBooks, bill: Bill, sync: Sync) -> None:
    bill()
    books.troubles = [Trouble(502, HTML, at="/invoice", is_done_anyhow=True)]
    assert sync().problem == "unreachable"
    assert sync().problem == ""
    assert len(books.rows["Invoice"]) == 1
    assert LinkedRecord.objects.get(noun="invoice").remote_id == only(books.rows["Invoice"])["Id"]


def test_an_invoice_that_was_imported_by_file_is_linked(books: QuickBooks, bill: Bill, sync: Sync) -> None:
    invoice = bill(10_000)
    books.rows["Invoice"]["55"] = {"Id": "55", "SyncToken": "3", "DocNumber": invoice.number, "TotalAmt": 100.0}
    sync()
    assert books.wrote("/invoice") == 0
    assert LinkedRecord.objects.get(noun="invoice").remote_id == "55"


def test_a_credit_note_is_a_credit_memo(books: QuickBooks, bill: Bill, sync: Sync, house: House) -> None:
    invoice = bill(10_000)
    note = credit_invoice(invoice, 10_000, "Wrong amount", by=house.sam)
    sync()
    there = only(books.rows["CreditMemo"])
    assert (there["DocNumber"], there["TotalAmt"]) == (note.number, 100.0)


def links_of(payment: dict[str, Any]) -> dict[str, tuple[str, float]]:
    """What a payment there is linked with: (id, amount) by type."""
    linked = [(line["LinkedTxn"][0], line["Amount"]) for line in payment["Line"]]
    return {transaction["TxnType"]: (transaction["TxnId"], amount) for transaction, amount in linked}


def test_a_credit_memo_is_applied_to_its_invoice(books: QuickBooks, bill: Bill, sync: Sync, house: House) -> None:
    credit_invoice(bill(10_000), 4_000, "Wrong amount", by=house.sam)
    sync()
    there = only(books.rows["Payment"])
    invoice, memo = (only(books.rows[name])["Id"] for name in ("Invoice", "CreditMemo"))
    assert there["TotalAmt"] == 0
    assert links_of(there) == {"Invoice": (invoice, 40.0), "CreditMemo": (memo, 40.0)}
    follow("invoice.issued", "invoice.credit_issued")
    books.changed = [there]
    assert sync().last_received == 0
    assert (books.wrote("/payment"), Payment.objects.count()) == (1, 0)


def test_credit_that_an_invoice_uses_later_is_applied_then(
    books: QuickBooks, bill: Bill, pay: Pay, sync: Sync, house: House
) -> None:
    first = bill(10_000)
    pay(10_000, invoices=[first])
    credit_invoice(first, 4_000, "Wrong amount", by=house.sam)
    sync()
    assert [row["TotalAmt"] for row in books.rows["Payment"].values()] == [100.0]
    second = bill(20_000)
    apply_credit(second)
    follow("invoice.issued")
    sync()
    memo = only(books.rows["CreditMemo"])["Id"]
    links = [links_of(row) for row in books.rows["Payment"].values() if row["TotalAmt"] == 0]
    remote_id = LinkedRecord.objects.get(noun="invoice", local_key=str(second.pk)).remote_id
    assert links == [{"Invoice": (remote_id, 40.0), "CreditMemo": (memo, 40.0)}]


def test_credit_that_is_no_longer_used_is_void_there(books: QuickBooks, bill: Bill, sync: Sync, house: House) -> None:
    credit_invoice(bill(10_000), 4_000, "Wrong amount", by=house.sam)
    sync()
    Allocation.objects.update(ended_at=clock.now())
    follow("invoice.credit_issued")
    sync()
    assert only(books.rows["Payment"])["Line"] == []


def test_what_a_credit_memo_pays_there_is_no_payment(books: QuickBooks, bill: Bill, sync: Sync) -> None:
    bill(10_000)
    sync()
    invoice = only(books.rows["Invoice"])["Id"]
    credit = {"Amount": 40.0, "LinkedTxn": [{"TxnId": "77", "TxnType": "CreditMemo"}]}
    books.pay(invoice, 40.0, TotalAmt=0)
    books.changed[0]["Line"].append(credit)
    assert sync().last_received == 0
    books.pay(invoice, 60.0, TotalAmt=20)
    books.changed[1]["Line"].append(credit)
    assert sync().last_received == 1
    assert Payment.objects.get().amount == 2_000


def test_a_payment_pays_its_invoice_there(books: QuickBooks, bill: Bill, pay: Pay, sync: Sync) -> None:
    invoice = bill(10_000)
    pay(4_000, invoices=[invoice])
    sync()
    there = only(books.rows["Payment"])
    linked = there["Line"][0]["LinkedTxn"][0]
    assert (there["TotalAmt"], linked["TxnId"]) == (40.0, only(books.rows["Invoice"])["Id"])


def test_credit_that_an_invoice_uses_later_is_sent_then(books: QuickBooks, bill: Bill, pay: Pay, sync: Sync) -> None:
    pay(30_000)
    sync()
    assert not books.rows["Payment"]
    apply_credit(bill(10_000))
    follow("invoice.issued", "invoice.paid")
    sync()
    assert only(books.rows["Payment"])["Line"][0]["Amount"] == 100.0
    apply_credit(bill(20_000))
    follow("invoice.issued", "invoice.paid")
    sync()
    assert [line["Amount"] for line in only(books.rows["Payment"])["Line"]] == [100.0, 200.0]


def test_a_reversed_payment_is_void_there(books: QuickBooks, bill: Bill, pay: Pay, sync: Sync) -> None:
    invoice = bill(10_000)
    payment = pay(10_000, invoices=[invoice])
    sync()
    reverse_payment(payment, "The check bounced", by=None)
    follow("payment.reversed")
    sync()
    assert only(books.rows["Payment"])["TotalAmt"] == 0


def test_a_payment_there_is_received_once(books: QuickBooks, bill: Bill, sync: Sync) -> None:
    invoice = bill(10_000)
    sync()
    books.pay(only(books.rows["Invoice"])["Id"], 60.0, PaymentRefNum="Check 7")
    assert sync().last_received == 1
    assert sync().last_received == 0
    invoice.refresh_from_db()
    payment = Payment.objects.get()
    assert (invoice.paid, payment.provider, payment.reference) == (6_000, "quickbooks", "Check 7")
    assert not books.rows["Payment"]


def test_a_payment_of_somebody_else_is_left_out(books: QuickBooks, bill: Bill, sync: Sync) -> None:
    bill()
    sync()
    books.pay("4711", 60.0)
    assert sync().last_received == 0
    assert not Payment.objects.exists()


def test_a_payment_that_changed_there_waits_for_a_person(books: QuickBooks, bill: Bill, sync: Sync) -> None:
    invoice = bill(10_000)
    sync()
    books.pay(only(books.rows["Invoice"])["Id"], 60.0)
    sync()
    books.changed[0]["Line"][0]["Amount"] = 70.0
    sync()
    item = SyncItem.objects.get()
    assert item.reason == f"A payment for {invoice.number} was changed in QuickBooks Online to 70.0. Correct it here."
    books.changed[0]["status"] = "Deleted"
    sync()
    assert "deleted in QuickBooks Online" in SyncItem.objects.get().reason
    assert Payment.objects.get().amount == 6_000


def test_a_product_that_is_gone_refuses_its_invoice_alone(
    books: QuickBooks, bill: Bill, sync: Sync, house: House
) -> None:
    books.rows["Item"]["7"]["Active"] = False
    invoice = bill()
    row = sync()
    item = SyncItem.objects.get()
    assert row.state == "active"
    assert (item.label, item.reason) == (
        invoice.number,
        "The product or service “Work” does not exist in QuickBooks Online. Choose another one under Settings, "
        "Accounting, then send it again.",
    )
    books.rows["Item"]["7"]["Active"] = True
    SyncItem.replay(SyncItem.objects.all(), by=house.ada)
    sync()
    assert len(books.rows["Invoice"]) == 1
    assert not SyncItem.objects.exists()


def test_a_tax_without_a_code_refuses_its_invoice_alone(books: QuickBooks, bill: Bill, sync: Sync) -> None:
    bill(10_000, tax_rate=190_000)
    good = bill(10_000)
    sync()
    assert "tax code for 19" in SyncItem.objects.get().reason
    assert only(books.rows["Invoice"])["DocNumber"] == good.number


def test_a_total_that_differs_there_is_shown(books: QuickBooks, bill: Bill, sync: Sync) -> None:
    books.extra_tax = 0.01
    invoice = bill(10_000)
    sync()
    reason = SyncItem.objects.get().reason
    assert reason.startswith(f"{invoice.number} is 100.00 here and 100.01 in QuickBooks Online.")


def test_a_taken_name_gets_our_number(books: QuickBooks, bill: Bill, sync: Sync, house: House) -> None:
    books.rows["Customer"]["9"] = {"Id": "9", "SyncToken": "0", "DisplayName": "Cora Customer"}
    bill()
    sync()
    names = {row["DisplayName"] for row in books.rows["Customer"].values()}
    assert names == {"Cora Customer", f"Cora Customer ({house.cora.pk})"}


def test_a_customer_with_the_same_address_is_linked(books: QuickBooks, bill: Bill, sync: Sync, house: House) -> None:
    email = house.cora.contact_points.get(kind="email").value
    row = {"Id": "9", "SyncToken": "0", "DisplayName": "Cora Customer", "PrimaryEmailAddr": {"Address": email.upper()}}
    books.rows["Customer"]["9"] = row
    bill()
    sync()
    assert LinkedRecord.objects.get(noun="customer").remote_id == "9"


def change_both_sides(books: QuickBooks, house: House) -> Any:
    """Edit Cora's email address here, and her record there."""
    house.cora.contact_points.filter(kind="email").update(value="new@cora.example")
    there = only(books.rows["Customer"])
    there |= {"SyncToken": "5", "Notes": "edited there"}
    books.rows["Customer"][there["Id"]] = there
    SyncItem.queue(Connection.objects.get().pk, "customer", [house.cora.pk])
    return there["Id"]


def test_a_customer_changed_on_both_sides_waits_for_a_person(
    books: QuickBooks, bill: Bill, sync: Sync, house: House
) -> None:
    bill()
    sync()
    remote_id = change_both_sides(books, house)
    sync()
    assert "Changed here and in QuickBooks Online" in SyncItem.objects.get().reason
    SyncItem.replay(SyncItem.objects.all(), by=house.ada)
    sync()
    assert books.rows["Customer"][remote_id]["PrimaryEmailAddr"] == {"Address": "new@cora.example"}
    assert not SyncItem.objects.exists()


@pytest.mark.parametrize(
    ("wins", "email"), [("ours", "new@cora.example"), ("theirs", "cora@suncoast-test-mail.example")]
)
def test_the_mapping_says_who_wins(
    books: QuickBooks, bill: Bill, sync: Sync, house: House, wins: str, email: str
) -> None:
    FieldRule.objects.filter(ours="customer").update(wins=wins)
    bill()
    sync()
    remote_id = change_both_sides(books, house)
    sync()
    assert books.rows["Customer"][remote_id]["PrimaryEmailAddr"] == {"Address": email}
    assert not SyncItem.objects.exists()


def test_a_direction_that_is_off_sends_nothing(books: QuickBooks, bill: Bill, pay: Pay, sync: Sync) -> None:
    FieldRule.objects.filter(ours__in=["payment_out", "payment_in"]).update(direction="never")
    pay(10_000, invoices=[bill(10_000)])
    sync()
    assert not books.rows["Payment"]
    assert ("GET", "/v3/company/9130/cdc") not in books.requests


def test_a_token_that_expires_during_a_synchronization_is_renewed(books: QuickBooks, bill: Bill, sync: Sync) -> None:
    bill()
    books.troubles = [Trouble(401, "{}", at="/customer")]
    row = sync()
    assert (row.state, len(books.rows["Invoice"])) == ("active", 1)
    assert row.secrets["refresh"] == books.refresh == "refresh-2"


def test_a_renewed_token_is_stored_although_the_rest_fails(books: QuickBooks, bill: Bill, sync: Sync) -> None:
    sync()
    bill()
    follow("invoice.issued")
    books.troubles = [Trouble(500, HTML, at="/invoice")]
    with clock.at(NOON + timedelta(hours=2)):
        assert sync().problem == "unreachable"
    assert Connection.objects.get().secrets["refresh"] == books.refresh == "refresh-2"


def test_revoked_access_waits_for_the_owner(books: QuickBooks, sync: Sync) -> None:
    books.is_revoked = True
    row = sync()
    assert (row.state, row.problem) == ("broken", "sign_in")
    assert not Due.objects.filter(kind=SYNC, due_at__gt=NOON).exists()


@pytest.mark.parametrize(
    ("trouble", "problem", "pause"),
    [
        (Trouble(429, "{}", {"Retry-After": "3600"}), "too_many", timedelta(hours=1)),
        (Trouble(500, HTML), "unreachable", timedelta(minutes=5)),
        (Trouble(200, HTML), "answer", timedelta(minutes=5)),
        (Trouble(200, "[]"), "answer", timedelta(minutes=5)),
    ],
)
def test_a_system_in_trouble_is_waited_for(
    books: QuickBooks, bill: Bill, sync: Sync, trouble: Trouble, problem: str, pause: timedelta
) -> None:
    bill()
    books.troubles = [trouble]
    row = sync()
    assert (row.is_working, row.problem, row.failing_since) == (True, problem, NOON)
    assert Due.objects.get(kind=SYNC).due_at == NOON + pause
    sync()
    assert len(books.rows["Invoice"]) == 1


def test_a_system_that_hangs_is_given_up_for_now(
    books: QuickBooks, bill: Bill, sync: Sync, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crm.platform.http.guarded_session.SECONDS", 0.2)
    bill()
    books.troubles = [Trouble(seconds=1)]
    assert sync().problem == "unreachable"


def test_two_synchronizations_exclude_each_other(books: QuickBooks, bill: Bill, sync: Sync) -> None:
    bill()
    assert Connection.objects.get().claim()
    row = sync()
    assert (row.synced_at, books.requests) == (None, [])
    assert Due.objects.get(kind=SYNC).due_at == NOON + timedelta(minutes=1)
    with clock.at(NOON + timedelta(minutes=4)):
        assert sync().last_sent == 1


def test_an_event_that_was_lost_is_made_up_for_the_next_day(books: QuickBooks, bill: Bill, sync: Sync) -> None:
    sync()
    bill()
    assert sync().last_sent == 0
    with clock.at(NOON + timedelta(days=1)):
        assert sync().last_sent == 1


def test_without_accounting_terms_invoices_wait(books: QuickBooks, bill: Bill, sync: Sync) -> None:
    bill()
    AccountingTerms.objects.all().delete()
    assert (sync().problem, SyncItem.objects.waiting().count()) == ("settings", 1)


def test_an_edited_customer_is_sent(books: QuickBooks, bill: Bill, sync: Sync, house: House) -> None:
    bill()
    sync()
    house.cora.contact_points.filter(kind="phone").update(value="+18135550199")
    follow_events([Event(kind="person.corrected", subject_kind="people.person", subject_id=house.cora.pk)])
    sync()
    assert only(books.rows["Customer"])["PrimaryPhone"]["FreeFormNumber"] == "+18135550199"


def test_an_invoice_of_another_brand_or_an_earlier_day_stays_out(
    books: QuickBooks, bill: Bill, sync: Sync, connection: Connection
) -> None:
    bill()
    Connection.objects.update(options=connection.options | {"send_from": "2026-11-26"})
    assert sync().last_sent == 0
