"""Render a progress report as PDF: brand, job, percentage, text, milestones, photos."""

import io
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import Any

from django.utils.translation import gettext as _
from PIL import Image as Photo
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4, LETTER
from reportlab.lib.units import mm
from reportlab.platypus import Image, Paragraph, SimpleDocTemplate, Spacer, Table

from libs.printed_pdf import printable, styles
from service.reports.unprintable import unprintable_letters

# A photo's longer side in pixels, and on paper; and two stand beside each other.
PIXELS = 1200
WIDE = 82 * mm


@dataclass(frozen=True)
class Content:
    """The content of a report in the customer's language."""

    brand: str
    title: str
    place: str
    day: str
    percent: int
    text: str
    reached: tuple[str, ...]
    photos: tuple[tuple[bytes, str], ...] = ()
    is_letter: bool = False

    @property
    def typed(self) -> tuple[str, ...]:
        """All text typed by people."""
        captions = tuple(caption for _photo, caption in self.photos)
        return (self.brand, self.title, self.place, self.text, *self.reached, *captions)


def make_pdf(content: Content) -> bytes:
    """Render the report as PDF. Typed text is escaped, because paragraphs parse markup."""
    file = io.BytesIO()
    style = styles()
    parts: list[Any] = [
        _text_paragraph(content.brand, style["Normal"]),
        _text_paragraph(content.title, style["Title"]),
        _text_paragraph(" · ".join(filter(None, [content.place, content.day])), style["Normal"]),
        Spacer(1, 6 * mm),
        _text_paragraph(_("%(percent)s%% is done") % {"percent": content.percent}, style["Heading2"]),
        _progress_bar(content.percent),
        Spacer(1, 6 * mm),
        *(_text_paragraph(line, style["BodyText"]) for line in content.text.splitlines() if line.strip()),
    ]
    if content.reached:
        parts.append(_text_paragraph(_("What is reached"), style["Heading3"]))
        parts += [_text_paragraph(f"• {words}", style["BodyText"]) for words in content.reached]
    parts += _photo_tables(content.photos, style["Normal"])
    if note := unprintable_letters([*content.typed]):
        parts += [Spacer(1, 6 * mm), _text_paragraph(note, style["Normal"])]
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


def _text_paragraph(words: str, style: Any) -> Paragraph:
    return Paragraph(escape(printable(words)), style)


def _progress_bar(percent: int) -> Any:
    width = 165 * mm
    done = max(0.01, min(100, percent)) / 100 * width
    bar = Table([["", ""]], colWidths=[done, max(0.1, width - done)], rowHeights=[4 * mm])
    bar.setStyle([("BACKGROUND", (0, 0), (0, 0), colors.HexColor("#1b5fc1"))])
    bar.setStyle([("BACKGROUND", (1, 0), (1, 0), colors.HexColor("#e3e7ee"))])
    return bar


def _photo_tables(photos: Iterable[tuple[bytes, str]], style: Any) -> list[Any]:
    cells = [[_scaled_image(content), _text_paragraph(caption, style)] for content, caption in photos]
    rows = [cells[at : at + 2] for at in range(0, len(cells), 2)]
    if rows:
        return [Spacer(1, 6 * mm), *(Table([row], colWidths=[WIDE] * len(row), hAlign="LEFT") for row in rows)]
    return []


def _scaled_image(content: bytes) -> Any:
    """Return a photo scaled to its printed size, so that ten phone photos fit into a mail."""
    with Photo.open(io.BytesIO(content)) as opened:
        photo = opened.convert("RGB")
    photo.thumbnail((PIXELS, PIXELS))
    small = io.BytesIO()
    photo.save(small, "JPEG", quality=80)
    small.seek(0)
    share = min(1.0, (WIDE - 4 * mm) / photo.width)
    return Image(small, photo.width * share, photo.height * share)
