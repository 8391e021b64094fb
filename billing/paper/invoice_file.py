"""The file of an invoice: its PDF, with the electronic invoice in it where the brand is in the EU."""

import logging
from dataclasses import dataclass

from django.utils.translation import override

from billing.models import Invoice
from billing.paper.e_invoices import e_invoice_of, has_e_invoice
from billing.paper.invoice_content import invoice_paper
from billing.paper.pdf import render_invoice
from libs.e_invoice import EInvoiceRefused, embed

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class InvoiceFile:
    """A PDF with its name. `refusal`: why it has no electronic invoice, in English, where it should have one."""

    content: bytes
    name: str
    refusal: str = ""


def invoice_file(invoice: Invoice) -> InvoiceFile:
    """Return the PDF of an invoice. Without a VAT number, say, it is a PDF without an electronic invoice."""
    paper = invoice_paper(invoice)
    with override(paper.language):
        content = render_invoice(paper)
        name = f"{paper.title}.pdf"
        if not has_e_invoice(invoice):
            return InvoiceFile(content, name)
        try:
            terms = e_invoice_of(invoice)
            hybrid = embed(content, terms, language=paper.language, title=paper.title, author=paper.look.brand)
        except EInvoiceRefused as refusal:
            logger.warning("an invoice has no electronic form", extra={"invoice": invoice.pk, "why": refusal.sentence})
            return InvoiceFile(content, name, refusal.sentence)
    return InvoiceFile(hybrid, name)
