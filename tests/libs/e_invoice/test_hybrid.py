"""Factur-X: the invoice is in the PDF, and the PDF says that it is a PDF/A-3."""

import io
from functools import cache

from pypdf import PdfReader
from reportlab.pdfgen.canvas import Canvas

from libs.e_invoice import embed, read_embedded, write_cii
from libs.sealed_pdf import SealFacts, seal, verify
from tests.libs.e_invoice.invoices import INVOICE
from tests.libs.sealed_pdf.files import NOON, our_identity


@cache
def plain_pdf() -> bytes:
    file = io.BytesIO()
    canvas = Canvas(file)
    canvas.drawString(72, 720, "Invoice 2026-0042")
    canvas.save()
    return file.getvalue()


@cache
def hybrid_pdf() -> bytes:
    return embed(plain_pdf(), INVOICE, language="nl")


def test_the_invoice_is_in_the_pdf() -> None:
    assert read_embedded(hybrid_pdf()) == write_cii(INVOICE)


def test_the_pdf_says_what_it_is() -> None:
    root = PdfReader(io.BytesIO(hybrid_pdf())).trailer["/Root"]
    xmp = root["/Metadata"].get_data().decode()
    assert "<pdfaid:part>3</pdfaid:part>" in xmp
    assert "EN 16931" in xmp
    assert root["/OutputIntents"][0]["/S"] == "/GTS_PDFA1"
    assert root["/Lang"] == "nl"
    assert root["/AF"][0]["/AFRelationship"] == "/Alternative"


def test_the_page_is_as_it_was() -> None:
    assert "Invoice 2026-0042" in PdfReader(io.BytesIO(hybrid_pdf())).pages[0].extract_text()


def test_a_pdf_without_an_invoice_has_none() -> None:
    assert read_embedded(plain_pdf()) is None
    assert read_embedded(b"hello") is None


def test_it_can_be_sealed() -> None:
    sealed = seal(hybrid_pdf(), our_identity(), SealFacts(NOON))
    assert verify(sealed, [our_identity().certificate]).is_whole
    assert read_embedded(sealed) == write_cii(INVOICE)
