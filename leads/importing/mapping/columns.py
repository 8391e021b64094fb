"""Map columns to fields: as chosen by a user, else by the header; unmapped columns are kept too."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from babel import Locale
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from crm.jobs.importing.headings import WHY_REFUSED, key_of
from crm.jobs.importing.unreadable import UnreadableFile
from crm.kernel.normalization import name_key
from leads.importing.mapping.column_guess import guess_columns
from leads.importing.mapping.headings import DAYS, MANY, PLACE, WHO_NAMES, Field
from leads.importing.mapping.presets import ColumnPreset, recognise
from leads.importing.mapping.sample_values import ValueKind, kind_of
from leads.importing.mapping.synonyms import is_number, meaning_of, named_field
from leads.importing.mapping.without_headings import NO_HEADER, guess_by_cells, is_data, named_by_letters
from libs.tabular import TableRecord

# The header is among the first rows that hold anything; titles and export dates stand above it.
HEADER_WITHIN = 10
# Columns without a field that are looked at for what tells two jobs apart, and the letters of a cell.
_MOST_TELLING = 20
_LONGEST_TOLD = 60
_FEWEST_DIGITS = 3
# A row that names so many fields is no lead.
_SEVERAL = 3
# A row needs one of these to identify a customer.
WHO = WHO_NAMES | {Field.CONTACT, Field.EMAIL, Field.PHONE, Field.MOBILE}
# What a column can be besides a field: a line of the note, nothing, the day a lead entered a step ("step:12"), or a
# field of the tenant's own ("own:3").
KEEP = "keep"
LEAVE = "leave"
STEP = "step:"
OWN = "own:"
# A longer heading is none.
_LONGEST = 200
# Columns of these, where another one holds the field, are the customer's or a colleague's, and no job's.
_NO_JOBS = WHO | PLACE | DAYS | {Field.REP, Field.SOURCE, Field.CAMPAIGN, Field.PRIORITY, Field.LANGUAGE, Field.NOTE}
_SYMBOLS = {"€": "EUR", "$": "USD", "£": "GBP"}
# "Inspected on", "Date quote sent": the day of a step of ours.
_DAY_OF = re.compile(r"^(?:date|datum) (.+)$|^(.+?) (?:milestone date|date|datum|on|op|at|since|sinds)$")


@dataclass(frozen=True, slots=True)
class FileColumns:
    """The meaning of a file's columns, by position."""

    # NO_HEADER: it has none.
    header_row: int
    width: int
    # In the file's order; a field that may come several times holds several positions.
    fields: dict[Field, tuple[int, ...]]
    # Columns without a field of ours, by position, with the name the file gives them.
    others: dict[int, str]
    # What the header says of the currency, e.g. "Value (EUR)"; "" where it says nothing.
    currency: str = ""
    # The step whose day a column holds, by position.
    steps: dict[int, int] = field(default_factory=dict)
    # The tenant's own field a column holds, by position.
    own: dict[int, int] = field(default_factory=dict)
    # The product whose export this is.
    recognised: str = ""
    # The header's cells, as they stand there.
    names: list[str] = field(default_factory=list)
    # The columns of each of several addresses; () where there is one.
    places: tuple[dict[Field, tuple[int, ...]], ...] = ()
    # Those of the others that may tell one job of a customer from another.
    telling: tuple[int, ...] = ()
    # What was guessed and is not certain: the page asks for it.
    unsure: frozenset[int] = frozenset()

    def first(self, field: Field, cells: Sequence[str]) -> str:
        """Return the first filled cell of a field; "" if the file has no such column or the row is shorter."""
        if self.places and field in PLACE:
            positions = self._place_columns(cells).get(field, ())
        else:
            positions = self.fields.get(field, ())
        for at in positions:
            if at < len(cells) and (cell := cells[at].strip()):
                return cell
        return ""

    def firsts(self, cells: Sequence[str]) -> dict[Field, str]:
        """Return `first` for every field with a filled cell, to read a row once."""
        fields = self.fields
        if self.places:
            fields = {name: at for name, at in fields.items() if name not in PLACE} | self._place_columns(cells)
        width = len(cells)
        cells_by_field = dict[Field, str]()
        for name, positions in fields.items():
            for at in positions:
                if at < width and (cell := cells[at].strip()):
                    cells_by_field[name] = cell
                    break
        return cells_by_field

    def _place_columns(self, cells: Sequence[str]) -> dict[Field, tuple[int, ...]]:
        """Return the columns of the first address that a row has."""
        filled = (
            place for place in self.places if any(_is_filled(cells, at) for each in place.values() for at in each)
        )
        return next(filled, self.places[0])

    def rest(self, cells: Sequence[str]) -> Iterator[tuple[str, str]]:
        """Iterate over the filled cells of unmapped columns, each with the column's name."""
        used = set()
        for positions in (self._place_columns(cells) if self.places else {}).values():
            used.add(next((at for at in positions if _is_filled(cells, at)), -1))
        for place in self.places:
            for at in sorted(at for each in place.values() for at in each if at not in used and _is_filled(cells, at)):
                if at not in self.others:
                    yield self.heading(at), cells[at]
        for at, heading in self.others.items():
            if _is_filled(cells, at):
                yield heading, cells[at]

    def extra_words(self, cells: Sequence[str]) -> dict[str, str]:
        """Return the words of unmapped columns that may distinguish jobs: "Trámite", "Type de borne"."""
        return {
            self.others[at]: cells[at].strip()
            for at in self.telling
            if _is_filled(cells, at) and _says_in_a_word(cells[at])
        }

    def heading(self, at: int) -> str:
        """Return the name of a column, on one line."""
        return " ".join(self.names[at].split())[:80]

    def each(self, field: Field, cells: Sequence[str]) -> list[str]:
        """Return the filled cells of a field that has several columns."""
        filled = (cells[at].strip() for at in self.fields.get(field, ()) if at < len(cells))
        return [cell for cell in filled if cell]

    @property
    def says_who(self) -> bool:
        """True if the columns identify a customer: by a name, company, address or number."""
        return bool(WHO & self.fields.keys())

    def code(self, at: int) -> str:
        """Return the code of a column's field, as a form sends it."""
        if at in self.steps:
            return f"{STEP}{self.steps[at]}"
        if at in self.own:
            return f"{OWN}{self.own[at]}"
        field_ = next((name for name, positions in self.fields.items() if at in positions), None)
        if field_:
            return str(field_)
        if at in self.others:
            return KEEP
        return LEAVE


