"""PDF files of the tests, and the identities that seal them."""

import io
from datetime import UTC, datetime
from functools import cache

from pyhanko.pdf_utils.generic import pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from reportlab.pdfgen.canvas import Canvas

from libs.sealed_pdf import SealFacts, SealIdentity, make_identity, seal

NOON = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)


@cache
def our_identity() -> SealIdentity:
    return make_identity("Suncoast Roofing", NOON)


@cache
def their_identity() -> SealIdentity:
    return make_identity("Somebody Else", NOON)


@cache
def plain_pdf() -> bytes:
    file = io.BytesIO()
    canvas = Canvas(file, invariant=True)
    canvas.drawString(72, 720, "Quote Q-2318: 4,200.00")
    canvas.save()
    return file.getvalue()


@cache
def sealed_pdf(identity: SealIdentity | None = None) -> bytes:
    return seal(plain_pdf(), identity or our_identity(), SealFacts(NOON, signer="Suncoast Roofing"))


def with_later_revision(pdf: bytes) -> bytes:
    """Append a revision, as an editor of PDF files does."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    writer.root["/Lang"] = pdf_string("nl")
    writer.update_root()
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()
