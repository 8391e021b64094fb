"""Print the configuration book as PDF."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from crm.platform.organization.configuration import directory
from crm.web.configuration.book import BookPage, BookTable
from libs.printed_pdf import PageLook, build_pdf, gap, heading, items_table, paragraphs

# Where paper is of the size Letter.
LETTER_COUNTRIES = frozenset({"US", "CA", "MX"})


def render_book(pages: Iterable[BookPage], *, day: str) -> bytes:
    """Return the PDF of a book in the active language. `day`: when it was read, in words."""
    tenant = directory().tenant
    title = _("Configuration of %(name)s") % {"name": tenant.name}
    parts: list[Any] = [heading(title, "title"), *paragraphs(_("As of %(day)s") % {"day": day}, "small")]
    for page in pages:
        parts += [gap(4), heading(page.label, "title")]
        for part in page.parts:
            parts.append(heading(part.title))
            if isinstance(part, BookTable):
                parts.append(items_table(part.headings, [(row[0], "", row[1:]) for row in part.rows]))
            else:
                parts += paragraphs(part.note, "small")
                for line in part.lines:
                    parts += paragraphs(line)
    look = PageLook(
        brand=tenant.name,
        is_letter=tenant.country in LETTER_COUNTRIES,
        page_label=_("Page %(page)s of %(pages)s"),
    )
    return build_pdf(parts, look, title=title, language=get_language() or "en")