def _may_tell_jobs(heading: str, at: int, rows: Sequence[Sequence[str]]) -> bool:
    """True if a column without a field may distinguish jobs; dates do not."""
    meaning = meaning_of(heading)
    kind = kind_of([cells[at] for cells in rows if at < len(cells)])
    is_somebodys = meaning.is_foreign or is_number(heading) or meaning.field in _NO_JOBS
    return not is_somebodys and kind not in (ValueKind.DAY, ValueKind.PHONE, ValueKind.EMAIL, ValueKind.LINK)


def _says_in_a_word(cell: str) -> bool:
    """True if a cell holds words, an amount or a number that identifies something; not the row's own number."""
    says = any(map(str.isalpha, cell)) or sum(map(str.isdecimal, cell)) >= _FEWEST_DIGITS
    return says and len(cell) <= _LONGEST_TOLD and len(cell.splitlines()) == 1


def _is_filled(cells: Sequence[str], at: int) -> bool:
    return at < len(cells) and bool(cells[at].strip())


def find_header(sample: Iterable[TableRecord], row: int | None = None) -> TableRecord:
    """Find the header row; for a sheet without one, generated names (NO_HEADER).

    Raises Unreadable where there is none, and nothing tells what the columns hold.
    """
    rows = list(sample)
    if row == NO_HEADER:
        return named_by_letters(rows)
    if chosen := next((record for record in rows if record.row == row), None):
        return chosen
    rows = rows[:HEADER_WITHIN]
    best = max(rows, key=lambda record: (len(known_fields(record)), -record.row), default=None)
    if best is not None and (WHO & known_fields(best) or _says_who_by_cells(best, rows)):
        return best
    if rows and _reads_like_names(rows[0].cells):
        return rows[0]
    if rows and is_data(rows[0].cells) and WHO & set(guess_by_cells([record.cells for record in rows])):
        return named_by_letters(rows)
    raise UnreadableFile(
        _(
            "No row with column names was found. Add a row above the first lead that names each column, such "
            "as Name, Email and Phone, and choose the file again."
        )
    )


def _says_who_by_cells(header: TableRecord, rows: Sequence[TableRecord]) -> bool:
    """True if a heading names several fields and its cells confirm it: "Eigenaar, Tel eigenaar, Adres, Plaats"."""
    below = [record.cells for record in rows if record.row > header.row]
    return len(known_fields(header)) >= _SEVERAL and bool(WHO & set(guess_columns(header.cells, None, below).fields))


def _reads_like_names(cells: Sequence[str]) -> bool:
    """True if a row of unknown words may be a header: short, distinct, without addresses or numbers."""
    words = [cell.strip() for cell in cells if cell.strip()]
    if _are_questions(words):
        certain = [word for word in words if not word.endswith("?")]
    else:
        certain = words
    return len({*words}) == len(words) > 1 and not any(re.search(r"@|\d{3}|.{41}", word) for word in certain)


def _are_questions(words: Sequence[str]) -> bool:
    """True if the cells are questions of a form, which may be longer than column names."""
    return sum(word.endswith("?") for word in words) > 1


def known_fields(record: TableRecord) -> set[Field]:
    """List the known fields in a row, read as a header."""
    guesses = guess_columns(record.cells, recognise(record.cells))
    return {name for at, name in enumerate(guesses.fields) if name and at not in guesses.unsure}


