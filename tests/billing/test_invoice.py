"""Invoices: drafts, issuing, what is frozen, credit notes and disputes."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, transaction

from billing.models import BillingTerms, Invoice, InvoiceLine, LedgerLine, LineDraft, credit_invoice
from crm.jobs.models import Job
from crm.kernel.refusal import Refused
from tests.billing.conftest import NOON, recorded
from tests.cast import House


@pytest.fixture
def draft(house: House, job: Job) -> Invoice:
    lines = [LineDraft("Roof", 100_000, tax_rate=75_000), LineDraft("Vent", 1_999, quantity=2_500)]
    return Invoice.draft(job, "final", "  Done ", lines, by=house.sam)


def balance(account: str) -> int:
    return sum(LedgerLine.objects.filter(account=account).values_list("amount", flat=True))


def test_a_draft_has_sums_and_no_number(draft: Invoice) -> None:
    assert (draft.title, draft.number, draft.state) == ("Done", "", "draft")
    assert (draft.net, draft.tax, draft.total, draft.open) == (104_998, 7_500, 112_498, 112_498)
    assert draft.taxes == [{"rate": 0, "net": 4_998, "tax": 0}, {"rate": 75_000, "net": 100_000, "tax": 7_500}]


def test_a_draft_is_edited_and_discarded(house: House, draft: Invoice) -> None:
    draft.edit("All done", [LineDraft("Roof", 5_000)], by=house.sam)
    assert (draft.total, draft.lines.get().amount) == (5_000, 5_000)
    draft.discard(by=house.sam)
    assert (Invoice.objects.count(), recorded("invoice.discarded")) == (0, 1)


@pytest.mark.parametrize(
    ("title", "lines"),
    [("Done", []), (" ", [LineDraft("Roof", 1)]), ("x", [LineDraft(" ", 1)]), ("x", [LineDraft("y", 0)])],
)
def test_an_invoice_of_nothing_is_refused(house: House, job: Job, title: str, lines: list[LineDraft]) -> None:
    with pytest.raises(Refused):
        Invoice.draft(job, "final", title, lines, by=house.sam)


@pytest.mark.parametrize(
    "lines",
    [[LineDraft("Roof", 10**13, quantity=10**9)], [LineDraft("Roof", 9 * 10**12), LineDraft("Deck", 9 * 10**12)]],
)
def test_an_invoice_beyond_an_amount_is_refused(house: House, job: Job, lines: list[LineDraft]) -> None:
    with pytest.raises(Refused, match="too large an amount"):
        Invoice.draft(job, "final", "Done", lines, by=house.sam)


def test_an_invoice_is_made_once_of_its_origin(house: House, job: Job) -> None:
    one = Invoice.draft(job, "deposit", "Deposit", [LineDraft("x", 5)], by=None, origin="quote:7")
    two = Invoice.draft(job, "deposit", "Deposit", [LineDraft("x", 6)], by=None, origin="quote:7")
    assert one.pk == two.pk


def test_issuing_gives_a_number_a_day_and_an_entry(house: House, draft: Invoice) -> None:
    draft.issue(by=house.sam)
    assert (draft.number, draft.state, draft.issued_at) == ("INV-2026-0001", "issued", NOON)
    # Due at the end of the fourteenth day, in New York.
    assert draft.due_at
    assert draft.due_at.astimezone(UTC) == datetime(2026, 12, 10, 4, 59, 59, tzinfo=UTC)
    assert (draft.buyer["name"], draft.buyer["city"]) == ("Cora Customer", "Tampa")
    assert (balance("receivable"), balance("sales"), balance("tax")) == (112_498, -104_998, -7_500)


def test_issuing_again_does_nothing(house: House, draft: Invoice) -> None:
    draft.issue(by=house.sam)
    draft.issue(by=house.mona)
    assert (recorded("invoice.issued"), draft.issued_by, balance("receivable")) == (1, house.sam, 112_498)


def test_the_terms_of_the_brand_are_on_it(house: House, draft: Invoice) -> None:
    BillingTerms.set_for(
        draft.brand, by=house.ada, legal_name="Suncoast LLC", iban="NL91ABNA0417164300", invoice_prefix="F"
    )
    draft.issue(by=house.sam)
    assert (draft.number, draft.seller["name"], draft.seller["iban"]) == (
        "F-2026-0001",
        "Suncoast LLC",
        "NL91ABNA0417164300",
    )


def test_an_issued_invoice_can_only_be_credited(house: House, draft: Invoice) -> None:
    draft.issue(by=house.sam)
    with pytest.raises(Refused, match="credit note"):
        draft.edit("Less", [LineDraft("Roof", 1)], by=house.sam)
    with pytest.raises(Refused, match="credit note"):
        draft.discard(by=house.sam)


@pytest.mark.parametrize("change", [{"net": 1, "tax": 0, "total": 1, "open": 1}, {"number": "X"}, {"due_at": NOON}])
def test_the_database_changes_no_issued_invoice(house: House, draft: Invoice, change: dict[str, object]) -> None:
    draft.issue(by=house.sam)
    with pytest.raises(DatabaseError, match="does not change"), transaction.atomic():
        Invoice.objects.filter(pk=draft.pk).update(**change)


def test_the_database_changes_no_line_of_an_issued_invoice(house: House, draft: Invoice) -> None:
    draft.issue(by=house.sam)
    lines = InvoiceLine.objects.filter(invoice=draft)
    for change in (lambda: lines.update(name="Free"), lines.delete, lambda: InvoiceLine.write_all(draft, [])):
        with pytest.raises(DatabaseError, match="do not change"), transaction.atomic():
            change()
    with pytest.raises(DatabaseError), transaction.atomic():
        Invoice.objects.filter(pk=draft.pk)._raw_delete("default")


def test_a_credit_note_takes_off_what_it_says(house: House, bill: Callable[..., Invoice]) -> None:
    invoice = bill(10_000, tax_rate=210_000)
    note = credit_invoice(invoice, 1_210, "30 feet of gutter not fitted", by=house.sam)
    invoice.refresh_from_db()
    assert (note.number, note.net, note.tax, note.state) == ("CN-2026-0001", 1_000, 210, "paid")
    assert (invoice.open, invoice.state) == (12_100 - 1_210, "partly")
    assert (balance("tax"), balance("sales"), balance("credit")) == (-2_100 + 210, -9_000, 0)


def test_an_invoice_that_is_all_credited_is_void(house: House, bill: Callable[..., Invoice]) -> None:
    invoice = bill(10_000)
    credit_invoice(invoice, 10_000, "Wrong customer", by=house.sam)
    invoice.refresh_from_db()
    assert (invoice.state, invoice.open, balance("receivable")) == ("void", 0, 0)
    with pytest.raises(Refused, match="not credited yet"):
        credit_invoice(invoice, 1, "Again", by=house.sam)


@pytest.mark.parametrize(("amount", "reason"), [(0, "x"), (10_001, "x"), (5, " ")])
def test_a_credit_note_is_refused(house: House, bill: Callable[..., Invoice], amount: int, reason: str) -> None:
    with pytest.raises(Refused):
        credit_invoice(bill(10_000), amount, reason, by=house.sam)


def test_a_dispute_is_noted_and_settled(house: House, bill: Callable[..., Invoice]) -> None:
    invoice = bill()
    invoice.dispute("The gutter leaks", by=house.rita)
    assert (invoice.disputed_at, invoice.dispute_words, recorded("invoice.disputed")) == (NOON, "The gutter leaks", 1)
    invoice.settle_dispute(by=house.rita)
    invoice.settle_dispute(by=house.rita)
    assert (invoice.disputed_at, recorded("invoice.dispute_settled")) == (None, 1)
    with pytest.raises(Refused):
        invoice.dispute(" ", by=house.rita)
