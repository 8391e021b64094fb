"""Guess what each column holds: as its product means it, as its name says, by the words of its name, by its cells.

The surer of two goes first. A guess by words or cells is only a guess: the page shows it, and it can be corrected.
"""

from collections.abc import Sequence

from leads.importing.mapping import column_content as content
from leads.importing.mapping import column_parties as parties
from leads.importing.mapping.column_content import FIELD_OF, Guess, Kind
from leads.importing.mapping.exports.recognition import Export, key_of
from leads.importing.mapping.headings import (
    AMID_OTHERS,
    DAYS,
    MANY,
    NO_ANSWERS,
    OF_A_CUSTOMER,
    OF_COLLEAGUES,
    PLACE,
    WHO_NAMES,
    Field,
)
from leads.importing.mapping.words import traits
from leads.importing.mapping.words.senses import rank_of, rest_of, second_line, sense_of, senses_of, whole_address


def guess_columns(
    headings: Sequence[str], export: Export | None, rows: Sequence[Sequence[str]] = ()
) -> list[Field | None]:
    """List what each column may be. `rows`: the first ones below the header, by which guesses are corrected."""
    guess = Guess(traits.unprefixed(headings) if export is None else headings, rows)
    _by_names(guess, export)
    if export is None:
        _by_cells(guess)
    else:
        _contacts_by_cells(guess, export)
    if export is None:
        parties.contact_or_customer(guess)
    _keep_the_best(guess)
    if export is None:
        parties.name_or_title(guess)
        parties.name_or_part(guess)
    return guess.found


def _by_names(guess: Guess, export: Export | None) -> None:
    starts = traits.shared_starts(guess.headings)
    for at, heading in enumerate(guess.headings):
        key = key_of(heading)
        told = export is not None and (key in export.weaker or key in export.machinery or key in export.fields)
        known = export.fields.get(key) if export is not None and told else traits.named(heading)
        if known or told:
            guess.sure.add(at)
        elif known is None:
            known = Field.STREET_2 if second_line(heading) else _grouped(heading, starts)
            # Of a product that is known, what else it writes is its own affair.
            known = known if export is None or export.is_partly_known or known in OF_A_CUSTOMER else None
            if guess.found[-1:] == [Field.STREET] and (
                traits.is_number(heading) if known is None else known == Field.STREET and traits.ends_in_number(heading)
            ):
                known = Field.HOUSE_NUMBER
        guess.found.append(known)
    _whole_address(guess)
    for at, known in enumerate(guess.found[1:]):
        # "N°, Voie": the street's cells lack it.
        is_before = known == Field.STREET and guess.found[at] is None and traits.is_number(guess.headings[at])
        if is_before and not guess.has(Field.HOUSE_NUMBER) and content.are_words(guess.cells(at + 1)):
            guess.found[at] = Field.HOUSE_NUMBER
    if export is not None:
        for at, heading in enumerate(guess.headings):
            second = export.weaker.get(key_of(heading), ())
            guess.found[at] = guess.found[at] or next((each for each in second if not guess.has(each)), None)
    if traits.are_of_persons(guess.headings) and guess.has(Field.FIRST_NAME, Field.LAST_NAME):
        guess.found = [None if each == Field.TITLE and export is None else each for each in guess.found]


def _grouped(heading: str, starts: frozenset[tuple[str, ...]]) -> Field | None:
    """Return what a heading means by its words; one of an address's parts, by those its group doesn't share."""
    known = sense_of(heading)
    if known not in (None, Field.STREET, Field.EMAIL):
        return known
    return traits.within_group(heading, starts) or known


def _whole_address(guess: Guess) -> None:
    """Take the address that stands in one cell as well, where no column has its street."""
    whole = (at for at, heading in enumerate(guess.headings) if guess.found[at] is None and whole_address(heading))
    if not guess.has(Field.STREET) and (at := next(whole, None)) is not None:
        guess.found[at] = Field.STREET


