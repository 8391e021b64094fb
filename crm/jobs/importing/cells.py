"""Clean a cell's text: remove a spreadsheet's formula guards. The cells of a row by column. Pure functions."""

import re
from collections.abc import Sequence
from typing import TypeVar

from django.db.models import TextChoices

from crm.kernel.normalization import clean_text

C = TypeVar("C", bound=TextChoices)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
# What stands in front of a cell so that no spreadsheet takes it for a formula.
_GUARD = re.compile(r"^'(?=[=+\-@\t\r＝＋－＠])")
_TEXT_FORMULA = re.compile(r'="((?:[^"]|"")*)"')
# What exports write into a cell that holds nothing.
NOTHING = frozenset({"N/A", "n/a", "#N/A", "(No value)", "[not provided]", "-", "–", "—", "n.v.t.", "nvt"})


def clean(cell: str) -> str:
    """Clean a cell's text: trimmed, in NFC, without control characters and formula guards.

    Nothing is evaluated: "=1+1" stays these four characters.
    """
    if cell in NOTHING:
        return ""
    if cell.isascii() and cell.isprintable() and cell[:1] not in {"'", "="}:
        return cell.strip()
    text = _CONTROL.sub("", _GUARD.sub("", clean_text(cell)))
    formula = _TEXT_FORMULA.fullmatch(text)
    if formula:
        return formula[1].replace('""', '"').strip()
    return text


def cells_by_column(kind: type[C], columns: Sequence[str], cells: Sequence[str]) -> dict[C, str]:
    """Return the cells of a row that hold something, by what their column holds."""
    texts = ((column, clean(cell.replace("\r\n", "\n"))) for column, cell in zip(columns, cells, strict=True) if column)
    return {kind(column): text for column, text in texts if text}
