"""Which column holds what: told by the names in the header, in any order; what has no field of its own is kept too."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from babel import Locale
from django.utils.translation import gettext as _

from crm.people.normalise import name_key
from leads.intake.headings import MANY, NAMES, Field
from leads.intake.reading import Record
from leads.intake.unreadable import Unreadable

# The header is among the first rows that hold anything; titles and export dates stand above it.
_HEADER_WITHIN = 10
# By one of these a row can be told to be about somebody.
_WHO = frozenset({Field.NAME, Field.FIRST_NAME, Field.LAST_NAME, Field.COMPANY, Field.EMAIL, Field.PHONE, Field.MOBILE})
# "Customer email", "Klant telefoon", "Lead - Value": whose it is says nothing, as all is the lead's.
_WHOSE = re.compile(
    r"^(?:contact|customer|client|lead|person|deal|homeowner|property|primary|mailing|klant|contactpersoon)(?=.)"
)
_BRACKETS = re.compile(r"[(\[{]([^)\]}]*)[)\]}]")
_SYMBOLS = {"€": "EUR", "$": "USD", "£": "GBP"}


@dataclass(frozen=True, slots=True)
class Columns:
    """What a file's columns hold, by position."""

    header_row: int
    width: int
    # In the file's order; a field that may come several times holds several positions.
    fields: dict[Field, tuple[int, ...]]
    # Columns without a field of ours, by position, with the name the file gives them.
    others: dict[int, str]
    # What the header says of the currency, e.g. "Value (EUR)"; "" where it says nothing.
    currency: str = ""

    def first(self, field: Field, cells: Sequence[str]) -> str:
        """The cell of a field, "" where the file has no such column or the row ends before it."""
        for at in self.fields.get(field, ()):
            if at < len(cells):
                return cells[at].strip()
        return ""

    def each(self, field: Field, cells: Sequence[str]) -> list[str]:
        """The filled cells of a field that several columns hold."""
        filled = (cells[at].strip() for at in self.fields.get(field, ()) if at < len(cells))
        return [cell for cell in filled if cell]


def find_columns(sample: Iterable[Record]) -> Columns:
    """The columns by the first row that reads like a header. Raises Unreadable where there is none."""
    best: Columns | None = None
    for record in list(sample)[:_HEADER_WITHIN]:
        columns = _of_header(record)
        if columns and (best is None or len(columns.fields) > len(best.fields)):
            best = columns
    if best is None:
        raise Unreadable(
            _(
                "No row with column names was found. The first row should say what each column holds, such as Name, "
                "Email and Phone."
            )
        )
    return best


def _of_header(record: Record) -> Columns | None:
    fields: dict[Field, tuple[int, ...]] = {}
    others: dict[int, str] = {}
    currency = ""
    for at, heading in enumerate(record.cells):
        field = field_of(heading)
        if field is None or (field in fields and field not in MANY):
            if heading.strip():
                others[at] = " ".join(heading.split())[:80]
            continue
        fields[field] = (*fields.get(field, ()), at)
        if field == Field.VALUE:
            currency = _currency_in(heading)
    if not _WHO & fields.keys():
        return None
    return Columns(record.row, len(record.cells), fields, others, currency)


@lru_cache(maxsize=1024)
def field_of(heading: str) -> Field | None:
    """The field a column of this name holds, or None."""
    plain = _plain(_BRACKETS.sub(" ", heading)) or _plain(heading)
    known = _known()
    while plain not in known:
        shorter = _WHOSE.sub("", plain)
        if shorter == plain:
            # "E-mail 3", "Telefoon 3".
            return known.get(plain.rstrip("0123456789"))
        plain = shorter
    return known[plain]


def _plain(heading: str) -> str:
    return name_key(heading).replace(" ", "")


@lru_cache(maxsize=1)
def _known() -> dict[str, Field]:
    return {_plain(name): field for field, names in NAMES.items() for name in (*names.split(","), field.value)}


def _currency_in(heading: str) -> str:
    for symbol, code in _SYMBOLS.items():
        if symbol in heading:
            return code
    codes = Locale("en").currencies
    return next((word for word in re.findall(r"\b[A-Z]{3}\b", heading) if word in codes), "")