def find_columns(
    sample: Iterable[TableRecord],
    *,
    row: int | None = None,
    chosen: Mapping[str, str] | None = None,
    steps: Mapping[str, int] | None = None,
    own: Mapping[str, int] | None = None,
) -> FileColumns:
    """Map the columns by the header. `chosen`: field codes by position (a string).

    `steps`, `own`: ids of our steps, and of the tenant's own fields, by name key.
    """
    records = list(sample)
    chosen = chosen or {}
    header = find_header(records, row)
    preset = recognise(header.cells)
    below = [record.cells for record in records if record.row > header.row]
    guesses = guess_columns(header.cells, preset, below)
    if not header.row:
        guesses.fields = guess_by_cells(below)
        guesses.unsure = set(range(len(header.cells)))
    columns = FileColumns(header.row, len(header.cells), {}, {}, recognised=preset.name if preset else "")
    currency = ""
    for at, (heading, field_) in enumerate(zip(header.cells, guesses.fields, strict=True)):
        code = chosen.get(str(at)) or _own_field_code(heading, field_, own or {})
        code = code or _heading_code(heading, field_, columns, steps or {}, is_told=at in guesses.fixed)
        if str(at) not in chosen and code == KEEP and _is_nothing(heading, preset):
            code = LEAVE
        if code.startswith(STEP):
            columns.steps[at] = int(code.removeprefix(STEP))
        elif code.startswith(OWN):
            columns.own[at] = int(code.removeprefix(OWN))
        elif code in set(Field):
            if code in columns.fields and code not in MANY and code not in PLACE:
                # Chosen for two: the second serves where the first is empty, and is not lost where it is not.
                columns.others[at] = " ".join(heading.split())[:80] or code
            columns.fields[Field(code)] = (*columns.fields.get(Field(code), ()), at)
            currency = currency or (_currency_in(heading) if code == Field.VALUE else "")
        elif code != LEAVE and heading.strip():
            columns.others[at] = " ".join(heading.split())[:80]
    telling = tuple(at for at, heading in columns.others.items() if _may_tell_jobs(heading, at, below))[:_MOST_TELLING]
    unsure = frozenset(at for at in guesses.unsure if str(at) not in chosen and at not in columns.own)
    columns = replace(columns, currency=currency, names=header.cells, telling=telling, unsure=unsure)
    return replace(columns, places=_split_addresses(columns, guesses.addresses))


def _split_addresses(
    columns: FileColumns, addresses: Sequence[tuple[int, str]]
) -> tuple[dict[Field, tuple[int, ...]], ...]:
    """Group the parts of several addresses, the work's address first; () if there is only one address."""
    addresses_by_owner: dict[tuple[int, str], dict[Field, tuple[int, ...]]] = {}
    for name in PLACE & columns.fields.keys():
        for at in columns.fields[name]:
            place = addresses_by_owner.setdefault(addresses[at], {})
            place[name] = (*place.get(name, ()), at)
    in_order = sorted(
        addresses_by_owner,
        key=lambda key: (key[0], min(min(positions) for positions in addresses_by_owner[key].values())),
    )
    places = [addresses_by_owner[key] for key in in_order if Field.STREET in addresses_by_owner[key]]
    for key in in_order:
        # "Property address, City, Zip, Mailing address": what is no one's is the first's that lacks it.
        for name, positions in addresses_by_owner[key].items() if addresses_by_owner[key] not in places else ():
            next((place for place in places if name not in place), {})[name] = positions
    several = len(places) > 1 or any(len(at) > 1 for place in places for at in place.values())
    if several:
        return tuple(places)
    return ()


def _own_field_code(heading: str, found: Field | None, own: Mapping[str, int]) -> str:
    """Return the code of the tenant's own field with this name, "" for none, and for standard names."""
    pk = own.get(name_key(heading[:_LONGEST]))
    if pk and (found is None or found != named_field(heading)):
        return f"{OWN}{pk}"
    return ""


def _heading_code(
    heading: str, found: Field | None, columns: FileColumns, steps: Mapping[str, int], *, is_told: bool
) -> str:
    """Return the code of a heading's default meaning. `is_told`: the exporting product's preset gives it."""
    # "Sold on" is the day of the step "Sold", where there is one and the file is not our own.
    vague = not found or (not is_told and (found == Field.WON_AT or found != named_field(heading)))
    if vague and (day := _DAY_OF.match(name_key(heading[:_LONGEST]))) and (day[1] or day[2]) in steps:
        return f"{STEP}{steps[day[1] or day[2]]}"
    if found and (found not in columns.fields or found in MANY or found in PLACE):
        return found
    return KEEP


def _is_nothing(heading: str, preset: ColumnPreset | None) -> bool:
    return says_why_refused(heading) or (preset is not None and key_of(heading) in preset.left_out)


def says_why_refused(heading: str) -> bool:
    """True if this is the column of reasons that our file of refused rows adds, in any of our languages."""
    return key_of(heading) in _refusal_headings()


@lru_cache(maxsize=1)
def _refusal_headings() -> frozenset[str]:
    headings = set()
    for language, _name in settings.LANGUAGES:
        with override(language):
            headings.add(key_of(_(WHY_REFUSED)))
    return frozenset(headings)


def _currency_in(heading: str) -> str:
    for symbol, code in _SYMBOLS.items():
        if symbol in heading:
            return code
    codes = Locale("en").currencies
    return next((word for word in re.findall(r"\b[A-Z]{3}\b", heading) if word in codes), "")
