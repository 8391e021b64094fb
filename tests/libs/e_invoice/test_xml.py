"""Invoices as UBL and CII: valid by the official schemas, with the amounts of the invoice."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from defusedxml.ElementTree import fromstring

from libs.e_invoice import EInvoice, EInvoiceDiscount, EInvoiceItem, EInvoiceTax, TaxCategory, write_cii, write_ubl
from tests.libs.e_invoice.invoices import CREDIT_NOTE, INVOICE, reversed_charge

WRITERS = [write_ubl, write_cii]


def texts(xml: bytes, name: str) -> list[str]:
    """Return the texts of all elements of this name, whatever their namespace."""
    return [str(element.text) for element in fromstring(xml).iter() if element.tag.rpartition("}")[2] == name]


def test_ubl_has_the_sums() -> None:
    xml = write_ubl(INVOICE)
    assert texts(xml, "TaxExclusiveAmount") == ["3892.50"]
    assert texts(xml, "TaxInclusiveAmount") == ["4604.33"]
    assert (texts(xml, "PrepaidAmount"), texts(xml, "PayableAmount")) == (["1000.00"], ["3604.33"])
    assert texts(xml, "Percent") == ["21", "9", "21", "9"]


def test_cii_has_the_sums() -> None:
    xml = write_cii(INVOICE)
    assert (texts(xml, "TaxTotalAmount"), texts(xml, "DuePayableAmount")) == (["711.83"], ["3604.33"])
    assert texts(xml, "RateApplicablePercent") == ["21", "9", "21", "9"]


@pytest.mark.parametrize("write", WRITERS)
def test_prices_quantities_and_units_are_of_the_line(write: Callable[[EInvoice], bytes]) -> None:
    xml = write(INVOICE).decode()
    assert ">120.5<" in xml
    assert 'unitCode="MTK"' in xml
    assert ">25.0000<" in xml


@pytest.mark.parametrize("write", WRITERS)
def test_payment_names_account_and_reference(write: Callable[[EInvoice], bytes]) -> None:
    xml = write(INVOICE).decode()
    assert "NL91ABNA0417164300" in xml
    assert "RF18539007547034" in xml


def test_a_credit_note_is_one_in_both() -> None:
    ubl = write_ubl(CREDIT_NOTE)
    assert fromstring(ubl).tag.endswith("}CreditNote")
    assert texts(ubl, "CreditNoteTypeCode") == ["381"]
    assert "2026-0042" in texts(write_cii(CREDIT_NOTE), "IssuerAssignedID")


@pytest.mark.parametrize("write", WRITERS)
@pytest.mark.parametrize("category", [TaxCategory.REVERSE_CHARGE, TaxCategory.INTRA_COMMUNITY])
def test_reverse_charge_says_why(write: Callable[[EInvoice], bytes], category: TaxCategory) -> None:
    xml = write(reversed_charge(category)).decode()
    assert "Reverse charge" in xml
    assert "DE123456789" in xml


@pytest.mark.parametrize("write", WRITERS)
def test_what_is_outside_of_vat_has_no_rate_and_no_vat_number(write: Callable[[EInvoice], bytes]) -> None:
    """BR-O-2, BR-O-5."""
    xml = write(reversed_charge(TaxCategory.OUTSIDE))
    assert texts(xml, "Percent") + texts(xml, "RateApplicablePercent") == []
    assert b"DE123456789" not in xml


@pytest.mark.parametrize("write", WRITERS)
def test_a_discount_of_the_document_is_in_the_sums(write: Callable[[EInvoice], bytes]) -> None:
    discounted = replace(
        INVOICE,
        discounts=(EInvoiceDiscount("Winter", net=1_250, rate=210_000),),
        taxes=(EInvoiceTax(300_000, 63_000, 210_000), EInvoiceTax(88_000, 7_920, 90_000)),
    )
    xml = write(discounted)
    assert texts(xml, "AllowanceTotalAmount") == ["12.50"]
    assert "3880.00" in texts(xml, "TaxExclusiveAmount") + texts(xml, "TaxBasisTotalAmount")


@pytest.mark.parametrize(("currency", "amount"), [("JPY", "25000"), ("KWD", "25.000"), ("EUR", "250.00")])
def test_amounts_have_the_digits_of_their_currency(currency: str, amount: str) -> None:
    xml = write_ubl(replace(reversed_charge(), currency=currency))
    assert texts(xml, "PayableAmount") == [amount]


@pytest.mark.parametrize("write", WRITERS)
def test_a_line_that_gives_back_has_a_negative_quantity(write: Callable[[EInvoice], bytes]) -> None:
    """A price is never negative (BR-27)."""
    back = EInvoiceItem("Deposit invoice 2026-0001", quantity=1_000, net=-50_000, rate=210_000)
    items = (*INVOICE.items, back)
    taxes = (EInvoiceTax(251_250, 52_763, 210_000), EInvoiceTax(88_000, 7_920, 90_000))
    xml = write(replace(INVOICE, items=items, taxes=taxes)).decode()
    assert ">-1<" in xml
    assert ">-500.00<" in xml


@pytest.mark.parametrize("write", WRITERS)
def test_typed_text_can_not_become_markup(write: Callable[[EInvoice], bytes]) -> None:
    odd = replace(INVOICE.items[0], name="Tiles <b>&amp; more")
    assert "Tiles <b>&amp; more" in texts(write(replace(INVOICE, items=(odd, INVOICE.items[1]))), "Name")


@pytest.mark.parametrize("write", WRITERS)
def test_writing_changes_nothing(write: Callable[[EInvoice], bytes]) -> None:
    assert write(INVOICE) == write(INVOICE)
    assert INVOICE.issued_on == date(2026, 11, 26)
