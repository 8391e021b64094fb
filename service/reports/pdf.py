"""Make a progress report as PDF: the brand, the job, how much is done, the text, what is reached, the photos."""

import io
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import Any

from django.utils.translation import gettext as _
from PIL import Image as Photo
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4, LETTER
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.lib.units import mm
from reportlab.platypus import Image, Paragraph, SimpleDocTemplate, Spacer, Table

# A photo's longer side in pixels, and on paper; and two stand beside each other.
PIXELS, WIDE = 1200, 82 * mm


@dataclass(frozen=True)
class Content:
    """What a report says: all in the customer's language."""

    brand: str
    title: str
    place: str
    day: str
    percent: int
    text: str
    reached: tuple[str, ...]
    photos: tuple[tuple[bytes, str], ...] = ()
    is_letter: bool = False


def make_pdf(content: Content) -> bytes:
    """Return the report as PDF. What people typed is escaped: a paragraph reads a markup of its own."""
    file, styles = io.BytesIO(), getSampleStyleSheet()
    parts: list[Any] = [
        Paragraph(escape(content.brand), styles["Normal"]),
        Paragraph(escape(content.title), styles["Title"]),
        Paragraph(escape(" · ".join(filter(None, [content.place, content.day]))), styles["Normal"]),
        Spacer(1, 6 * mm),
        Paragraph(escape(_("%(percent)s %% is done") % {"percent": content.percent}), styles["Heading2"]),
        _bar(content.percent),
        Spacer(1, 6 * mm),
        *(Paragraph(escape(line), styles["BodyText"]) for line in content.text.splitlines() if line.strip()),
    ]
    if content.reached:
        parts.append(Paragraph(escape(_("What is reached")), styles["Heading3"]))
        parts += [Paragraph(f"• {escape(words)}", styles["BodyText"]) for words in content.reached]
    parts += _photos(content.photos, styles["Normal"])
    made = SimpleDocTemplate(
        file,
        pagesize=LETTER if content.is_letter else A4,
        title=content.title,
        author=content.brand,
        leftMargin=20 * mm,
        rightMargin=20 * mm,
        topMargin=18 * mm,
        bottomMargin=18 * mm,
    )
    made.build(parts)
    return file.getvalue()


def _bar(percent: int) -> Any:
    width = 165 * mm
    done = max(0.01, min(100, percent)) / 100 * width
    bar = Table([["", ""]], colWidths=[done, max(0.1, width - done)], rowHeights=[4 * mm])
    bar.setStyle([("BACKGROUND", (0, 0), (0, 0), colors.HexColor("#1b5fc1"))])
    bar.setStyle([("BACKGROUND", (1, 0), (1, 0), colors.HexColor("#e3e7ee"))])
    return bar


def _photos(photos: Iterable[tuple[bytes, str]], style: Any) -> list[Any]:
    cells = [[_image(content), Paragraph(escape(caption), style)] for content, caption in photos]
    rows = [cells[at : at + 2] for at in range(0, len(cells), 2)]
    return (
        [Spacer(1, 6 * mm), *(Table([row], colWidths=[WIDE] * len(row), hAlign="LEFT") for row in rows)] if rows else []
    )


def _image(content: bytes) -> Any:
    """Return a photo no larger than it is printed: ten of a phone's camera would be a mail nobody can send."""
    with Photo.open(io.BytesIO(content)) as opened:
        photo = opened.convert("RGB")
    photo.thumbnail((PIXELS, PIXELS))
    small = io.BytesIO()
    photo.save(small, "JPEG", quality=80)
    small.seek(0)
    share = min(1.0, (WIDE - 4 * mm) / photo.width)
    return Image(small, photo.width * share, photo.height * share)