def _by_cells(guess: Guess) -> None:
    for at, thought in enumerate(guess.found):
        cells = guess.cells(at)
        kind = content.kind_of(cells)
        if thought is None:
            guess.found[at] = _unnamed(guess, at, kind, cells)
        elif (better := _possible(guess, at, _corrected(guess, at, thought, kind, cells), cells)) != thought:
            guess.found[at] = better
            guess.sure.discard(at)
    for at, thought in enumerate(guess.found):
        if thought is None and guess.headings[at].strip() and not traits.is_elses(guess.headings[at]):
            guess.found[at] = _half_named(guess, at, guess.cells(at))
    parties.leave_second_parties(guess)
    parties.leave_own_firm(guess)
    parties.firm_or_person(guess)
    parties.take_stand_ins(guess)


def _possible(guess: Guess, at: int, thought: Field | None, cells: list[str]) -> Field | None:
    """Return what a column is that can't be what its name says: the next its name may mean that its cells agree to."""
    alike = OF_COLLEAGUES.get(thought) if thought else None
    is_part = thought == Field.LAST_NAME and guess.has(Field.FIRST_NAME)
    if alike and not is_part and content.recur_often(cells) and _differs_elsewhere(guess, at, alike):
        if thought in (Field.NAME, Field.LAST_NAME) and (other := _whole_name(guess, at, cells)) is not None:
            # "Nombre" of "Nombre, Apellidos, Nombre completo".
            told = Field.LAST_NAME if guess.has(Field.FIRST_NAME) else Field.FIRST_NAME
            is_less = thought == Field.NAME and content.within(cells, guess.cells(other), is_more=True)
            return told if is_less and guess.has(Field.FIRST_NAME, Field.LAST_NAME) else thought
        # A colleague's, beside the customer's; or the firm's of several people.
        is_firm = thought == Field.NAME and content.are_firms(cells) and not guess.has(Field.COMPANY)
        return Field.COMPANY if is_firm else None
    if thought is None or (thought not in DAYS and not content.contradict(cells, thought)):
        return thought
    if thought in DAYS and (at in guess.sure or not content.hardly(cells, Kind.DAY)):
        return thought
    others = (each for each in senses_of(guess.headings[at]) if each != thought and content.agree(cells, each))
    found = next(others, Field.POSTCODE if thought == Field.CITY and content.are_postcodes(cells) else None)
    return None if found is None or (found not in MANY and guess.has(found)) else found


def _whole_name(guess: Guess, at: int, cells: list[str]) -> int | None:
    """Return the column of names in which these stand, None for none; beside one of first names it is that one."""
    others = [other for other, each in enumerate(guess.found) if each == Field.NAME and other != at]
    if guess.found[at] == Field.LAST_NAME and others and content.are_single_words(guess.cells(others[0])):
        return others[0]
    return next((other for other in others if content.within(cells, guess.cells(other))), None)


def _differs_elsewhere(guess: Guess, at: int, alike: set[Field]) -> bool:
    """Whether another column has each customer's own."""
    others = (other for other, each in enumerate(guess.found) if each in alike and other != at)
    return any(content.differ(guess.cells(other)) for other in others)


def _half_named(guess: Guess, at: int, cells: list[str]) -> Field | None:
    """Return what a column may be by its name, if its cells agree: cut short, or but for a word nobody knows."""
    for each in (*senses_of(guess.headings[at]), *rest_of(guess.headings[at])):
        if not content.agree(cells, each) or (each not in MANY and guess.has(each)):
            continue
        if each in AMID_OTHERS and not PLACE & set(guess.found[max(at - 2, 0) : at + 3]):
            continue
        if each in WHO_NAMES and (guess.has(Field.NAME, each) or not content.differ(cells)):
            continue
        if each in PLACE and content.hold_digits(cells) and each in AMID_OTHERS - {Field.HOUSE_NUMBER}:
            continue
        if each == Field.NAME and guess.has(*WHO_NAMES):
            continue
        return None if each == Field.EMAIL and guess.has(each) and content.recur(cells) else each
    return None


