"""Split a cell of phone numbers or e-mail addresses into each of them and the word beside it. Pure functions.

"813-555-0728 cell", "H: 813-… C: 813-…", "8135550347 (wife)", "ann@example.com (work), lee@example.com (home)".
"""

import re
from collections.abc import Sequence

import phonenumbers

from crm.kernel.normalization import MAX_LENGTH, normalize_email, normalize_phone

# A cell of more than so many is no list of a customer's.
MANY = 20
# A number or address, and what stands beside it.
Labelled = tuple[str, str]

_PLAIN_PHONE = re.compile(r"[\d +().\-]*")
_LETTER = re.compile(r"[^\W\d_]")
_SEPARATOR = re.compile(r"([;|\n,/&]|\b(?:or|of|en|and|oder|und|ou|et|y|o)\b)")
# "6,12E+08" is one number in a spreadsheet that writes decimal commas.
_SHORTENED = re.compile(r"\d+,\d+[eE]\+?\d+")
# Fewer digits are no number: a part of one, or of the word beside it. More are two.
_FEWEST = 6
_MOST = 15
_NUMBER = re.compile(r"[+(]{0,2}\d[\d\s().+/\-]{5,}")
_EXTENSION = re.compile(r"(?:\b(?:toestel|tst|doorkiesnummer|extn?|extension|poste|x)\.?:?|#) ?\d+", re.IGNORECASE)
_PLAIN_EMAIL = re.compile(r"[^\s()<>;,:\"\[\]|/@]+@[^\s()<>;,:\"\[\]|/@]+")
_EMAIL = re.compile(r"(?<![^\s()<>;,:\"\[\]|/@])[^\s()<>;,:\"\[\]|/@]++@[^\s()<>;,:\"\[\]|/@]+")
_MAILTO = re.compile(r"\bmailto\b:?", re.IGNORECASE)
_BRACKETS = dict.fromkeys(map(ord, "()<>[]{}"), " ")
_BESIDE = " .,:;|/&\"'=-–—*"
# What stands between two and says nothing of either.
_BETWEEN = frozenset("or of en and oder und ou et".split())


def phones(cell: str, region: str) -> list[Labelled]:
    """Split the phone numbers in a cell. One number may contain a character that separates several: 030/1234567."""
    if len(cell) > MAX_LENGTH or _SHORTENED.fullmatch(cell):
        return [(cell, "")]
    # Meta writes p:+18135550100.
    cell = cell.removeprefix("p:")
    if normalize_phone(cell, region):
        return [(cell, _around_number(cell))]
    if _PLAIN_PHONE.fullmatch(cell) and _count_digits(cell) <= _MOST:
        return [(cell, "")]
    pieces = _split_numbers(cell)
    several = []
    if len(pieces) > 1:
        several = [labelled for piece in pieces for labelled in _of_piece(piece, region)]
    numbers = several or _numbers_within(cell, region)
    if len(numbers) <= MANY:
        return numbers
    return [(cell, "")]


def split_contact_cell(cell: str, *, is_email: bool) -> tuple[str, str]:
    """Split a cell into its email addresses and its phone numbers, whatever its column is called; "" for none.

    "ann@example.com / 813-555-0100" is both; `is_email`: what a cell is that holds neither.
    """
    if len(cell) > MAX_LENGTH:
        if is_email:
            return (cell, "")
        return ("", cell)
    if "@" not in cell:
        if is_email and _count_digits(cell) < _FEWEST:
            return (cell, "")
        return ("", cell)
    rest = _EMAIL.sub(" ", cell)
    if not _NUMBER.search(rest):
        return cell, ""
    return " ".join(match[0] for match in _EMAIL.finditer(cell)), rest.strip(_BESIDE)


def _split_numbers(cell: str) -> list[str]:
    """Split at separators between two numbers."""
    first, *rest = _SEPARATOR.split(cell)
    pieces = [first]
    for separator, text in zip(rest[::2], rest[1::2], strict=True):
        if _count_digits(pieces[-1]) >= _FEWEST <= _count_digits(text):
            pieces.append(text)
        else:
            pieces[-1] += separator + text
    return [piece.strip() for piece in pieces]


def _count_digits(text: str) -> int:
    return sum(map(str.isdigit, text))


def _of_piece(piece: str, region: str) -> Sequence[Labelled]:
    if normalize_phone(piece, region):
        return [(piece, _around_number(piece))]
    return _numbers_within(piece, region)


def _numbers_within(piece: str, region: str) -> list[Labelled]:
    """Find the phone numbers in a longer text."""
    matches = [(m.start, m.end) for m in phonenumbers.PhoneNumberMatcher(piece, region, max_tries=MANY)]
    return _label_spans(piece, matches) or [(piece, "")]


def _around_number(text: str) -> str:
    """Return the words around a text's only number, without its extension; letters may be part of the number."""
    if not _LETTER.search(text) or not (number := _NUMBER.search(text)) or _count_digits(number[0]) <= _FEWEST:
        return ""
    return _gap_word(_EXTENSION.sub(" ", f"{text[: number.start()]} {text[number.end() :]}"))


def emails(cell: str) -> list[Labelled]:
    """Split the e-mail addresses in a cell; a name before a single address is not a label."""
    if len(cell) > MAX_LENGTH or _PLAIN_EMAIL.fullmatch(cell) or (cell.count("@") < 2 and normalize_email(cell)):
        return [(cell, "")]
    text = _MAILTO.sub(" ", cell)
    addresses = _label_spans(text, [addresses.span() for addresses in _EMAIL.finditer(text)])
    if 0 < len(addresses) <= MANY:
        return addresses
    return [(cell, "")]


def _label_spans(text: str, spans: list[tuple[int, int]]) -> list[Labelled]:
    """Assign the words beside each span as its label: those before it, if the first span has words before it."""
    if not spans:
        return []
    edges = [0, *(at for span in spans for at in span), len(text)]
    gaps = [text[edges[at] : edges[at + 1]] for at in range(0, len(edges), 2)]
    if _gap_word(gaps[0]):
        gaps[-2:] = [" ".join(gaps[-2:])]
    else:
        gaps = gaps[1:]
    return [(text[start:end], _gap_word(gap)) for (start, end), gap in zip(spans, gaps, strict=True)]


def _gap_word(gap: str) -> str:
    word = " ".join(gap.translate(_BRACKETS).split()).strip(_BESIDE)
    if word.lower() in _BETWEEN:
        return ""
    return word
