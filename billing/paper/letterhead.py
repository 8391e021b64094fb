"""Facts of who bills and who is billed, as an invoice keeps them."""

from collections.abc import Mapping

from billing.models import Invoice
from libs.bank_statements import make_rf_reference


def seller_lines(seller: Mapping[str, str]) -> list[str]:
    """Return the lines of the letterhead: legal name, address, and the numbers of the tax office and the register."""
    place = " ".join(filter(None, [seller.get("postcode", ""), seller.get("city", "")]))
    address = ", ".join(filter(None, [seller.get("street", ""), place]))
    numbers = " · ".join(filter(None, [seller.get("vat_number", ""), seller.get("register_number", "")]))
    return [line for line in (seller.get("name", ""), address, numbers) if line]


def buyer_text(buyer: Mapping[str, str]) -> str:
    """Return who is billed, on lines: company, name, street, place."""
    tail = [buyer.get("city", ""), " ".join(filter(None, [buyer.get("region", ""), buyer.get("postcode", "")]))]
    place = ", ".join(filter(None, tail))
    if buyer.get("country") != "US":
        place = " ".join(filter(None, [buyer.get("postcode", ""), buyer.get("city", "")]))
    lines = [buyer.get("company", ""), buyer.get("name", ""), buyer.get("street", ""), place]
    return "\n".join(filter(None, lines))


def payment_reference(invoice: Invoice) -> str:
    """Return the structured reference (ISO 11649) that a transfer names the invoice by; blank before it is issued."""
    if not invoice.number:
        return ""
    return make_rf_reference(invoice.number[-21:])
