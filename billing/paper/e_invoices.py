"""Electronic invoices (EN 16931) of brands in the EU, from what an invoice kept when it was issued."""

from collections import defaultdict
from datetime import date, datetime

from django.utils.translation import gettext as _

from billing.models import Invoice, InvoiceKind, InvoiceLine
from billing.paper.letterhead import payment_reference
from crm.kernel.sentences import translate_sentence
from crm.platform.organization.configuration import directory
from libs.e_invoice import (
    EInvoice,
    EInvoiceItem,
    EInvoiceKind,
    EInvoiceParty,
    EInvoiceRefused,
    EInvoiceTax,
    TaxCategory,
    write_ubl,
)
from quotes.sums import TaxMode, tax_in
from quotes.taxes.models.tax_number import tax_number_of
from quotes.taxes.treatment import EU_COUNTRIES, INVOICE_CODES, TaxTreatment

KINDS = {InvoiceKind.DEPOSIT: EInvoiceKind.DEPOSIT, InvoiceKind.CREDIT: EInvoiceKind.CREDIT_NOTE}


def has_e_invoice(invoice: Invoice) -> bool:
    """True for what is issued by a brand in the EU."""
    return not invoice.is_draft and invoice.brand.country in EU_COUNTRIES


def e_invoice_refusal(invoice: Invoice) -> str:
    """Return why an invoice that should have an electronic form can't have it; blank if nothing is missing."""
    try:
        write_ubl(e_invoice_of(invoice))
    except EInvoiceRefused as refusal:
        return translate_sentence(refusal.sentence)
    return ""


def e_invoice_of(invoice: Invoice) -> EInvoice:
    """Return the business terms of an issued invoice or credit note."""
    assert invoice.issued_at is not None
    items = _items(invoice)
    credited = None
    if invoice.credited and invoice.credited.issued_at:
        credited = (invoice.credited.number, _local_day(invoice.credited.issued_at))
    paid = 0
    if not invoice.is_credit:
        paid = invoice.paid
    return EInvoice(
        number=invoice.number,
        issued_on=_local_day(invoice.issued_at),
        currency=invoice.currency,
        seller=_seller(invoice),
        buyer=_buyer(invoice),
        items=items,
        taxes=_taxes(invoice, items),
        kind=KINDS.get(InvoiceKind(invoice.kind), EInvoiceKind.INVOICE),
        paid=paid,
        due_on=invoice.due_on,
        credited=credited,
        note=invoice.note,
        iban=invoice.seller.get("iban", ""),
        bic=invoice.seller.get("bic", ""),
        payment_reference=payment_reference(invoice),
    )


def tax_reasons(invoice: Invoice) -> list[str]:
    """Return why lines bear no tax, as the law wants it on the invoice: "VAT reverse-charged"."""
    lines = invoice.lines.filter(tax_rate=0).order_by("position")
    return list(dict.fromkeys(filter(None, (_reason(_category(line)) for line in lines))))


def buyer_vat_number(invoice: Invoice) -> str:
    """Return the VAT number of who is billed, or of their company; blank if none is on file."""
    number = tax_number_of(invoice.person)
    if number is None:
        return ""
    return str(number.number)


def _local_day(instant: datetime) -> date:
    return instant.astimezone(directory().zone).date()


def _seller(invoice: Invoice) -> EInvoiceParty:
    seller = invoice.seller
    return EInvoiceParty(
        name=seller.get("name", ""),
        country=seller.get("country", ""),
        city=seller.get("city", ""),
        postcode=seller.get("postcode", ""),
        street=seller.get("street", ""),
        vat_number=seller.get("vat_number", ""),
        registration=seller.get("register_number", ""),
        trading_name=invoice.brand.name,
        phone=invoice.brand.phone,
        email=invoice.brand.email,
        electronic_address=invoice.brand.email,
    )


def _buyer(invoice: Invoice) -> EInvoiceParty:
    buyer = invoice.buyer
    return EInvoiceParty(
        name=buyer.get("company") or buyer.get("name", ""),
        country=buyer.get("country") or invoice.brand.country,
        city=buyer.get("city", ""),
        postcode=buyer.get("postcode", ""),
        street=buyer.get("street", ""),
        region=buyer.get("region", ""),
        vat_number=buyer_vat_number(invoice),
    )


def _items(invoice: Invoice) -> tuple[EInvoiceItem, ...]:
    """Return the lines without tax. Where prices include it, the largest line of a rate takes what rounding leaves."""
    lines = list(invoice.lines.order_by("position"))
    nets = {line.pk: line.amount for line in lines}
    if invoice.tax_mode == TaxMode.INCLUDED:
        for tax in invoice.taxes:
            of_rate = [line for line in lines if line.tax_rate == tax["rate"]]
            for line in of_rate:
                nets[line.pk] = line.amount - tax_in(line.amount, line.tax_rate, invoice.tax_mode)
            if of_rate:
                largest = max(of_rate, key=lambda one: abs(one.amount))
                nets[largest.pk] += tax["net"] - sum(nets[line.pk] for line in of_rate)
    return tuple(
        EInvoiceItem(
            name=line.name,
            quantity=line.quantity,
            net=nets[line.pk],
            rate=line.tax_rate,
            category=_category(line),
            description=line.description,
        )
        for line in lines
    )


def _category(line: InvoiceLine) -> TaxCategory:
    if line.tax_rate:
        return TaxCategory.STANDARD
    treatment = line.tax_code or TaxTreatment.ZERO
    if treatment in INVOICE_CODES and treatment != TaxTreatment.STANDARD:
        return TaxCategory(INVOICE_CODES[TaxTreatment(treatment)])
    return TaxCategory.ZERO


def _taxes(invoice: Invoice, items: tuple[EInvoiceItem, ...]) -> tuple[EInvoiceTax, ...]:
    bases: dict[tuple[TaxCategory, int], int] = defaultdict(int)
    for item in items:
        bases[item.category, item.rate] += item.net
    amounts = {tax["rate"]: tax["tax"] for tax in invoice.taxes}
    return tuple(
        EInvoiceTax(base=base, amount=amounts.get(rate, 0), rate=rate, category=category, reason=_reason(category))
        for (category, rate), base in bases.items()
    )


def _reason(category: TaxCategory) -> str:
    reasons = {
        TaxCategory.REVERSE_CHARGE: _("VAT reverse-charged"),
        TaxCategory.EXEMPT: _("Exempt from VAT"),
        TaxCategory.EXPORT: _("Export outside the EU"),
    }
    return reasons.get(category, "")
