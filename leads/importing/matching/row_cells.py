"""RowCells: the cells of one row by field; unusable values are kept as text, with the reason."""

from collections.abc import Callable
from typing import TypeVar

from django.utils.translation import gettext as _

from crm.kernel.normalization import MAX_LENGTH
from crm.kernel.refusal import Refused
from leads.importing.mapping.columns import FileColumns
from leads.importing.mapping.headings import LABELS, Field

T = TypeVar("T")


class RowCells:
    """Reads the cells of one row."""

    def __init__(self, columns: FileColumns, cells: list[str], remarks: list[str], notes: list[str]) -> None:
        self.columns = columns
        self.cells = cells
        self.remarks = remarks
        self.notes = notes
        self._firsts = columns.firsts(cells)

    def first(self, field_: Field) -> str:
        """Return the first cell of a field that is not empty; "" without."""
        return self._firsts.get(field_, "")

    def parse(self, field_: Field, parse: Callable[[str], T]) -> T | None:
        """Parse the first cell of a field; None without one, or for one that is kept as text."""
        cell = self.first(field_)
        if cell:
            return self.parse_cell(field_, cell, parse)
        return None

    def parse_cell(self, field_: Field, cell: str, parse: Callable[[str], T], kept: str = "") -> T | None:
        """Parse a cell; on Refused keep its text, or `kept`, with the reason, and return None."""
        try:
            if len(cell) > MAX_LENGTH:
                raise Refused(_("It is longer than %(limit)s characters.") % {"limit": MAX_LENGTH})
            return parse(cell)
        except Refused as refused:
            self.keep(field_, kept or cell, str(refused))
            return None

    def fit(self, field_: Field, text: str, limit: int) -> str:
        """Return a text; "" if it is too long for its field and was kept in the notes."""
        if len(text) <= limit:
            return text
        self.keep(field_, text, _("It is longer than %(limit)s characters.") % {"limit": limit})
        return ""

    def keep(self, field_: Field, text: str, sentence: str) -> None:
        """Record why a cell could not be used, and keep its text with the lead."""
        self.keep_as(str(LABELS[field_]), text, sentence)

    def keep_as(self, label: str, text: str, sentence: str) -> None:
        excerpt = text
        if len(text) > 60:
            excerpt = text[:59] + "…"
        self.remarks.append(_("%(column)s “%(cell)s”: %(why)s") % {"column": label, "cell": excerpt, "why": sentence})
        self.notes.append(f"{label}: {text}")
