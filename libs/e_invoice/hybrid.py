"""Factur-X: a PDF/A-3 that contains its invoice as XML."""

import io
from functools import cache

import facturx
from PIL import ImageCms
from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject, StreamObject, TextStringObject

from libs.e_invoice.invoice import EInvoice
from libs.e_invoice.xml import LEVEL, write_cii


def embed(pdf: bytes, invoice: EInvoice, *, language: str = "en", title: str = "", author: str = "") -> bytes:
    """Return the PDF as PDF/A-3 with the invoice in it (factur-x.xml). Raises EInvoiceRefused.

    The fonts of `pdf` must be embedded, and nothing in it transparent or encrypted.
    """
    xml = write_cii(invoice)
    metadata = {"author": author or invoice.seller.name, "title": title or invoice.number, "subject": invoice.number}
    embedded: bytes = facturx.generate_from_binary(
        _with_color_profile(pdf),
        xml,
        flavor="factur-x",
        level=LEVEL,
        check_xsd=False,
        pdf_metadata=metadata | {"keywords": "Factur-X"},
        lang=language,
        afrelationship="alternative",
        # A seal may follow.
        xmp_compression=False,
    )
    return embedded


def read_embedded(pdf: bytes) -> bytes | None:
    """Return the invoice that a PDF contains; None if there is none."""
    try:
        names = PdfReader(io.BytesIO(pdf)).attachments
    except (PyPdfError, ValueError):
        return None
    contents = names.get(facturx.facturx.FACTURX_FILENAME)
    if not contents:
        return None
    return bytes(contents[0])


def _with_color_profile(pdf: bytes) -> bytes:
    """Add the output intent that PDF/A demands where colors are of the device: sRGB."""
    writer = PdfWriter(clone_from=io.BytesIO(pdf))
    profile = StreamObject()
    profile.set_data(_srgb_profile())
    profile[NameObject("/N")] = NumberObject(3)
    intent = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/OutputIntent"),
            NameObject("/S"): NameObject("/GTS_PDFA1"),
            NameObject("/OutputConditionIdentifier"): TextStringObject("sRGB"),
            NameObject("/Info"): TextStringObject("sRGB"),
            NameObject("/DestOutputProfile"): writer._add_object(profile.flate_encode()),
        }
    )
    writer.root_object[NameObject("/OutputIntents")] = ArrayObject([writer._add_object(intent)])
    writer.generate_file_identifiers()
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


@cache
def _srgb_profile() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
