"""RowCells: the cells of one row by what their columns hold; what can't be used is kept as text, with the reason."""

from collections.abc import Callable
from typing import TypeVar

from django.utils.translation import gettext as _

from crm.kernel.normalization import MAX_LENGTH
from crm.kernel.refusal import Refused
from leads.importing.mapping.columns import Columns
from leads.importing.mapping.headings import LABELS, Field

T = TypeVar("T")


class RowCells:
    """Reads the cells of one row."""

    def __init__(self, columns: Columns, cells: list[str], remarks: list[str], notes: list[str]) -> None:
        self.columns = columns
        self.cells = cells
        self.remarks = remarks
        self.notes = notes
        self._firsts = columns.firsts(cells)

    def _first(self, field_: Field) -> str:
        return self._firsts.get(field_, "")

    def _try(self, field_: Field, parse: Callable[[str], T]) -> T | None:
        cell = self._first(field_)
        if cell:
            return self._parsed(field_, cell, parse)
        return None

    def _parsed(self, field_: Field, cell: str, parse: Callable[[str], T], kept: str = "") -> T | None:
        try:
            if len(cell) > MAX_LENGTH:
                raise Refused(_("It is longer than %(limit)s characters.") % {"limit": MAX_LENGTH})
            return parse(cell)
        except Refused as refused:
            self._keep(field_, kept or cell, str(refused))
            return None

    def _fit(self, field_: Field, text: str, limit: int) -> str:
        if len(text) <= limit:
            return text
        self._keep(field_, text, _("It is longer than %(limit)s characters.") % {"limit": limit})
        return ""

    def _keep(self, field_: Field, text: str, sentence: str) -> None:
        """Record why a cell could not be used, and keep its text with the lead."""
        self._keep_as(str(LABELS[field_]), text, sentence)

    def _keep_as(self, label: str, text: str, sentence: str) -> None:
        if len(text) <= 60:
            shown = text
        else:
            shown = text[:59] + "…"
        self.remarks.append(_("%(column)s “%(cell)s”: %(why)s") % {"column": label, "cell": shown, "why": sentence})
        self.notes.append(f"{label}: {text}")
