"""The business terms (BT) and groups (BG) of EN 16931 that factur-x writes XML from."""

from decimal import Decimal
from typing import Any

from libs.e_invoice.invoice import (
    EInvoice,
    EInvoiceDiscount,
    EInvoiceItem,
    EInvoiceParty,
    EInvoiceTax,
    TaxCategory,
    as_decimal,
    as_percent,
)

# A credit transfer (UNTDID 4461), within SEPA.
SEPA_TRANSFER = "58"
OTHER_MEANS = "1"
# The most digits that factur-x writes of a price.
PRICE_DIGITS = 4

Terms = dict[str, Any]


def build_terms(invoice: EInvoice) -> Terms:
    """Return the terms of an invoice. Empty ones are left out: factur-x would write an element for some."""
    exponent = invoice.exponent
    # VAT numbers are forbidden on what is outside of VAT (BR-O-2).
    has_vat = all(item.category != TaxCategory.OUTSIDE for item in invoice.items)
    terms = {
        "BT-1": invoice.number,
        "BT-2": invoice.issued_on,
        "BT-3": invoice.kind.value,
        "BT-5": invoice.currency,
        "BT-9": invoice.due_on,
        "BT-10": invoice.buyer_reference,
        "BT-13": invoice.order_reference,
        "BT-20": invoice.terms,
        "BT-72": invoice.delivered_on,
        "BT-106": _amount(sum(item.net for item in invoice.items), exponent),
        "BT-109": _amount(invoice.net, exponent),
        "BT-110": _amount(invoice.tax, exponent),
        "BT-112": _amount(invoice.total, exponent),
        "BT-115": _amount(invoice.due, exponent),
        "BG-4": _party_terms(invoice.seller, is_seller=True, has_vat=has_vat),
        "BG-7": _party_terms(invoice.buyer, is_seller=False, has_vat=has_vat),
        # Within the EU it must say where the goods went (BR-IC-12). Without it factur-x 7.8 writes an element of CII
        # as nil, which the schema refuses.
        "BG-13": {"name": invoice.buyer.name, **_address_terms(invoice.buyer)},
        "BG-20": [_discount_terms(discount, exponent) for discount in invoice.discounts],
        "BG-23": [_tax_terms(tax, exponent) for tax in invoice.taxes],
        "BG-25": [_item_terms(number, item, exponent) for number, item in enumerate(invoice.items, 1)],
    }
    if invoice.discounts:
        terms["BT-107"] = _amount(sum(discount.net for discount in invoice.discounts), exponent)
    if invoice.paid:
        terms["BT-113"] = _amount(invoice.paid, exponent)
    if invoice.note:
        terms["BG-1"] = [{"BT-22": invoice.note}]
    if invoice.credited:
        number, day = invoice.credited
        terms["BG-3"] = [{"BT-25": number, "BT-26": day}]
    terms.update(_payment_terms(invoice))
    return _without_blanks(terms)


def _payment_terms(invoice: EInvoice) -> Terms:
    if not invoice.iban:
        return {"BT-81": OTHER_MEANS, "BT-83": invoice.payment_reference}
    return {
        "BT-81": SEPA_TRANSFER,
        "BT-83": invoice.payment_reference,
        "BT-84": invoice.iban.replace(" ", ""),
        "BT-85": invoice.seller.name,
        "BT-86": invoice.bic,
    }


def _party_terms(party: EInvoiceParty, *, is_seller: bool, has_vat: bool) -> Terms:
    terms = {
        "name": party.name,
        "legal_identifier": party.registration,
        "einvoicing_addr": party.electronic_address,
        **_address_terms(party),
    }
    if is_seller and party.trading_name != party.name:
        terms["biz_name"] = party.trading_name
    if party.electronic_address:
        terms["einvoicing_addr_schemeid"] = party.address_scheme
    if has_vat:
        terms["vat_identifier"] = party.vat_number.replace(" ", "")
    if party.contact or party.phone or party.email:
        contact = {"name": party.contact or party.name, "phone": party.phone, "email": party.email}
        terms["contacts"] = [_without_blanks(contact)]
    return _without_blanks(terms)


def _address_terms(party: EInvoiceParty) -> Terms:
    return _without_blanks(
        {
            "country_code": party.country,
            "city": party.city,
            "postcode": party.postcode,
            "addr_l1": party.street,
            "country_subdivision": party.region,
        }
    )


def _item_terms(number: int, item: EInvoiceItem, exponent: int) -> Terms:
    quantity = Decimal(item.quantity).scaleb(-3).normalize()
    # A price is never negative (BR-27): a line that gives back has a negative quantity.
    net = as_decimal(item.net, exponent)
    price = (net / quantity).quantize(Decimal(1).scaleb(-PRICE_DIGITS))
    if price < 0:
        price = -price
        quantity = -quantity
    terms = {
        "BT-126": str(number),
        "BT-129": f"{quantity:f}",
        "BT-130": item.unit,
        "BT-131": f"{net:f}",
        "BT-146": f"{price:f}",
        "BT-151": item.category.value,
        "BT-153": item.name,
        "BT-154": item.description,
        "BT-155": item.code,
    }
    return _without_blanks(terms | _rate_terms("BT-152", item.category, item.rate))


def _discount_terms(discount: EInvoiceDiscount, exponent: int) -> Terms:
    terms = {
        "amount": _amount(discount.net, exponent),
        "reason": discount.reason,
        "vat_category_code": discount.category.value,
    }
    return terms | _rate_terms("vat_rate", discount.category, discount.rate)


def _tax_terms(tax: EInvoiceTax, exponent: int) -> Terms:
    terms = {
        "BT-116": _amount(tax.base, exponent),
        "BT-117": _amount(tax.amount, exponent),
        "BT-118": tax.category.value,
        "BT-120": tax.reason,
        "BT-121": EXEMPTION_CODES.get(tax.category, ""),
    }
    return _without_blanks(terms | _rate_terms("BT-119", tax.category, tax.rate))


# VATEX codes of the reasons that have one for all cases.
EXEMPTION_CODES = {
    TaxCategory.REVERSE_CHARGE: "VATEX-EU-AE",
    TaxCategory.INTRA_COMMUNITY: "VATEX-EU-IC",
    TaxCategory.EXPORT: "VATEX-EU-G",
    TaxCategory.OUTSIDE: "VATEX-EU-O",
}


def _rate_terms(name: str, category: TaxCategory, rate: int) -> Terms:
    """Return the rate; what is outside of VAT has none (BR-O-5)."""
    if category == TaxCategory.OUTSIDE:
        return {}
    return {name: f"{as_percent(rate):f}"}


def _amount(minor: int, exponent: int) -> str:
    return f"{as_decimal(minor, exponent):f}"


def _without_blanks(terms: Terms) -> Terms:
    return {name: value for name, value in terms.items() if value not in ("", None, [], {})}
