"""Guess the field of each column by its product's preset, its heading and its values, with the certainty.

A guess that is not certain is asked on the page before anything is written, and never displaces a certain one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from crm.jobs.importing.headings import key_of
from leads.importing.mapping.headings import MANY, PLACE, WHO_NAMES, Field
from leads.importing.mapping.presets import OURS, ColumnPreset
from leads.importing.mapping.sample_values import (
    FIELD_OF,
    ValueKind,
    are_to_call,
    are_whole,
    contradict,
    differ,
    kind_of,
)
from leads.importing.mapping.synonyms import address_of, languages_of, meaning_of, whose_words, words_of

# Beside a person's first and last name it is how they are addressed, or their work.
_TITLES = frozenset({"title", "titel", "titre", "titulo", "titolo"})
_CALLED = frozenset({Field.PHONE, Field.MOBILE})
_WHO = WHO_NAMES | {Field.CONTACT}


@dataclass
class ColumnGuesses:
    """The columns of a file and the guessed fields, by position."""

    headings: Sequence[str]
    cells: list[list[str]]
    fields: list[Field | None] = field(default_factory=list)
    # Of which of several addresses each is (synonyms.address_of).
    addresses: list[tuple[int, str]] = field(default_factory=list)
    # What has to be asked.
    unsure: set[int] = field(default_factory=set)
    # What a preset tells, or a heading rules out: values don't change it.
    fixed: set[int] = field(default_factory=set)
    # Columns without a cell, where there are rows.
    empty: set[int] = field(default_factory=set)

    def with_fields(self, *fields: Field) -> list[int]:
        """List the columns that hold these fields, in the order of the fields."""
        return [at for name in fields for at, each in enumerate(self.fields) if each == name]

    def has_certain(self, name: Field) -> bool:
        """True if a certain column holds this field, or an equivalent one."""
        fields = _CALLED if name in _CALLED else {name}
        return any(at not in self.unsure | self.empty for at in self.with_fields(*fields))

    def ask(self, at: int, name: Field | None) -> None:
        """Guess that a column holds this field, None for the note, and mark it to be confirmed."""
        self.fields[at] = name
        self.unsure.add(at)


def guess_columns(
    headings: Sequence[str], preset: ColumnPreset | None, rows: Sequence[Sequence[str]] = ()
) -> ColumnGuesses:
    """Guess the field of each column. `rows`: the first ones below the header, to check guesses against."""
    cells = [[row[at] for row in rows if at < len(row)] for at in range(len(headings))]
    guesses = ColumnGuesses(headings, cells)
    guesses.empty = {at for at, column in enumerate(cells) if rows and not any(map(str.strip, column))}
    _guess_by_headings(guesses, preset)
    _check_values(guesses)
    _guess_by_values(guesses)
    if preset is None or preset.name != OURS:
        _tell_customer_from_contact(guesses)
    names = guesses.with_fields(Field.NAME)
    _keep_one_of_each(guesses)
    _leave_others_reach(guesses, names)
    if preset is None or preset.name != OURS:
        _tell_names_apart(guesses)
    return guesses


def _guess_by_headings(guesses: ColumnGuesses, preset: ColumnPreset | None) -> None:
    preset_fields = {}
    if preset:
        preset_fields = preset.meanings(guesses.headings, guesses.empty)
    languages = languages_of(guesses.headings)
    for at, heading in enumerate(guesses.headings):
        meaning = meaning_of(heading, languages)
        guesses.fields.append(preset_fields.get(at, meaning.field))
        guesses.addresses.append(address_of(heading, languages))
        if at in preset_fields or meaning.is_foreign:
            guesses.fixed.add(at)
        elif not meaning.is_sure:
            guesses.unsure.add(at)
    _tell_second_addresses(guesses)
    for at in sorted(guesses.unsure):
        # A word nobody knows may say whose it is: the notary's phone is not the customer's.
        name = guesses.fields[at]
        is_seen = name not in FIELD_OF.values() or FIELD_OF.get(kind_of(guesses.cells[at])) == name
        if name is None or guesses.has_certain(name) or not is_seen or contradict(guesses.cells[at], name):
            guesses.fields[at] = None
            guesses.unsure.discard(at)


def _tell_second_addresses(guesses: ColumnGuesses) -> None:
    """Treat "Adres 2" as the street of a second address if there is "Plaats 2"; a lone "Address 3" goes to the note."""
    seconds = {
        guesses.addresses[at][1]: guesses.addresses[at]
        for at in guesses.with_fields(Field.CITY, Field.POSTCODE)
        if guesses.addresses[at][1].isdecimal()
    }
    for at in guesses.with_fields(Field.STREET, Field.STREET_2):
        number = guesses.headings[at].strip()[-1:]
        if number in seconds and at not in guesses.fixed:
            guesses.fields[at], guesses.addresses[at] = Field.STREET, seconds[number]
        elif guesses.fields[at] == Field.STREET and guesses.addresses[at][1].isdecimal():
            guesses.fields[at] = None


def _check_values(guesses: ColumnGuesses) -> None:
    """Mark columns to be confirmed if their values do not fit their heading."""
    for at, name in enumerate(guesses.fields):
        cells = guesses.cells[at]
        if name is not None and at not in guesses.fixed and contradict(cells, name):
            # It is no certain column of its own field any more.
            guesses.unsure.add(at)
            guesses.fields[at] = _value_field(guesses, at)


def _guess_by_values(guesses: ColumnGuesses) -> None:
    """Mark columns to be confirmed that have an unknown heading, but values that look like contact data."""
    for at, name in enumerate(guesses.fields):
        kind = kind_of(guesses.cells[at])
        is_reach = kind == ValueKind.EMAIL or (kind == ValueKind.PHONE and are_to_call(guesses.cells[at]))
        if name is None and is_reach and at not in guesses.fixed | guesses.unsure:
            guesses.ask(at, _value_field(guesses, at))


def _value_field(guesses: ColumnGuesses, at: int) -> Field | None:
    """Return the field that a column's values suggest, if no other column has it."""
    field_ = FIELD_OF.get(kind_of(guesses.cells[at]))
    if field_ is None or guesses.has_certain(field_):
        return None
    return field_


