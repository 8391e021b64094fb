"""Font of reports: Open Sans (Latin, Greek and Cyrillic), embedded so that text can be selected.

What the font has no letter for is printed as a box, and the report says so: a name is never left out unsaid.
"""

from functools import cache
from importlib import resources
from typing import Any

from django.utils.translation import gettext as _
from reportlab.lib.styles import StyleSheet1, getSampleStyleSheet
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

REGULAR = "Report"
BOLD = "Report-Bold"
_FILES = {REGULAR: "OpenSans-Regular.ttf", BOLD: "OpenSans-Bold.ttf"}
_HEADINGS = {"Title", "Heading2", "Heading3"}
# Stands for a letter the font lacks.
BOX = "□"


@cache
def _font_letters() -> frozenset[int]:
    """Register the font once per process, and return its characters."""
    for name, file in _FILES.items():
        path = resources.files("ttf_opensans").joinpath("ttf", file)
        pdfmetrics.registerFont(TTFont(name, str(path)))
    pdfmetrics.registerFontFamily(REGULAR, normal=REGULAR, bold=BOLD, italic=REGULAR, boldItalic=BOLD)
    return frozenset(pdfmetrics.getFont(REGULAR).face.charToGlyph)


def styles() -> StyleSheet1:
    """Return the styles of a report."""
    _font_letters()
    sheet: Any = getSampleStyleSheet()
    for style in sheet.byName.values():
        if style.name in _HEADINGS:
            style.fontName = BOLD
        else:
            style.fontName = REGULAR
    return sheet


def printable(text: str) -> str:
    """Replace characters the font lacks with a box."""
    letters = _font_letters()
    return "".join(one if ord(one) in letters or one.isspace() else BOX for one in text)


def unprintable_letters(texts: list[str]) -> str:
    """Return a warning about characters that can't be printed; blank if there are none."""
    if any(printable(text) != text for text in texts):
        return _("Some characters can’t be printed here; they appear as boxes.")
    return ""
