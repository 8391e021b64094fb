"""Pages of a business: what is in them, what is embedded, and that typed text stays text."""

import io
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfReader

from libs.printed_pdf import (
    BOX,
    PageLook,
    build_pdf,
    facts_table,
    gap,
    heading,
    items_table,
    keep_together,
    new_page,
    paragraphs,
    printable,
    qr_drawing,
    strokes_drawing,
    sums_table,
)

LOOK = PageLook("Suncoast Roofing", "#b4541a", ("Tampa, FL",), page_label="Page %(page)s of %(pages)s")


def page_texts(parts: list[Any], look: PageLook = LOOK) -> list[str]:
    pdf = build_pdf(parts, look, title="Quote Q-1", language="nl")
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


def test_all_parts_are_on_the_page() -> None:
    parts = [
        heading("Quote Q-1", "title"),
        facts_table([("For", "Mia Lopez")]),
        items_table(["What", "Amount"], [("Shingles", "30 years", ["$4,200"])]),
        sums_table([("Tax", "$294", False), ("Total", "$4,494", True)], "#b4541a"),
        *paragraphs("One\n\nTwo", "small"),
        qr_drawing([[True, False], [False, True]], 20),
    ]
    (text,) = page_texts(parts)
    for words in ("Suncoast Roofing", "Tampa, FL", "Mia Lopez", "Shingles", "30 years", "$4,494", "Two", "Page 1 of 1"):
        assert words in text


def test_each_page_has_its_number() -> None:
    texts = page_texts([*paragraphs("One"), new_page(), *paragraphs("Two"), gap(5)])
    assert ["Page 1 of 2" in texts[0], "Page 2 of 2" in texts[1]] == [True, True]
    assert "Tampa" not in texts[1], "the letterhead is on the first page"


def test_a_long_table_goes_on_with_its_header() -> None:
    rows = [(f"Line {number}", "", ["$1"]) for number in range(90)]
    texts = page_texts([items_table(["What", "Amount"], rows)])
    assert len(texts) > 1
    assert all("Amount" in text for text in texts)


def test_only_embedded_fonts_are_named() -> None:
    """PDF/A: reportlab would begin each page with Helvetica."""
    pdf = build_pdf(paragraphs("One"), LOOK, title="Quote")
    for page in PdfReader(io.BytesIO(pdf)).pages:
        for font in page["/Resources"]["/Font"].values():
            assert "FontFile2" in str(font.get_object().get("/FontDescriptor", {}))
    assert b"Helvetica" not in pdf


def test_typed_text_stays_text() -> None:
    (text,) = page_texts(paragraphs('<b>bold</b> & <img src="file:///etc/passwd"/>'))
    assert '<b>bold</b> & <img src="file:///etc/passwd"/>' in text


def test_a_letter_the_font_lacks_is_a_box() -> None:
    assert printable("Łódź 漢") == f"Łódź {BOX}"


def test_the_document_says_its_language_and_title() -> None:
    reader = PdfReader(io.BytesIO(build_pdf(paragraphs("x"), LOOK, title="Quote Q-1", language="nl")))
    assert reader.trailer["/Root"]["/Lang"] == "nl"
    assert (reader.metadata or {}).get("/Title") == "Quote Q-1"


@pytest.mark.parametrize("mode", ["RGBA", "RGB", "P"])
def test_a_logo_takes_the_place_of_the_name(mode: str) -> None:
    file = io.BytesIO()
    Image.new(mode, (300, 100)).save(file, "PNG")
    look = PageLook("Suncoast", logo=file.getvalue(), is_letter=True)
    pdf = PdfReader(io.BytesIO(build_pdf(paragraphs("x"), look, title="Quote")))
    assert len(pdf.pages[0].images) == 1
    assert float(pdf.pages[0].mediabox.height) == 792


def test_parts_that_are_kept_together_begin_a_new_page() -> None:
    kept = keep_together([heading("Best"), gap(60), *paragraphs("Sum")])
    first, second = page_texts([heading("Quote"), gap(190), kept])
    assert "Best" not in first
    assert "Best" in second
    assert "Sum" in second


def test_a_signature_is_drawn_from_its_upper_left_corner() -> None:
    drawing = strokes_drawing([[0, 0, 1000, 400]], (1000, 400), 100)
    assert drawing.contents[0].points == pytest.approx([0, drawing.height, drawing.width, 0])
