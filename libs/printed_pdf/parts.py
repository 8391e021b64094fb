"""Parts of a document: headings, paragraphs, facts, items, sums and QR codes. What people typed is escaped."""

from collections.abc import Sequence
from functools import cache
from html import escape
from typing import Any

from reportlab.graphics.shapes import Drawing, PolyLine, Rect
from reportlab.lib import colors
from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, KeepTogether, PageBreak, Paragraph, Spacer, Table

from libs.printed_pdf.fonts import BOLD, REGULAR, printable, register_fonts

Flowables = Sequence[Flowable]

GRAY = "#5b6470"
LINE = "#d9dee6"
WIDTH = 170 * mm


@cache
def _style(name: str) -> ParagraphStyle:
    register_fonts()
    base = ParagraphStyle("body", fontName=REGULAR, fontSize=9.5, leading=13, textColor=HexColor("#1d1f23"))
    return {
        "body": base,
        "small": ParagraphStyle("small", base, fontSize=8, leading=11, textColor=HexColor(GRAY)),
        "strong": ParagraphStyle("strong", base, fontName=BOLD),
        "right": ParagraphStyle("right", base, alignment=TA_RIGHT),
        "strong-right": ParagraphStyle("strong-right", base, fontName=BOLD, alignment=TA_RIGHT),
        "title": ParagraphStyle("title", base, fontName=BOLD, fontSize=17, leading=22, spaceAfter=2 * mm),
        "section": ParagraphStyle(
            "section", base, fontName=BOLD, fontSize=11.5, leading=15, spaceBefore=5 * mm, spaceAfter=1.5 * mm
        ),
    }[name]


def _paragraph(text: str, style: str) -> Paragraph:
    return Paragraph(escape(printable(text)), _style(style))


def heading(text: str, level: str = "section") -> Flowable:
    """Return a heading: "title" or "section"."""
    return _paragraph(text, level)


def paragraphs(text: str, style: str = "body") -> list[Flowable]:
    """Return a paragraph for each line of a text: "body", "small" or "strong"."""
    return [_paragraph(line, style) for line in text.splitlines() if line.strip()]


def gap(millimeters: float) -> Flowable:
    """Return empty space."""
    return Spacer(1, millimeters * mm)


def new_page() -> Flowable:
    """Return a break after which a new page begins."""
    return PageBreak()


def keep_together(parts: Flowables) -> Flowable:
    """Return parts that stand on one page, if they fit on one."""
    return KeepTogether(list(parts))


def facts_table(facts: Sequence[tuple[str, str]]) -> Flowable:
    """Return names and values, side by side."""
    rows = [[_paragraph(name, "small"), paragraphs(value) or ""] for name, value in facts]
    # A SHA-256 in hexadecimal fits on one line of the second column.
    table = Table(rows, colWidths=[40 * mm, WIDTH - 40 * mm], hAlign="LEFT")
    table.setStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), *_TIGHT])
    return table


def items_table(header: Sequence[str], rows: Sequence[tuple[str, str, Sequence[str]]]) -> Flowable:
    """Return a table of items: each with a name, details in small letters, and columns that align right."""
    columns = len(header) - 1
    widths = [WIDTH - columns * 28 * mm, *[28 * mm] * columns]
    cells: list[list[Any]] = [[_paragraph(header[0], "small"), *(_right(text, "small") for text in header[1:])]]
    for name, details, values in rows:
        first = [_paragraph(name, "strong"), *paragraphs(details, "small")]
        cells.append([first, *(_right(value, "right") for value in values)])
    table = Table(cells, colWidths=widths, hAlign="LEFT", repeatRows=1)
    table.setStyle(
        [
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LINEBELOW", (0, 0), (-1, -1), 0.5, HexColor(LINE)),
            ("LEFTPADDING", (0, 0), (0, -1), 0),
            ("RIGHTPADDING", (-1, 0), (-1, -1), 0),
        ]
    )
    return table


def _right(text: str, style: str) -> Paragraph:
    if style == "small":
        return Paragraph(escape(printable(text)), ParagraphStyle("small-right", _style("small"), alignment=TA_RIGHT))
    return _paragraph(text, style)


def sums_table(sums: Sequence[tuple[str, str, bool]], accent: str) -> Flowable:
    """Return names and amounts on the right side; a line in the color above those that are strong."""
    cells = []
    rules: list[Any] = []
    for at, (name, amount, is_strong) in enumerate(sums):
        if is_strong:
            cells.append([_paragraph(name, "strong"), _paragraph(amount, "strong-right")])
            rules.append(("LINEABOVE", (0, at), (-1, at), 1, HexColor(accent)))
        else:
            cells.append([_paragraph(name, "body"), _paragraph(amount, "right")])
    table = Table(cells, colWidths=[52 * mm, 33 * mm], hAlign="RIGHT")
    table.setStyle([*_TIGHT, *rules, ("RIGHTPADDING", (-1, 0), (-1, -1), 0)])
    return table


_TIGHT = [
    ("TOPPADDING", (0, 0), (-1, -1), 1.5),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 1.5),
    ("LEFTPADDING", (0, 0), (0, -1), 0),
]


def qr_drawing(matrix: Sequence[Sequence[bool]], millimeters: float) -> Flowable:
    """Return a QR code, drawn as squares. `matrix` has its quiet zone."""
    size = millimeters * mm
    module = size / len(matrix)
    drawing = Drawing(size, size)
    for row, modules in enumerate(matrix):
        for column, is_dark in enumerate(modules):
            if is_dark:
                square = Rect(column * module, size - (row + 1) * module, module, module)
                square.fillColor = colors.black
                square.strokeColor = None
                drawing.add(square)
    return drawing


def strokes_drawing(strokes: Sequence[Sequence[int]], box: tuple[int, int], millimeters: float) -> Flowable:
    """Return a signature that was drawn in a box, so many millimeters wide.

    `strokes`: x and y of each point in turn, from the upper left corner of the box.
    """
    width, height = box
    scale = millimeters * mm / width
    drawing = Drawing(width * scale, height * scale)
    for stroke in strokes:
        points = [(height - number if place % 2 else number) * scale for place, number in enumerate(stroke)]
        drawing.add(PolyLine(points, strokeColor=HexColor("#1d1f23"), strokeWidth=1.2))
    return drawing
