"""The export to accounting: a file for each system, each invoice once unless it is asked for again."""

import csv
import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from billing.accounting.datev import HEADINGS
from billing.accounting.exporting import export_period
from billing.accounting.formats import CSV_FORMATS
from billing.models import AccountingExport, AccountingTerms, BillingTerms, Invoice, credit_invoice
from crm.jobs.models import Job
from crm.kernel.refusal import Refused
from crm.people.models import Person
from crm.platform.files import stored_files
from crm.platform.models import Brand
from tests.cast import House
from tests.followups.conftest import Browser

FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)
CODES = {"210000": "VH", "0": "VN"}
Make = Callable[..., Any]


@pytest.fixture
def set_terms(house: House, job: Job) -> Make:
    """`set_terms("exact")` chooses the system of the brand; its accounts are entered."""

    def run(system: str, **given: Any) -> None:
        fields = {"sales_account": "8000", "debtors_account": "1400", "journal": "70", "item": "Work"}
        fields |= {"adviser": "29098", "client": "55003", "tax_codes": CODES}
        AccountingTerms.set_for(job.brand, by=house.mona, system=system, **fields | given)

    return run


@pytest.fixture
def export(house: House, job: Job) -> Make:
    """`export()` exports November, and returns the content of the file."""

    def run(**given: Any) -> bytes:
        row = export_period(job.brand, FIRST, LAST, by=house.mona, **given)
        with stored_files.open_file(row.file) as file:
            return file.read()

    return run


def rows_of(content: bytes, delimiter: str = ",") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=delimiter))


def test_exact_online_gets_a_line_for_each_tax_rate(set_terms: Make, export: Make, bill: Make) -> None:
    set_terms("exact")
    invoice = bill(100_000, tax_rate=210_000)
    row = rows_of(export(), ";")[0]
    assert (row["Factuurnummer"], row["Bedrag excl. btw"], row["Btw-bedrag"]) == (invoice.number, "1000,00", "210,00")
    assert (row["Dagboek: Code"], row["BTW-code: Code"], row["Factuurdatum"]) == ("70", "VH", "25-11-2026")


def test_a_credit_note_is_below_zero_in_xero(house: House, set_terms: Make, export: Make, bill: Make) -> None:
    set_terms("xero")
    invoice = bill(100_000)
    credit_invoice(invoice, 30_000, "Less gutter", by=house.sam)
    rows = rows_of(export())
    assert [(row["*UnitAmount"], row["Reference"]) for row in rows] == [("1000.00", ""), ("-300.00", invoice.number)]