def _contacts_by_cells(guess: Guess, export: Export) -> None:
    """Tell how a customer is reached in what a known product names as we do not know: in another language, or anew."""
    for at, heading in enumerate(guess.headings):
        key = key_of(heading)
        if (
            guess.found[at]
            or key in export.machinery
            or key in export.fields
            or not heading.strip()
            or traits.is_elses(heading)
        ):
            continue
        cells = guess.cells(at)
        kind = content.kind_of(cells)
        if kind == Kind.EMAIL or (kind == Kind.PHONE and content.are_numbers(cells)):
            guess.found[at] = FIELD_OF[kind]


def _unnamed(guess: Guess, at: int, kind: Kind | None, cells: list[str]) -> Field | None:
    """Return what a column nobody can name is by its cells."""
    if traits.is_place_of(guess.headings[at]) and content.are_phones(cells):
        # Address books write "Home" and "Work" above the numbers.
        return Field.PHONE
    if traits.is_owner_of_place(guess.headings[at]):
        is_new = not guess.has(*WHO_NAMES) and content.differ(cells)
        return Field.NAME if is_new and not content.contradict(cells, Field.NAME) else None
    told = FIELD_OF.get(kind) if kind else Field.EMAIL if content.are_addresses(cells) else None
    is_beside_city = Field.CITY in guess.found[max(at - 1, 0) : at + 2] and guess.headings[at].strip()
    if is_beside_city and not guess.has(Field.STATE) and content.are_states(cells):
        return Field.STATE
    if (part := traits.of_owner(guess.headings[at])) and not guess.has(part, Field.NAME) and content.differ(cells):
        # The owner of the house: a colleague has many leads.
        return part
    if told is None or not guess.headings[at].strip() or traits.is_elses(guess.headings[at]):
        return None
    if told == Field.PHONE and (not content.are_numbers(cells) or traits.is_of_tax(guess.headings[at])):
        return None
    if told == Field.PHONE and content.recur_often(cells) and traits.is_colleague(guess.headings[at]):
        return None
    if told == Field.EMAIL and guess.has(Field.EMAIL) and (content.recur(cells) or _is_copy(guess, at, cells)):
        # A colleague's, or somebody's who has many customers; or "Ann Lee (ann@example.com)", as it is shown.
        return None
    if told == Field.NAME:
        return told if not guess.has(*WHO_NAMES) and content.differ(cells) else None
    return told if told in MANY or not guess.has(told) else None


def _is_copy(guess: Guess, at: int, cells: list[str]) -> bool:
    """Whether another column has the same addresses of mail."""
    others = (other for other, each in enumerate(guess.found) if each == Field.EMAIL and other != at)
    return any(content.within(guess.cells(other), cells) for other in others)


def _corrected(guess: Guess, at: int, thought: Field, kind: Kind | None, cells: list[str]) -> Field | None:
    """Return what a column is whose cells are something else than its name says."""
    if thought in NO_ANSWERS and content.are_answers(cells):
        return None
    if thought in (Field.NAME, Field.PHONE, Field.MOBILE, Field.STREET, Field.EMAIL):
        if kind == Kind.EMAIL:
            return Field.EMAIL
        if kind == Kind.PHONE and thought in (Field.NAME, Field.EMAIL):
            return Field.PHONE
        if kind == Kind.ADDRESS and thought == Field.NAME and not guess.has(Field.STREET):
            return Field.STREET
        if thought == Field.STREET and content.are_house_numbers(cells) and not guess.has(Field.HOUSE_NUMBER):
            return Field.HOUSE_NUMBER
        if thought == Field.NAME and _is_id(guess, at, cells):
            return None if guess.has(Field.EXTERNAL_ID) else Field.EXTERNAL_ID
        if thought == Field.STREET and traits.is_spot(guess.headings[at]):
            return _of_spot(guess, kind, cells)
    if thought == Field.NOTE and kind == Kind.PHONE and content.are_numbers(cells):
        return Field.PHONE
    if thought == Field.COMPANY and traits.is_comunidad(guess.headings[at]):
        return Field.STATE if _is_amid_places(guess, at) else thought if content.differ(cells) else None
    if thought == Field.STATUS and traits.is_estado(guess.headings[at]):
        # "Cidade, Estado, País"; and by its cells beside "Municipio".
        is_part = _is_amid_places(guess, at) or (PLACE & set(_beside(guess, at)) and content.are_mexican_states(cells))
        return Field.STATE if is_part else thought
    if thought == Field.REP and kind == Kind.EMAIL and not guess.has(Field.EMAIL) and content.differ(cells):
        return Field.EMAIL
    if thought == Field.REP and not guess.has(*WHO_NAMES) and kind == Kind.NAME and content.differ(cells):
        # The owner of the house, where nobody else is named.
        return Field.NAME
    if thought == Field.SOURCE and not guess.has(Field.STREET) and content.are_streets(cells):
        # "Via", in Italy.
        return Field.STREET
    if thought == Field.STREET_2 and content.are_words(cells) and not PLACE & set(_beside(guess, at)):
        # "Suite", in France what comes of it.
        return None
    if thought == Field.INFIX and (
        content.are_labels(cells) or (at in guess.empty and traits.is_affix(guess.headings[at]))
    ):
        return None
    if thought == Field.TITLE and kind == Kind.SALUTATION:
        return None
    if thought == Field.TITLE and kind == Kind.ADDRESS and traits.asks_where(guess.headings[at]):
        # "Where is the job?"
        return None if guess.has(Field.STREET) else Field.STREET
    if thought == Field.NEXT_STEP and kind == Kind.DAY and not guess.has(Field.NEXT_STEP_AT):
        return Field.NEXT_STEP_AT
    if at in guess.sure:
        return thought
    if thought in (Field.PHONE, Field.MOBILE, Field.POSTCODE) and content.are_words(cells):
        return None
    return None if thought == Field.VALUE and content.hardly(cells, Kind.MONEY) else thought


