"""Papers of billing: invoices with their electronic form, receipts and statements."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.utils.translation import override
from pypdf import PdfReader

from billing.models import BillingTerms, Invoice, LineDraft, Payment, PaymentMethod
from billing.paper.account_content import receipt_paper, statement_paper
from billing.paper.e_invoices import e_invoice_of, has_e_invoice
from billing.paper.invoice_content import invoice_paper
from billing.paper.invoice_file import invoice_file
from billing.paper.letterhead import buyer_text, payment_reference
from billing.paper.pdf import render_account
from crm.jobs.models import Job
from crm.platform.models import Brand
from libs.bank_statements import parse_reference
from libs.e_invoice import TaxCategory, read_embedded, write_ubl
from quotes.sums import TaxMode
from quotes.taxes.models.tax_number import set_tax_number
from tests.billing.conftest import bill, house, job, mona, pay, rita, sam
from tests.cast import House
from tests.followups.conftest import Browser

__all__ = ["bill", "house", "job", "mona", "pay", "rita", "sam"]

DUTCH = {
    "legal_name": "Dakwerk BV",
    "street": "Oudegracht 1",
    "postcode": "3511 AB",
    "city": "Utrecht",
    "vat_number": "NL123456782B12",
    "register_number": "12345678",
    "iban": "NL91 ABNA 0417 1643 00",
}
Bill = Callable[..., Invoice]


@pytest.fixture
def dutch(house: House, job: Job) -> Brand:
    """The brand of Cora's job, moved to Utrecht."""
    brand: Brand = Brand.objects.get(pk=job.brand_id)
    brand.edit(by=house.ada, country="NL", currency="EUR", language="en")
    BillingTerms.set_for(brand, by=house.ada, **DUTCH)
    job.refresh_from_db()
    return brand


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def sums_of(invoice: Invoice) -> dict[str, str]:
    return {one.name: one.amount for one in invoice_paper(invoice).sums}


def test_an_invoice_has_its_lines_sums_and_days(bill: Bill) -> None:
    invoice = bill(10_000, tax_rate=70_000)
    paper = invoice_paper(invoice)
    assert paper.title == f"Invoice {invoice.number}"
    assert [line.amount for line in paper.lines] == ["$100"]
    assert sums_of(invoice) == {"Without tax": "$100", "Tax 7%": "$7", "Total": "$107"}
    assert dict(paper.facts)["To be paid until"] == "Dec 2, 2026"


def test_what_is_paid_is_taken_off(bill: Bill, pay: Callable[..., Payment]) -> None:
    invoice = bill(10_000)
    pay(4_000)
    invoice.refresh_from_db()
    assert (sums_of(invoice)["Already paid"], sums_of(invoice)["To pay"]) == ("-$40", "$60")


def test_a_reverse_charge_is_printed_with_the_number_of_the_customer(dutch: Brand, house: House, job: Job) -> None:
    assert job.person is not None
    set_tax_number(job.person, "BE0403170701", by=house.ada)
    lines = [LineDraft("Work", 10_000, tax_code="reverse")]
    invoice = Invoice.draft(job, "final", "Work", lines, by=house.sam, currency="EUR")
    invoice.issue(by=house.sam)
    paper = invoice_paper(invoice)
    assert dict(paper.facts)["VAT number of the customer"] == "BE0403170701"
    assert "VAT reverse-charged" in paper.notes


def test_an_american_invoice_is_a_plain_pdf(bill: Bill) -> None:
    file = invoice_file(bill(10_000))
    assert (read_embedded(file.content), file.refusal) == (None, "")


def test_a_dutch_invoice_contains_its_electronic_form(dutch: Brand, bill: Bill) -> None:
    invoice = bill(10_000, tax_rate=210_000, currency="EUR")
    file = invoice_file(invoice)
    embedded = (read_embedded(file.content) or b"").decode()
    assert file.refusal == ""
    for words in (invoice.number, "121.00", "NL123456782B12", "Dakwerk BV", payment_reference(invoice)):
        assert words in embedded
    assert "NL91 ABNA 0417 1643 00" in text_of(file.content)


def test_without_a_vat_number_it_is_a_pdf_and_says_why(dutch: Brand, bill: Bill, house: House) -> None:
    BillingTerms.set_for(dutch, by=house.ada, vat_number="")
    file = invoice_file(bill(10_000, tax_rate=210_000, currency="EUR"))
    assert read_embedded(file.content) is None
    assert file.refusal == "The seller needs a VAT number."


def test_prices_with_tax_become_net_amounts_that_add_up(dutch: Brand, job: Job, house: House) -> None:
    lines = [LineDraft("Tiles", 3_333, tax_rate=210_000), LineDraft("Labor", 3_334, tax_rate=210_000)]
    invoice = Invoice.draft(job, "final", "Roof", lines, by=house.sam, currency="EUR", tax_mode=TaxMode.INCLUDED)
    invoice.issue(by=house.sam)
    terms = e_invoice_of(invoice)
    assert (terms.net, terms.tax, terms.total) == (invoice.net, invoice.tax, 6_667)
    assert write_ubl(terms)


