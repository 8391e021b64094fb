"""Open Sans (Latin, Greek and Cyrillic), embedded so that text can be selected and archived (PDF/A).

What the font has no letter for is printed as a box.
"""

from functools import cache
from importlib import resources
from typing import Any

from reportlab.lib.styles import StyleSheet1, getSampleStyleSheet
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

REGULAR = "Paper"
BOLD = "Paper-Bold"
_FILES = {REGULAR: "OpenSans-Regular.ttf", BOLD: "OpenSans-Bold.ttf"}
_HEADINGS = {"Title", "Heading1", "Heading2", "Heading3"}
# Stands for a letter the font lacks.
BOX = "□"


@cache
def register_fonts() -> frozenset[int]:
    """Register the fonts once per process, and return their characters."""
    for name, file in _FILES.items():
        path = resources.files("ttf_opensans").joinpath("ttf", file)
        pdfmetrics.registerFont(TTFont(name, str(path)))
    pdfmetrics.registerFontFamily(REGULAR, normal=REGULAR, bold=BOLD, italic=REGULAR, boldItalic=BOLD)
    return frozenset(pdfmetrics.getFont(REGULAR).face.charToGlyph)


def styles() -> StyleSheet1:
    """Return the styles of a document. Each call returns new ones, which the caller may change."""
    register_fonts()
    sheet: Any = getSampleStyleSheet()
    for style in sheet.byName.values():
        if style.name in _HEADINGS:
            style.fontName = BOLD
        else:
            style.fontName = REGULAR
    return sheet


def printable(text: str) -> str:
    """Replace characters the font lacks with a box."""
    letters = register_fonts()
    return "".join(one if ord(one) in letters or one.isspace() else BOX for one in text)
