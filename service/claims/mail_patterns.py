"""Find values in a mail by the words before them, and learn those words from an example. Pure.

A rule is the text right before the value, as an example shows it; what the value looks like follows from its field.
"""

import re
from collections.abc import Iterator, Mapping

LONGEST_MAIL = 50_000
LONGEST_BEFORE = 80
# So many words before a colon are a label.
LONGEST_LABEL = 4
LONGEST_VALUE = 120
_CODE = r"[A-Za-z0-9][A-Za-z0-9\-/.]{2,39}"
_DATE = r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}|\d{1,2}\.? [A-Za-zéû]{3,12}\.?,? \d{4}|[A-Za-z]{3,12}\.? \d{1,2},? \d{4}"
_CURRENCY = r"(?:USD|EUR|GBP|CAD|AUD|CHF|[$€£])"
_MONEY = rf"{_CURRENCY}? ?\d[\d.,' ]*(?: ?{_CURRENCY})?"
PATTERNS = {
    "number": _CODE,
    "policy": _CODE,
    "adjuster": r"[^\W\d_][^\n\r<>:;|]{1,79}",
    "email": r"[A-Za-z0-9._%+\-]+@[A-Za-z0-9.\-]+\.[A-Za-z]{2,}",
    "phone": r"\+?\(?\d[\d ().\-]{5,24}\d",
    "lost_on": _DATE,
    "deductible": _MONEY,
    "approved": _MONEY,
    "paid": _MONEY,
}
# What may stand between the words and the value, and the value.
_VALUES = {field: re.compile(rf"[\s:#=*|.\-]{{0,20}}({value})", re.IGNORECASE) for field, value in PATTERNS.items()}


def find_value(text: str, before: str, field: str) -> str:
    """Return the value of a field behind the first of its words that a value follows; "" if there is none."""
    text = text[:LONGEST_MAIL]
    for end in _word_ends(text, before):
        if match := _VALUES[field].match(text, end):
            return " ".join(match[1].split()).rstrip(".,;- ")[:LONGEST_VALUE]
    return ""


def _word_ends(text: str, before: str) -> Iterator[int]:
    """Yield the places of a text where the words end, in any case and spacing."""
    words = " ".join(before.split()).lower()
    letters, places = [], []
    for place, letter in enumerate(text):
        if not letter.isspace():
            letters.append(letter.lower()[:1])
            places.append(place)
        elif letters and letters[-1] != " ":
            letters.append(" ")
            places.append(place)
    flat = "".join(letters)
    begin = flat.find(words)
    while begin >= 0 and words:
        if begin == 0 or not flat[begin - 1].isalnum():
            yield places[begin + len(words) - 1] + 1
        begin = flat.find(words, begin + 1)


def find_values(text: str, rules: Mapping[str, str]) -> dict[str, str]:
    """Return the values of a mail by field, for the fields whose words it has."""
    values = {field: find_value(text, before, field) for field, before in rules.items()}
    return {field: value for field, value in values.items() if value}


def words_before(text: str, value: str, field: str) -> str:
    """Return the words before a marked value, from which `find_value` finds it; "" if there are none that do.

    They are the end of its line, or the line before where it stands alone; as few words as lead to this value. A short
    label with a colon is kept as a whole: behind "number" alone, another mail has another number.
    """
    text = text[:LONGEST_MAIL]
    at = text.find(value)
    while at >= 0 and value:
        line = text[:at].rstrip(" \t:#=*|-")
        words = line[line.rfind("\n") + 1 :].split() or line.rstrip().rpartition("\n")[2].split()
        fewest = 1
        if len(words) <= LONGEST_LABEL and ":" in text[len(line) : at]:
            fewest = max(len(words), 1)
        for count in range(fewest, min(len(words), 8) + 1):
            before = " ".join(words[-count:]).strip(":#=*|")
            if (
                len(before) <= LONGEST_BEFORE
                and any(map(str.isalpha, before))
                and _leads_to(text, before, field, value)
            ):
                return before
        at = text.find(value, at + 1)
    return ""


def _leads_to(text: str, before: str, field: str, value: str) -> bool:
    return find_value(text, before, field) == " ".join(value.split()).rstrip(".,;- ")