def test_a_credit_note_names_what_it_corrects(dutch: Brand, bill: Bill, house: House) -> None:
    invoice = bill(10_000, tax_rate=210_000, currency="EUR")
    lines = [LineDraft("Work", 10_000, tax_rate=210_000)]
    note = Invoice.draft(invoice.job, "credit", "Less work", lines, by=house.sam, currency="EUR", credited=invoice)
    note.issue(by=house.sam)
    assert dict(invoice_paper(note).facts)["Corrects"] == invoice.number
    assert e_invoice_of(note).credited == (invoice.number, e_invoice_of(invoice).issued_on)
    assert b"CreditNote" in write_ubl(e_invoice_of(note))


@pytest.mark.parametrize(
    ("code", "category"),
    [("reverse", TaxCategory.REVERSE_CHARGE), ("exempt", TaxCategory.EXEMPT), ("", TaxCategory.ZERO)],
)
def test_a_line_without_tax_says_why(dutch: Brand, job: Job, house: House, code: str, category: TaxCategory) -> None:
    lines = [LineDraft("Work", 10_000, tax_code=code)]
    invoice = Invoice.draft(job, "final", "Roof", lines, by=house.sam, currency="EUR")
    invoice.issue(by=house.sam)
    assert [tax.category for tax in e_invoice_of(invoice).taxes] == [category]


def test_a_transfer_has_a_reference_and_a_code(dutch: Brand, bill: Bill) -> None:
    invoice = bill(10_000, currency="EUR")
    assert parse_reference(payment_reference(invoice)) == payment_reference(invoice)
    assert len(invoice_paper(invoice).code) > 20


def test_a_draft_and_a_paid_invoice_ask_for_nothing(job: Job, house: House, bill: Bill, pay: Any, dutch: Brand) -> None:
    draft = Invoice.draft(job, "final", "Roof", [LineDraft("Work", 100)], by=house.sam)
    paid = bill(10_000, currency="EUR")
    pay(10_000, currency="EUR")
    paid.refresh_from_db()
    for invoice in (draft, paid):
        assert (invoice_paper(invoice).payment, invoice_paper(invoice).code) == ((), ())
    assert not has_e_invoice(draft)


def test_a_customer_reads_their_language(bill: Bill, house: House) -> None:
    house.cora.choose_language("nl", by=house.rita)
    invoice = Invoice.objects.get(pk=bill(10_000).pk)
    assert invoice_paper(invoice).title == f"Factuur {invoice.number}"


def test_addresses_are_written_as_their_country_does() -> None:
    american = {
        "name": "Cora",
        "street": "1 Bay St",
        "city": "Tampa",
        "region": "FL",
        "postcode": "33611",
        "country": "US",
    }
    dutch = {"name": "Cora", "street": "Oudegracht 1", "city": "Utrecht", "postcode": "3511 AB", "country": "NL"}
    assert buyer_text(american).splitlines()[-1] == "Tampa, FL 33611"
    assert buyer_text(dutch).splitlines()[-1] == "3511 AB Utrecht"


def test_a_receipt_says_how_much_for_what(bill: Bill, pay: Callable[..., Payment]) -> None:
    invoice = bill(10_000)
    paper = receipt_paper(pay(4_000))
    facts = dict(paper.facts)
    assert (facts["Received"], facts["For invoice"]) == ("$40", invoice.number)
    assert facts["How"] == PaymentMethod.BANK.label
    with override("en"):
        assert "Receipt" in text_of(render_account(paper))


def test_a_statement_adds_up_by_currency(bill: Bill, pay: Callable[..., Payment], house: House, job: Job) -> None:
    bill(10_000)
    pay(4_000)
    bill(700, currency="JPY")
    parts = {part.currency: part for part in statement_paper(house.cora, job.brand).parts}
    assert (parts["USD"].balance, parts["JPY"].balance) == ("$60", "¥700")
    assert [entry.balance for entry in parts["USD"].entries] == ["$100", "$60"]


def test_a_member_opens_the_papers(sam: Browser, bill: Bill, pay: Callable[..., Payment], house: House) -> None:
    invoice = bill(10_000)
    payment = pay(4_000)
    for path in (f"{invoice.uid}/pdf", f"receipts/{payment.uid}", f"statements/{house.cora.uid}"):
        response = sam.client.get(f"/{house.tenant.slug}/invoices/{path}/")
        assert (response.status_code, response["Content-Type"]) == (200, "application/pdf"), path
    assert sam.client.get(f"/{house.tenant.slug}/invoices/{invoice.uid}/ubl/").status_code == 404
    assert "/ubl/" not in sam.get(f"invoices/{invoice.uid}/")
    assert f"/statements/{house.cora.uid}/" in sam.get(f"invoices/jobs/{invoice.job.number}/")


def test_a_dutch_invoice_is_there_as_ubl(sam: Browser, dutch: Brand, bill: Bill, house: House) -> None:
    invoice = bill(10_000, tax_rate=210_000, currency="EUR")
    response = sam.client.get(f"/{house.tenant.slug}/invoices/{invoice.uid}/ubl/")
    assert response.content == write_ubl(e_invoice_of(invoice))
    assert f"/{invoice.uid}/ubl/" in sam.get(f"invoices/{invoice.uid}/")
    BillingTerms.set_for(dutch, by=house.ada, vat_number="")
    path = f"invoices/{bill(100, tax_rate=210_000, currency='EUR').uid}/"
    refused = sam.client.get(f"/{house.tenant.slug}/{path}ubl/")
    assert (refused.status_code, refused.content.decode()) == (409, "The seller needs a VAT number.")
    page = sam.get(path)
    assert ("/ubl/" in page, "The seller needs a VAT number." in page) == (False, True)