def _is_id(guess: Guess, at: int, cells: list[str]) -> bool:
    """Whether these are ids of customers: those with letters, "KD-7000", only where another column names them."""
    others = (each for other, each in enumerate(guess.found) if other != at)
    return content.are_ids(cells) or (any(each in WHO_NAMES for each in others) and content.are_codes(cells))


def _of_spot(guess: Guess, kind: Kind | None, cells: list[str]) -> Field | None:
    """Return what a "Location" is: an address, a town, somebody where nobody else is named, or its name for a note."""
    if content.are_meetings(cells):
        return None
    if content.are_towns(cells):
        return None if guess.has(Field.CITY) else Field.CITY
    if kind == Kind.NAME and not guess.has(*WHO_NAMES) and content.differ(cells):
        return Field.NAME
    return None if kind == Kind.NAME and not content.are_streets(cells) else Field.STREET


def _beside(guess: Guess, at: int) -> list[Field | None]:
    return [*guess.found[max(at - 2, 0) : at], *guess.found[at + 1 : at + 3]]


def _is_amid_places(guess: Guess, at: int) -> bool:
    """Whether the columns at both sides are of an address."""
    return 0 < at < len(guess.found) - 1 and {guess.found[at - 1], guess.found[at + 1]} <= PLACE


def _keep_the_best(guess: Guess) -> None:
    """Of several columns for one field keep the surest, the first; of addresses one of each rank."""
    taken: set[tuple[Field, int]] = set()
    whole = _whole_beside_parts(guess)
    for at in sorted(
        range(len(guess.found)),
        key=lambda at: (at in guess.empty, at in whole, at not in guess.sure, traits.is_less_sure(guess.headings[at])),
    ):
        each = guess.found[at]
        if each is None or each in MANY:
            continue
        key = (each, rank_of(guess.headings[at]) if each in PLACE else 0)
        if key in taken:
            is_title = each == Field.NAME and traits.is_record(guess.headings[at]) and not guess.has(Field.TITLE)
            guess.found[at] = Field.TITLE if is_title else None
        taken.add(key)


def _whole_beside_parts(guess: Guess) -> set[int]:
    """List the columns of addresses whose street is in another column too: "Full address" beside "Street"."""
    streets = [at for at, each in enumerate(guess.found) if each == Field.STREET]
    if len(streets) < 2:
        return set()
    cells = {at: guess.cells(at) for at in streets}
    return {
        at
        for at in streets
        if traits.says_whole(guess.headings[at])
        or any(other != at and content.within(cells[other], cells[at], is_more=True) for other in streets)
    }
