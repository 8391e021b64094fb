"""PDFs of a business in its own look: letterhead, tables, sums, page numbers. reportlab does the layout.

README.md has an example. Applications import from here alone.
"""

from libs.printed_pdf.document import build_pdf
from libs.printed_pdf.fonts import BOX, printable, styles
from libs.printed_pdf.look import PageLook
from libs.printed_pdf.parts import (
    Flowables,
    facts_table,
    gap,
    heading,
    items_table,
    keep_together,
    new_page,
    paragraphs,
    qr_drawing,
    strokes_drawing,
    sums_table,
)

__all__ = [
    "BOX",
    "Flowables",
    "PageLook",
    "build_pdf",
    "facts_table",
    "gap",
    "heading",
    "items_table",
    "keep_together",
    "new_page",
    "paragraphs",
    "printable",
    "qr_drawing",
    "strokes_drawing",
    "styles",
    "sums_table",
]
