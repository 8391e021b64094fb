"""Bank files: stored once, matched by what they name, suggested otherwise."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from billing.bank.importing import match_by_hand, take_file
from billing.bank.matching import suggest_invoices
from billing.models import Allocation, BankEntry, BankFile, Invoice, Payment, reverse_payment
from billing.paper.letterhead import payment_reference
from crm.kernel.refusal import Refused
from tests.billing.conftest import NOON
from tests.cast import House
from tests.followups.conftest import Browser
from tests.libs.bank_statements.files import FEE, camt

LINE = """<Ntry><Amt Ccy="EUR">%(amount)s</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts>
<BookgDt><Dt>2026-11-24</Dt></BookgDt><AcctSvcrRef>%(ref)s</AcctSvcrRef><NtryDtls><TxDtls>
<RltdPties><Dbtr><Nm>%(name)s</Nm></Dbtr></RltdPties><RmtInf><Ustrd>%(text)s</Ustrd></RmtInf>
</TxDtls></NtryDtls></Ntry>"""


def line(text: str, amount: str = "100.00", *, ref: str = "B-1", name: str = "Somebody") -> str:
    return LINE % {"amount": amount, "ref": ref, "name": name, "text": text}


@pytest.fixture
def invoice(bill: Callable[..., Invoice]) -> Invoice:
    return bill(100_00, currency="EUR")


def state_of(invoice: Invoice) -> tuple[int, int]:
    invoice.refresh_from_db()
    return invoice.open, Payment.objects.count()


def test_an_invoice_number_matches(house: House, invoice: Invoice) -> None:
    _file, matched = take_file(camt(line(f"Paying {invoice.number}")), "nov.xml", by=house.sam)
    assert (matched, state_of(invoice)) == (1, (0, 1))
    assert Payment.objects.get().received_at < NOON


def test_a_structured_reference_matches(house: House, invoice: Invoice) -> None:
    take_file(camt(line(payment_reference(invoice))), "nov.xml", by=house.sam)
    assert state_of(invoice) == (0, 1)
    assert Allocation.objects.get().found_by == "reference"


def test_the_same_file_changes_nothing(house: House, invoice: Invoice) -> None:
    content = camt(line(invoice.number))
    for _time in range(2):
        take_file(content, "nov.xml", by=house.sam)
    assert (state_of(invoice), BankFile.objects.count()) == ((0, 1), 1)


def test_a_line_of_an_earlier_file_is_left_out(house: House, invoice: Invoice) -> None:
    take_file(camt(line(invoice.number)), "nov.xml", by=house.sam)
    later, _matched = take_file(camt(line(invoice.number), line("Other", "5.00", ref="B-2")), "dec.xml", by=house.sam)
    assert (later.new_lines, state_of(invoice)) == (1, (0, 1))


def test_what_goes_out_is_no_payment(house: House, invoice: Invoice) -> None:
    take_file(camt(FEE), "nov.xml", by=house.sam)
    assert (BankEntry.objects.get().state, Payment.objects.count()) == ("out", 0)


def test_amount_and_name_are_suggested_only(house: House, invoice: Invoice) -> None:
    take_file(camt(line("Thank you", name=invoice.buyer["name"])), "nov.xml", by=house.sam)
    entry = BankEntry.objects.get()
    assert (entry.state, Payment.objects.count()) == ("waiting", 0)
    assert [(one.invoice, one.is_named) for one in suggest_invoices([entry], house.sam)[entry.pk]] == [(invoice, True)]


def test_suggestions_of_a_page_are_one_query(
    house: House, invoice: Invoice, django_assert_num_queries: Callable[[int], AbstractContextManager[Any]]
) -> None:
    lines = [line("Thank you", ref=f"B-{number}") for number in range(3)]
    take_file(camt(*lines), "nov.xml", by=house.sam)
    entries = list(BankEntry.objects.all())
    with django_assert_num_queries(1):
        suggestions = suggest_invoices(entries, house.sam)
    assert [len(suggestions[entry.pk]) for entry in entries] == [1, 1, 1]


def test_a_person_matches_once(house: House, invoice: Invoice) -> None:
    take_file(camt(line("Thank you")), "nov.xml", by=house.sam)
    for _time in range(2):
        match_by_hand(BankEntry.objects.get(), [invoice], by=house.sam)
    assert state_of(invoice) == (0, 1)


def test_after_a_reversal_it_is_matched_again(house: House, invoice: Invoice, bill: Callable[..., Invoice]) -> None:
    other = bill(100_00, currency="EUR")
    take_file(camt(line("Thank you")), "nov.xml", by=house.sam)
    entry = BankEntry.objects.get()
    wrong = match_by_hand(entry, [invoice], by=house.sam)
    for _time in range(2):
        reverse_payment(wrong, "Of somebody else", by=house.sam)
    entry.refresh_from_db()
    assert (entry.state, entry.payment) == ("waiting", None)
    for _time in range(2):
        right = match_by_hand(entry, [other], by=house.sam)
    assert (right.pk != wrong.pk, state_of(invoice), state_of(other)) == (True, (100_00, 2), (0, 2))


def test_what_is_left_out_can_be_put_back(house: House, invoice: Invoice) -> None:
    take_file(camt(line("Loan")), "nov.xml", by=house.sam)
    entry = BankEntry.objects.get()
    entry.leave(by=house.sam)
    with pytest.raises(Refused):
        match_by_hand(entry, [invoice], by=house.sam)
    entry.put_back(by=house.sam)
    assert entry.state == "waiting"


def test_another_file_is_refused_with_a_sentence(house: House) -> None:
    with pytest.raises(Refused, match="bank statement"):
        take_file(b"hello", "hello.txt", by=house.sam)
    assert BankFile.objects.count() == 0


def test_the_page_matches_what_was_uploaded(sam: Browser, invoice: Invoice) -> None:
    sam.post("invoices/bank/upload/", {"file": SimpleUploadedFile("nov.xml", camt(line("Thank you")))})
    entry = BankEntry.objects.get()
    assert entry.counterparty in sam.get("invoices/bank/")
    sam.post(f"invoices/bank/{entry.uid}/match/", {"number": invoice.number})
    assert state_of(invoice) == (0, 1)


def test_a_match_is_taken_back_from_the_page(sam: Browser, house: House, invoice: Invoice) -> None:
    take_file(camt(line(invoice.number)), "nov.xml", by=house.sam)
    payment = Payment.objects.get()
    page = sam.get("invoices/bank/")
    assert (invoice.number in page, f"payments/{payment.uid}/reverse/" in page) == (True, True)
    reverse_payment(payment, "A slip", by=house.sam)
    page = sam.get("invoices/bank/")
    assert "Matched last" not in page
