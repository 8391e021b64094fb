"""Clean a cell's text: remove a spreadsheet's formula guards, split the several numbers it may hold. Pure functions."""

import re

from crm.kernel.normalization import LONGEST, as_written, parse_phone
from crm.kernel.refusal import Refused

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
# What stands in front of a cell so that no spreadsheet takes it for a formula.
_GUARD = re.compile(r"^'(?=[=+\-@\t\r＝＋－＠])")
_TEXT_FORMULA = re.compile(r'="((?:[^"]|"")*)"')
_SEVERAL_PHONES = re.compile(r"[;|\n,/&]|\b(?:or|of|en|and)\b")
# A cell of more than so many is none of numbers.
_MANY = 10
# "6,12E+08" is one number in a spreadsheet that writes decimal commas.
_SHORTENED = re.compile(r"\d+,\d+[eE]\+?\d+")
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
    text = _CONTROL.sub("", _GUARD.sub("", as_written(cell)))
    formula = _TEXT_FORMULA.fullmatch(text)
    return formula[1].replace('""', '"').strip() if formula else text


def numbers(cell: str, region: str) -> list[str]:
    """Split the phone numbers in a cell. One number may contain a character that separates several: 030/1234567."""
    if len(cell) > LONGEST:
        return [cell]
    pieces = [piece for piece in map(str.strip, _SEVERAL_PHONES.split(cell)) if piece]
    if not 1 < len(pieces) <= _MANY or _SHORTENED.fullmatch(cell):
        return [cell]
    try:
        parse_phone(cell, region)
    except Refused:
        return pieces
    return [cell]
