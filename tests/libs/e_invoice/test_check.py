"""What the standard forbids is refused with a sentence."""

from dataclasses import replace

import pytest

from libs.e_invoice import EInvoice, EInvoiceRefused, EInvoiceTax, TaxCategory, check_invoice, write_ubl
from tests.libs.e_invoice.invoices import BUYER, CREDIT_NOTE, INVOICE, SELLER, reversed_charge

TILES, LABOR = INVOICE.items
HIGH, LOW = INVOICE.taxes


def test_a_right_invoice_passes() -> None:
    check_invoice(INVOICE)


def test_tax_rounded_line_by_line_passes() -> None:
    """Sixty lines may each be half a cent off."""
    check_invoice(replace(INVOICE, taxes=(replace(HIGH, amount=HIGH.amount + 30), LOW)))


@pytest.mark.parametrize(
    ("invoice", "sentence"),
    [
        (replace(INVOICE, number=" "), "The invoice has no number."),
        (replace(INVOICE, items=(), taxes=()), "The invoice has no lines."),
        (replace(INVOICE, items=(replace(TILES, name=""), LABOR)), "A line of the invoice has no name."),
        (replace(INVOICE, items=(replace(TILES, quantity=0), LABOR)), "A line of the invoice has the quantity 0."),
        (replace(INVOICE, seller=replace(SELLER, country="")), "The seller needs a name and a country."),
        (replace(INVOICE, buyer=replace(BUYER, name="")), "The customer needs a name and a country."),
        (replace(INVOICE, seller=replace(SELLER, vat_number="")), "The seller needs a VAT number."),
        (
            replace(reversed_charge(), buyer=BUYER),
            "The customer needs a VAT number, because the tax is reversed to them.",
        ),
        (
            replace(INVOICE, taxes=(replace(HIGH, base=1), LOW)),
            "The amounts that are taxed don’t match the lines of the invoice.",
        ),
        (
            replace(INVOICE, items=(TILES, replace(LABOR, category=TaxCategory.OUTSIDE))),
            "What is outside of VAT needs an invoice of its own.",
        ),
        (replace(INVOICE, taxes=(HIGH,)), "The amounts that are taxed don’t match the lines of the invoice."),
        (replace(INVOICE, taxes=(replace(HIGH, amount=1), LOW)), "The tax doesn’t match its rate."),
        (
            replace(reversed_charge(), taxes=(replace(reversed_charge().taxes[0], amount=1),)),
            "An amount that isn’t taxed has a tax.",
        ),
        (
            replace(reversed_charge(), taxes=(replace(reversed_charge().taxes[0], reason=""),)),
            "The invoice must say why no tax is due.",
        ),
        (
            replace(
                CREDIT_NOTE,
                items=(replace(CREDIT_NOTE.items[0], net=-25_000),),
                taxes=(EInvoiceTax(-25_000, -5_250, 210_000),),
            ),
            "The amounts of a credit note are positive.",
        ),
    ],
)
def test_a_wrong_invoice_is_refused(invoice: EInvoice, sentence: str) -> None:
    with pytest.raises(EInvoiceRefused) as refusal:
        write_ubl(invoice)
    assert refusal.value.sentence == sentence


def test_what_the_schema_refuses_is_told() -> None:
    with pytest.raises(EInvoiceRefused) as refusal:
        write_ubl(replace(INVOICE, items=(replace(TILES, name="\x01"), LABOR)))
    assert refusal.value.sentence.startswith("The electronic invoice doesn’t match its schema")
