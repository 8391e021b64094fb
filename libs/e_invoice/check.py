"""Check an invoice by the rules of EN 16931 that a schema can't express, with a sentence for people."""

from collections import defaultdict
from collections.abc import Iterator

from libs.e_invoice.invoice import EInvoice, EInvoiceKind, EInvoiceTax, TaxCategory
from libs.sentence import Sentence
from libs.sentence import Sentence as _

PPM = 1_000_000
# Categories whose rate is nought, and which need a reason (BR-E-10, BR-AE-10, BR-IC-10, BR-G-10, BR-O-10).
UNTAXED = frozenset(
    {
        TaxCategory.EXEMPT,
        TaxCategory.REVERSE_CHARGE,
        TaxCategory.INTRA_COMMUNITY,
        TaxCategory.EXPORT,
        TaxCategory.OUTSIDE,
    }
)
# Both parties must be known by their VAT numbers (BR-AE-2, BR-IC-2).
BOTH_KNOWN = frozenset({TaxCategory.REVERSE_CHARGE, TaxCategory.INTRA_COMMUNITY})


class EInvoiceRefused(Exception):
    """The invoice can't be written. `sentence` says why."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def check_invoice(invoice: EInvoice) -> None:
    """Raise EInvoiceRefused with the first problem."""
    for problem in _problems(invoice):
        raise EInvoiceRefused(problem)


def _problems(invoice: EInvoice) -> Iterator[Sentence]:
    yield from _missing_parts(invoice)
    yield from _party_problems(invoice)
    yield from _sum_problems(invoice)
    for tax in invoice.taxes:
        yield from _tax_problems(invoice, tax)


def _missing_parts(invoice: EInvoice) -> Iterator[Sentence]:
    if not invoice.number.strip():
        yield _("The invoice has no number.")
    if not invoice.items:
        yield _("The invoice has no lines.")
    if any(not item.name.strip() for item in invoice.items):
        yield _("A line of the invoice has no name.")
    if any(item.quantity == 0 for item in invoice.items):
        yield _("A line of the invoice has the quantity 0.")
    if invoice.kind == EInvoiceKind.CREDIT_NOTE and invoice.total < 0:
        yield _("The amounts of a credit note are positive.")


def _party_problems(invoice: EInvoice) -> Iterator[Sentence]:
    if not invoice.seller.name or not invoice.seller.country:
        yield _("The seller needs a name and a country.")
    if not invoice.buyer.name or not invoice.buyer.country:
        yield _("The customer needs a name and a country.")
    categories = {item.category for item in invoice.items}
    if TaxCategory.OUTSIDE in categories and len(categories) > 1:
        yield _("What is outside of VAT needs an invoice of its own.")
    if categories - {TaxCategory.OUTSIDE} and not invoice.seller.vat_number:
        yield _("The seller needs a VAT number.")
    if categories & BOTH_KNOWN and not invoice.buyer.vat_number:
        yield _("The customer needs a VAT number, because the tax is reversed to them.")


def _sum_problems(invoice: EInvoice) -> Iterator[Sentence]:
    bases: dict[tuple[TaxCategory, int], int] = defaultdict(int)
    for item in invoice.items:
        bases[item.category, item.rate] += item.net
    for discount in invoice.discounts:
        bases[discount.category, discount.rate] -= discount.net
    declared = {(tax.category, tax.rate): tax.base for tax in invoice.taxes}
    if len(declared) < len(invoice.taxes) or declared != dict(bases):
        yield _("The amounts that are taxed don’t match the lines of the invoice.")


def _tax_problems(invoice: EInvoice, tax: EInvoiceTax) -> Iterator[Sentence]:
    if tax.category in UNTAXED | {TaxCategory.ZERO}:
        if tax.rate or tax.amount:
            yield _("An amount that isn’t taxed has a tax.")
        if tax.category in UNTAXED and not tax.reason:
            yield _("The invoice must say why no tax is due.")
        return
    # BR-CO-17 accepts the rounding of many lines, up to one of the major unit.
    if abs(tax.amount * PPM - tax.base * tax.rate) >= PPM * 10**invoice.exponent:
        yield _("The tax doesn’t match its rate.")
