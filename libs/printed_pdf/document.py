"""Build a PDF: the letterhead on the first page, the title and page number on each."""

import io
from functools import partial
from typing import Any

from PIL import Image as Picture
from reportlab.lib.colors import HexColor
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate

from libs.printed_pdf.fonts import BOLD, REGULAR, printable, register_fonts
from libs.printed_pdf.look import PageLook
from libs.printed_pdf.parts import GRAY, WIDTH, Flowables

# Above, and below the letterhead; at the sides what the width of the parts leaves.
MARGIN = 20 * mm
HEAD = 26 * mm
FOOT = 18 * mm
LOGO_HEIGHT = 14 * mm
LOGO_WIDTH = 60 * mm
# A logo's longer side in pixels: twice what it measures on paper at 150 dpi.
LOGO_PIXELS = 720


class _NumberedCanvas(Canvas):
    """A canvas that writes "page of pages" once it knows how many there are. Its only fonts are embedded."""

    def __init__(self, file: Any, *, look: PageLook, label: str, **options: Any) -> None:
        # reportlab would begin each page with Helvetica, which is never embedded.
        super().__init__(file, **options | {"initialFontName": REGULAR})
        self._look = look
        self._label = label
        self._pages: list[dict[str, Any]] = []

    def showPage(self) -> None:  # noqa: N802
        self._pages.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        for number, page in enumerate(self._pages, 1):
            self.__dict__.update(page)
            self._draw_foot(number)
            super().showPage()
        super().save()

    def _draw_foot(self, number: int) -> None:
        self.setFont(REGULAR, 8)
        self.setFillColor(HexColor(GRAY))
        side = _side_margin(self._look)
        self.drawString(side, 10 * mm, self._label)
        words = self._look.page_label % {"page": number, "pages": len(self._pages)}
        self.drawRightString(side + WIDTH, 10 * mm, words)


def build_pdf(parts: Flowables, look: PageLook, *, title: str, language: str = "en") -> bytes:
    """Return the PDF of these parts. `title` is shown at the foot of each page."""
    register_fonts()
    file = io.BytesIO()
    _width, height = look.page_size
    side = _side_margin(look)
    document = BaseDocTemplate(
        file, pagesize=look.page_size, title=title, author=look.brand, lang=language, pageCompression=1
    )
    first = Frame(side, FOOT, WIDTH, height - FOOT - MARGIN - HEAD, id="first", **_NO_PADDING)
    later = Frame(side, FOOT, WIDTH, height - FOOT - MARGIN, id="later", **_NO_PADDING)
    document.addPageTemplates(
        [
            PageTemplate("first", [first], onPage=partial(_draw_letterhead, look), autoNextPageTemplate="later"),
            PageTemplate("later", [later]),
        ]
    )
    label = printable(f"{look.brand} · {title}")
    document.build(list(parts), canvasmaker=partial(_NumberedCanvas, look=look, label=label))
    return file.getvalue()


def _side_margin(look: PageLook) -> float:
    return (look.page_size[0] - WIDTH) / 2


_NO_PADDING = {"leftPadding": 0, "rightPadding": 0, "topPadding": 0, "bottomPadding": 0}


def _draw_letterhead(look: PageLook, canvas: Canvas, _document: Any) -> None:
    side = _side_margin(look)
    top = look.page_size[1] - MARGIN
    if look.logo is None:
        canvas.setFont(BOLD, 17)
        canvas.setFillColor(HexColor(look.accent))
        canvas.drawString(side, top - 6 * mm, printable(look.brand)[:60])
    else:
        _draw_logo(look.logo, canvas, side, top)
    canvas.setFont(REGULAR, 8)
    canvas.setFillColor(HexColor(GRAY))
    for number, line in enumerate(look.lines[:5]):
        canvas.drawRightString(side + WIDTH, top - 2.5 * mm - number * 3.6 * mm, printable(line)[:70])
    canvas.setStrokeColor(HexColor(look.accent))
    canvas.setLineWidth(1.2)
    canvas.line(side, top - 20 * mm, side + WIDTH, top - 20 * mm)


def _draw_logo(logo: bytes, canvas: Canvas, side: float, top: float) -> None:
    """Draw the logo on white: PDF/A-3 permits transparency, but viewers of it don't all show it."""
    with Picture.open(io.BytesIO(logo)) as opened:
        picture = opened.convert("RGBA")
    picture.thumbnail((LOGO_PIXELS, LOGO_PIXELS))
    ground = Picture.new("RGB", picture.size, "white")
    ground.paste(picture, mask=picture.getchannel("A"))
    scale = min(LOGO_WIDTH / picture.width, LOGO_HEIGHT / picture.height)
    width = picture.width * scale
    height = picture.height * scale
    canvas.drawImage(ImageReader(ground), side, top - height, width, height)
