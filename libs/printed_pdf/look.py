"""PageLook: how the pages of a business look."""

from dataclasses import dataclass

from reportlab.lib.pagesizes import A4, LETTER


@dataclass(frozen=True)
class PageLook:
    """The letterhead: the business's name or logo (PNG or JPEG), its lines, its color, and the size of the paper.

    `page_label`: with %(page)s and %(pages)s, in the reader's language.
    """

    brand: str
    accent: str = "#1b5fc1"
    lines: tuple[str, ...] = ()
    logo: bytes | None = None
    is_letter: bool = False
    page_label: str = "%(page)s / %(pages)s"

    @property
    def page_size(self) -> tuple[float, float]:
        if self.is_letter:
            return LETTER
        return A4