def _tell_customer_from_contact(guesses: ColumnGuesses) -> None:
    """Use the contact person as the customer if no other column names one."""
    if not [at for at in guesses.with_fields(Field.NAME) if at not in guesses.empty]:
        for at in guesses.with_fields(Field.CONTACT):
            guesses.fields[at] = Field.NAME


def _keep_one_of_each(guesses: ColumnGuesses) -> None:
    """Keep the most certain, else first, column of each field; of addresses one each. Others go to the note."""
    taken: set[tuple[Field, tuple[int, str]]] = set()

    def doubt(at: int) -> tuple[bool, ...]:
        # A name that comes again and again, "Wie", is a colleague's where another differs in each row.
        recurs = guesses.fields[at] == Field.NAME and not differ(guesses.cells[at])
        return at in guesses.empty, at not in guesses.fixed, at in guesses.unsure, recurs

    for at in sorted(range(len(guesses.fields)), key=doubt):
        name = guesses.fields[at]
        if name is None or name in MANY:
            continue
        key = (name, guesses.addresses[at] if name in PLACE else (0, ""))
        if key in taken:
            guesses.fields[at] = None
            if name == Field.NAME and at not in guesses.empty | guesses.fixed:
                guesses.unsure |= {at, *guesses.with_fields(name)}
        taken.add(key)


def _leave_others_reach(guesses: ColumnGuesses, names: Sequence[int]) -> None:
    """Mark contact points of another person to be confirmed: "Tel bewoner" beside "Contractant" and "Bewoner"."""
    kept = frozenset().union(*(whose_words(guesses.headings[at]) for at in guesses.with_fields(Field.NAME)))
    others = {word for at in names for word in whose_words(guesses.headings[at])} - kept
    for at in guesses.with_fields(Field.EMAIL, *_CALLED):
        words = whose_words(guesses.headings[at])
        name = guesses.fields[at]
        if name and words & others and not words & kept and at not in guesses.fixed:
            guesses.unsure.add(at)
            if guesses.has_certain(name):
                guesses.fields[at] = None
            else:
                guesses.fields[at] = name


def _tell_names_apart(guesses: ColumnGuesses) -> None:
    """Resolve ambiguous names: "Nom" beside "Prénom", a deal's name beside a person's, an owner who is the customer."""
    first = guesses.with_fields(Field.FIRST_NAME)
    last = guesses.with_fields(Field.LAST_NAME)
    parts = [*first, *last]
    rows = list(zip(*(guesses.cells[at] for at in parts), strict=False))
    for at in guesses.with_fields(Field.NAME) if parts and not guesses.fixed.intersection(parts) else ():
        is_whole = at in guesses.fixed or are_whole(rows, guesses.cells[at])
        if is_whole or (not rows and len(words_of(guesses.headings[at])) > 1):
            continue
        if len(parts) == 1:
            if first:
                guesses.fields[at] = Field.LAST_NAME
            else:
                guesses.fields[at] = Field.FIRST_NAME
        elif any(map(str.strip, guesses.cells[at])):
            guesses.ask(at, None)
    for at in guesses.with_fields(Field.TITLE):
        is_of_person = guesses.with_fields(Field.FIRST_NAME) and guesses.with_fields(Field.LAST_NAME)
        if is_of_person and at not in guesses.fixed and key_of(guesses.headings[at]) in _TITLES:
            guesses.ask(at, None)
    for at in guesses.with_fields(Field.REP) if not guesses.with_fields(*_WHO) else ():
        if at not in guesses.fixed and guesses.cells[at]:
            guesses.ask(at, Field.NAME if differ(guesses.cells[at]) else Field.REP)
