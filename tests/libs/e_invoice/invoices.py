"""Invoices of the tests: a roofer in the Netherlands and his customers."""

from dataclasses import replace
from datetime import date

from libs.e_invoice import EInvoice, EInvoiceItem, EInvoiceKind, EInvoiceParty, EInvoiceTax, TaxCategory

SELLER = EInvoiceParty(
    name="Dakwerk BV",
    country="NL",
    city="Utrecht",
    postcode="3511 AB",
    street="Oudegracht 1",
    vat_number="NL123456782B12",
    registration="12345678",
    email="info@dakwerk.example",
    phone="+31 30 123 45 67",
    electronic_address="info@dakwerk.example",
)
BUYER = EInvoiceParty("Mia de Vries", "NL", city="Utrecht", postcode="3511 CD", street="Oudegracht 9")
COMPANY = EInvoiceParty(
    "Bauhaus GmbH", "DE", city="Köln", postcode="50667", street="Domkloster 4", vat_number="DE123456789"
)

INVOICE = EInvoice(
    number="2026-0042",
    issued_on=date(2026, 11, 26),
    currency="EUR",
    seller=SELLER,
    buyer=BUYER,
    items=(
        EInvoiceItem("Roof tiles", quantity=120_500, net=301_250, rate=210_000, unit="MTK"),
        EInvoiceItem("Labor at home", quantity=16_000, net=88_000, rate=90_000, unit="HUR", description="Two days"),
    ),
    taxes=(
        EInvoiceTax(base=301_250, amount=63_263, rate=210_000),
        EInvoiceTax(base=88_000, amount=7_920, rate=90_000),
    ),
    paid=100_000,
    due_on=date(2026, 12, 10),
    terms="14 days",
    iban="NL91 ABNA 0417 1643 00",
    payment_reference="RF18539007547034",
)

CREDIT_NOTE = replace(
    INVOICE,
    number="2026-0043",
    kind=EInvoiceKind.CREDIT_NOTE,
    items=(EInvoiceItem("Roof tiles", quantity=10_000, net=25_000, rate=210_000),),
    taxes=(EInvoiceTax(base=25_000, amount=5_250, rate=210_000),),
    paid=0,
    due_on=None,
    credited=("2026-0042", date(2026, 11, 26)),
)


def reversed_charge(category: TaxCategory = TaxCategory.REVERSE_CHARGE) -> EInvoice:
    return replace(
        INVOICE,
        buyer=COMPANY,
        items=(EInvoiceItem("Roof tiles", quantity=1_000, net=25_000, rate=0, category=category),),
        taxes=(EInvoiceTax(base=25_000, amount=0, rate=0, category=category, reason="Reverse charge"),),
        paid=0,
        delivered_on=date(2026, 11, 20),
    )