def test_xero_gets_files_of_as_many_invoices_as_it_takes(
    set_terms: Make, export: Make, bill: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(CSV_FORMATS, "xero", replace(CSV_FORMATS["xero"], most=2))
    set_terms("xero")
    numbers = [bill(100_000).number for _number in range(5)]
    with zipfile.ZipFile(io.BytesIO(export())) as archive:
        files = [[row["*InvoiceNumber"] for row in rows_of(archive.read(name))] for name in archive.namelist()]
        names = archive.namelist()
    assert files == [numbers[:2], numbers[2:4], numbers[4:]]
    assert names[0] == "xero-invoices-1-2026-11-01-2026-11-30.csv"


def test_quickbooks_gets_credit_memos_in_a_file_of_their_own(
    house: House, set_terms: Make, export: Make, bill: Make
) -> None:
    set_terms("quickbooks")
    credit_invoice(bill(100_000), 30_000, "Less gutter", by=house.sam)
    with zipfile.ZipFile(io.BytesIO(export())) as archive:
        names = archive.namelist()
        amounts = [rows_of(archive.read(name))[0]["*ItemAmount"] for name in names]
    assert ([name.split("-")[1] for name in names], amounts) == (["invoices", "credit"], ["1000.00", "300.00"])


def test_datev_gets_its_posting_batch(house: House, job: Job, set_terms: Make, export: Make, bill: Make) -> None:
    set_terms("datev")
    credit_invoice(bill(100_000, tax_rate=210_000), 12_100, "Less", by=house.sam)
    lines = export().decode("cp1252").split("\r\n")
    assert lines[0].startswith('"EXTF";700;21;"Buchungsstapel";13;')
    assert (lines[1], len(HEADINGS), len(set(HEADINGS))) == (";".join(HEADINGS), 125, 125)
    assert lines[2].startswith(f'1210,00;"S";"{job.brand.currency}";;;"";1400;8000;"VH";2511;"INV-2026-0001";"";')
    assert lines[3].startswith(f'121,00;"H";"{job.brand.currency}";;;"";1400;8000;"VH";2511;"INV-2026-0001";')
    assert {line.count(";") for line in lines[1:4]} == {124}


def test_no_text_is_a_formula(house: House, job: Job, set_terms: Make, export: Make, bill: Make) -> None:
    set_terms("xero")
    Person.objects.filter(pk=job.person_id).update(name='=HYPERLINK("https://evil.example")')
    bill(1_000, of=Job.objects.get(pk=job.pk))
    assert rows_of(export())[0]["*ContactName"].startswith("'=")


def test_each_invoice_is_exported_once_unless_asked_again(set_terms: Make, export: Make, bill: Make) -> None:
    set_terms("xero")
    bill(1_000)
    export()
    with pytest.raises(Refused, match="exported before"):
        export()
    second = bill(2_000)
    assert [row["*InvoiceNumber"] for row in rows_of(export())] == [second.number]
    assert len(rows_of(export(again=True))) == 2
    assert list(AccountingExport.objects.order_by("pk").values_list("invoices", flat=True)) == [1, 1, 2]


def test_what_is_missing_is_said(set_terms: Make, export: Make, bill: Make) -> None:
    with pytest.raises(Refused, match="Set up the accounting"):
        export()
    set_terms("xero", tax_codes={})
    with pytest.raises(Refused, match="No invoice was issued"):
        export()
    bill(1_000)
    with pytest.raises(Refused, match="no code yet"):
        export()
    set_terms("exact", journal="")
    with pytest.raises(Refused, match="Sales journal"):
        export()
    set_terms("moneybird")
    with pytest.raises(Refused, match="Only brands in the EU"):
        export()


def test_moneybird_gets_ubl_of_each_invoice(house: House, job: Job, set_terms: Make, export: Make, bill: Make) -> None:
    Brand.objects.filter(pk=job.brand_id).update(country="NL")
    BillingTerms.set_for(job.brand, by=None, legal_name="Suncoast BV", vat_number="NL854502130B01", city="Utrecht")
    set_terms("moneybird")
    row: Invoice = bill(100_000, tax_rate=210_000)
    assert row.number.encode() in export()


def test_a_manager_exports_on_the_page_and_is_told_of_a_second_time(
    house: House, job: Job, mona: Browser, rita: Browser, set_terms: Make, bill: Make
) -> None:
    set_terms("xero")
    bill(1_000)
    page = "invoices/accounting/"
    given = {"brand": str(job.brand.uid), "first": "2026-11-01", "last": "2026-11-30"}
    rita.get(page, status=404)
    mona.post(f"{page}export/", given)
    assert "1 of them was exported before" in mona.get(f"{page}?first=2026-11-01&last=2026-11-30")
    row = AccountingExport.objects.get()
    response = mona.client.get(f"/{house.tenant.slug}/{page}{row.uid}/file/")
    assert b"*ContactName" in b"".join(response.streaming_content)


def test_the_settings_are_saved(house: House, job: Job, mona: Browser, bill: Make) -> None:
    bill(1_000, tax_rate=210_000)
    page = "invoices/accounting/terms/"
    version = mona.get(page).split('name="version" value="')[1].split('"')[0]
    given = {"brand": str(job.brand.uid), "version": version, "system": "xero", "tax-210000": "21% VAT"}
    mona.post(f"{page}set/", given)
    terms = AccountingTerms.objects.get()
    assert (terms.system, terms.tax_codes) == ("xero", {"210000": "21% VAT"})
