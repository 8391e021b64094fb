"""Electronic invoices of EN 16931: UBL 2.1, CII, and Factur-X (CII in a PDF/A-3).

README.md has an example. Applications import from here alone.
"""

from libs.e_invoice.check import EInvoiceRefused, check_invoice
from libs.e_invoice.hybrid import embed, read_embedded
from libs.e_invoice.invoice import (
    EInvoice,
    EInvoiceDiscount,
    EInvoiceItem,
    EInvoiceKind,
    EInvoiceParty,
    EInvoiceTax,
    TaxCategory,
)
from libs.e_invoice.xml import write_cii, write_ubl

__all__ = [
    "EInvoice",
    "EInvoiceDiscount",
    "EInvoiceItem",
    "EInvoiceKind",
    "EInvoiceParty",
    "EInvoiceRefused",
    "EInvoiceTax",
    "TaxCategory",
    "check_invoice",
    "embed",
    "read_embedded",
    "write_cii",
    "write_ubl",
]
