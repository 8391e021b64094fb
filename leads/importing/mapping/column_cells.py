"""Hold what a column's name says against its cells: correct it, or say what a column is that nobody can name."""

from leads.importing.mapping import column_content as content
from leads.importing.mapping import column_parties as parties
from leads.importing.mapping.column_content import FIELD_OF, Kind
from leads.importing.mapping.exports.recognition import Export, key_of
from leads.importing.mapping.guess import Guess
from leads.importing.mapping.headings import AMID_OTHERS, DAYS, MANY, NO_ANSWERS, OF_COLLEAGUES, PLACE, WHO_NAMES, Field
from leads.importing.mapping.words import traits
from leads.importing.mapping.words.senses import rest_of, senses_of, unknown_words
from leads.importing.mapping.words.several_addresses import address_of


def by_cells(guess: Guess) -> None:
    for at, thought in enumerate(guess.found):
        cells = guess.cells(at)
        kind = content.kind_of(cells)
        if thought is None:
            guess.found[at] = _unnamed(guess, at, kind, cells)
        elif (better := _possible(guess, at, _corrected(guess, at, thought, kind, cells), cells)) != thought:
            guess.found[at] = better
            guess.sure.discard(at)
    _leave_colleagues(guess)
    for at, thought in enumerate(guess.found):
        if thought is None and guess.headings[at].strip() and not traits.is_elses(guess.headings[at]):
            guess.found[at] = _half_named(guess, at, guess.cells(at))
    _house_numbers(guess)
    parties.one_customer(guess)
    parties.firms_that_manage(guess)
    parties.name_stand_ins(guess)
    parties.leave_second_parties(guess)
    parties.leave_own_firm(guess)
    parties.firm_or_person(guess)
    parties.reach_stand_ins(guess)


def _leave_colleagues(guess: Guess) -> None:
    """Leave a name that comes again and again, "Who", where another is a different one in each row: "naam kl."."""
    for at, thought in enumerate(guess.found):
        if thought == Field.NAME and content.recur_often(guess.cells(at)) and any(map(_may_name, *_unnamed_of(guess))):
            guess.found[at] = None


def _unnamed_of(guess: Guess) -> tuple[list[str], list[list[str]]]:
    unnamed = [at for at, each in enumerate(guess.found) if each is None]
    return [guess.headings[at] for at in unnamed], [guess.cells(at) for at in unnamed]


def _may_name(heading: str, cells: list[str]) -> bool:
    is_name = Field.NAME in (*senses_of(heading), *rest_of(heading))
    return is_name and content.differ(cells) and content.agree(cells, Field.NAME)


def _house_numbers(guess: Guess) -> None:
    """Take a column that says no more than that it is a number, "N°, Voie", for that of a house beside its street."""
    for at, thought in enumerate(guess.found):
        is_house = traits.is_house(guess.headings[at]) and content.are_house_numbers(guess.cells(at))
        if thought is not None or guess.has(Field.HOUSE_NUMBER):
            continue
        if not is_house and not traits.is_number(guess.headings[at]):
            continue
        beside = [other for other in (at - 1, at + 1) if 0 <= other < len(guess.found)]
        street = next((other for other in beside if guess.found[other] == Field.STREET), None)
        if street is not None and guess.rows and not content.end_in_numbers(guess.cells(street)):
            guess.found[at] = Field.HOUSE_NUMBER


def _possible(guess: Guess, at: int, thought: Field | None, cells: list[str]) -> Field | None:
    """Return what a column is that can't be what its name says: the next its name may mean that its cells agree to."""
    alike = OF_COLLEAGUES.get(thought) if thought else None
    is_part = thought == Field.LAST_NAME and guess.has(Field.FIRST_NAME)
    # "Nom" beside "Prénom", "Nombre" beside "Apellidos"; first names come again and again.
    is_part = is_part or (
        thought == Field.NAME
        and guess.has(Field.FIRST_NAME) != guess.has(Field.LAST_NAME)
        and _is_only_name(guess)
        and (traits.is_name_alone(guess.headings[at]) or content.are_single_words(cells))
    )
    if is_part and content.are_few(cells):
        # "Famille clients".
        return None
    is_colleague = alike and not is_part and content.recur_often(cells) and _differs_elsewhere(guess, at, alike)
    if is_colleague and not (thought == Field.NAME and parties.have_one_point_each(guess, at)):
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
    return None if found is None or _is_taken(guess, at, found) else found


def _is_only_name(guess: Guess) -> bool:
    """Whether one column has names, but for that of whom to talk to, and one of answers: "Eigentümer: ja"."""
    names = [at for at, each in enumerate(guess.found) if each == Field.NAME]
    told = [at for at in names if not traits.is_contact(guess.headings[at])]
    return sum(not content.are_answers(guess.cells(at)) for at in told) == 1


def _is_taken(guess: Guess, at: int, field: Field) -> bool:
    """Whether another column has what but one may hold; each of several addresses has parts of its own."""
    if field not in PLACE:
        return field not in MANY and guess.has(field)
    address = address_of(guess.headings[at])
    return any(
        each == field and other not in guess.empty and address_of(guess.headings[other]) == address
        for other, each in enumerate(guess.found)
    )


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
    heading = guess.headings[at]
    for each in dict.fromkeys((*senses_of(heading), *rest_of(heading))):
        # A word nobody knows may say which of several addresses it is; one cut short does not.
        is_taken = _is_taken(guess, at, each) if each in rest_of(heading) else each not in MANY and guess.has(each)
        if is_taken or not content.agree(cells, each):
            continue
        if each in AMID_OTHERS and not PLACE & set(guess.found[max(at - 2, 0) : at + 3]):
            continue
        if each in WHO_NAMES and not content.differ(_with_other_part(guess, at, each)):
            continue
        if each in WHO_NAMES and guess.has(Field.NAME, each) and not _names_customer(guess, at):
            continue
        if each in PLACE and content.hold_digits(cells) and each in AMID_OTHERS - {Field.HOUSE_NUMBER}:
            continue
        if each == Field.NAME and not _names_customer(guess, at):
            continue
        return None if each == Field.EMAIL and guess.has(each) and content.recur(cells) else each
    return None


def _with_other_part(guess: Guess, at: int, part: Field) -> list[str]:
    """Return the cells of a name; of a first or last name with the other one's, called by the same unknown word."""
    other = {Field.FIRST_NAME: Field.LAST_NAME, Field.LAST_NAME: Field.FIRST_NAME}.get(part)
    unknown = unknown_words(guess.headings[at])
    for beside, heading in enumerate(guess.headings) if other and unknown else ():
        if other in (*rest_of(heading), guess.found[beside]) and unknown_words(heading) <= unknown:
            return [f"{row[at]} {row[beside]}" for row in guess.rows if len(row) > max(at, beside)]
    return guess.cells(at)


def _names_customer(guess: Guess, at: int) -> bool:
    """Whether nobody else is named, or nobody but whom to talk to at the customer this is."""
    is_customer = traits.is_customer(guess.headings[at])
    blocking = WHO_NAMES - {Field.COMPANY} if is_customer else WHO_NAMES
    named = [
        other
        for other, each in enumerate(guess.found)
        if each in blocking and other not in guess.empty and not _is_other_part(guess, at, other)
    ]
    return not named or (is_customer and all(traits.is_contact(guess.headings[other]) for other in named))


def _is_other_part(guess: Guess, at: int, other: int) -> bool:
    """Whether two columns are called by the same unknown words: the first and the last name of one person."""
    unknown = unknown_words(guess.headings[at])
    is_part = guess.found[other] in (Field.FIRST_NAME, Field.LAST_NAME)
    return is_part and bool(unknown) and unknown_words(guess.headings[other]) == unknown


def contacts_by_cells(guess: Guess, export: Export) -> None:
    """Tell how a customer is reached in what a known product names as we do not know: in another language, or anew."""
    for at, heading in enumerate(guess.headings):
        key = key_of(heading)
        if (
            guess.found[at]
            or key in export.machinery
            or key in export.fields
            or not heading.strip()
            or traits.is_elses(heading)
            or traits.is_colleague(heading)
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
    if traits.is_order(guess.headings[at]) and (content.are_codes(cells) or content.are_ids(cells)):
        return Field.EXTERNAL_ID
    if traits.is_work(guess.headings[at]) and content.are_words(cells) and not guess.has(Field.TITLE):
        return Field.TITLE
    if traits.is_owner_of_place(guess.headings[at]):
        is_new = not guess.has(*WHO_NAMES) and content.differ(cells)
        return Field.NAME if is_new and not content.contradict(cells, Field.NAME) else None
    if traits.is_further_line(guess.headings[at]):
        return _of_further_line(guess, cells)
    told = FIELD_OF.get(kind) if kind else Field.EMAIL if content.are_addresses(cells) else None
    if traits.is_way(guess.headings[at]) and content.are_streets(cells) and not guess.has(Field.STREET):
        return Field.STREET
    is_beside_city = Field.CITY in guess.found[max(at - 1, 0) : at + 2] and guess.headings[at].strip()
    if is_beside_city and not guess.has(Field.STATE) and content.are_states(cells):
        return Field.STATE
    if (part := traits.of_owner(guess.headings[at])) and not guess.has(part, Field.NAME) and content.differ(cells):
        # The owner of the house: a colleague has many leads.
        return part
    is_asked = traits.asks_how(guess.headings[at]) or traits.is_another_number(guess.headings[at])
    if is_asked and content.are_points(cells):
        return Field.PHONE
    if not guess.headings[at].strip():
        # Nobody has named it: what only a customer's can be, where no other column is.
        is_only = told in (Field.EMAIL, Field.PHONE) and not guess.has(told, Field.MOBILE)
        return told if is_only and (told == Field.EMAIL or content.are_numbers(cells)) else None
    if told is None or traits.is_elses(guess.headings[at]):
        return None
    if told == Field.PHONE and (not content.are_numbers(cells) or traits.is_no_phone(guess.headings[at])):
        return None
    if told == Field.PHONE and content.are_all_one(cells) and guess.has(Field.PHONE, Field.MOBILE):
        return None
    if told == Field.PHONE and content.recur_often(cells) and traits.is_colleague(guess.headings[at]):
        return None
    if told == Field.EMAIL and guess.has(Field.EMAIL) and (content.recur(cells) or _is_copy(guess, at, cells)):
        # A colleague's, or somebody's who has many customers; or "Ann Lee (ann@example.com)", as it is shown.
        return None
    if told == Field.NAME:
        return told if not guess.has(*WHO_NAMES) and content.differ(cells) else None
    return None if _is_taken(guess, at, told) else told


def _of_further_line(guess: Guess, cells: list[str]) -> Field | None:
    """Return what "Address 3" and later lines hold, which ledgers use for town, county and postcode."""
    agreed = (
        (Field.POSTCODE, content.are_postcodes(cells)),
        (Field.STATE, content.are_states(cells)),
        (Field.CITY, content.are_towns(cells)),
    )
    return next((each for each, agrees in agreed if agrees and not guess.has(each)), None)


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
            # "Location" of an address book, which has the address besides.
            is_spare = at in guess.empty and guess.has(Field.STREET)
            return None if is_spare else _of_spot(guess, kind, cells)
    if thought in (Field.NOTE, Field.EXTERNAL_ID) and kind == Kind.PHONE and content.are_numbers(cells):
        return Field.PHONE if thought == Field.NOTE or not guess.has(Field.PHONE, Field.MOBILE) else thought
    if thought in (Field.COMPANY, Field.STATUS):
        return _part_of_country(guess, at, thought, cells)
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
    if thought == Field.STREET_2 and traits.is_unit(guess.headings[at]) and not _is_unit(guess, at, cells):
        return None
    if at in guess.sure:
        return thought
    if thought == Field.HOUSE_NUMBER and _have_numbers(guess):
        return None
    if thought in (Field.PHONE, Field.MOBILE, Field.POSTCODE) and content.are_words(cells):
        return None
    return None if thought == Field.VALUE and content.hardly(cells, Kind.MONEY) else thought


def _part_of_country(guess: Guess, at: int, thought: Field, cells: list[str]) -> Field | None:
    """Return what a firm or status is that may be a part of a country: "Comunidad", "Stat", "Estado"."""
    if thought == Field.COMPANY and traits.is_contact(guess.headings[at]) and guess.has(Field.NAME, Field.LAST_NAME):
        # "Employer contact": somebody there.
        return thought if content.are_firms(cells) else None
    if thought == Field.COMPANY and traits.is_comunidad(guess.headings[at]):
        return Field.STATE if _is_amid_places(guess, at) else thought if content.differ(cells) else None
    if thought == Field.STATUS and not guess.has(Field.STATE) and content.are_states(cells):
        # "Stat", of Florida.
        return Field.STATE
    if thought == Field.STATUS and traits.is_estado(guess.headings[at]):
        # "Cidade, Estado, País"; and by its cells beside "Municipio".
        is_part = _is_amid_places(guess, at) or content.are_mexican_states(cells)
        return Field.STATE if is_part else thought
    return thought


def _is_unit(guess: Guess, at: int, cells: list[str]) -> bool:
    """Whether a "Unit" is a part of an address, and no machine: by what stands beside it, or by its cells."""
    beside = {*guess.found[max(at - 1, 0) : at], *guess.found[at + 1 : at + 2]}
    if at in guess.empty or not PLACE.isdisjoint(beside):
        return True
    return guess.has(*PLACE) and not traits.is_floor(guess.headings[at]) and content.are_units(cells)


def _have_numbers(guess: Guess) -> bool:
    """Whether streets have their numbers with them, so that a number beside them is something else."""
    streets = [at for at, each in enumerate(guess.found) if each == Field.STREET and at not in guess.empty]
    return bool(streets) and all(content.end_in_numbers(guess.cells(at)) for at in streets)


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
    if content.recur_often(cells) and not content.are_streets(cells):
        # "Office, Level 3".
        return None
    if kind == Kind.NAME and not guess.has(*WHO_NAMES) and content.differ(cells):
        return Field.NAME
    return None if kind == Kind.NAME and not content.are_streets(cells) else Field.STREET


def _beside(guess: Guess, at: int) -> list[Field | None]:
    return [*guess.found[max(at - 2, 0) : at], *guess.found[at + 1 : at + 3]]


def _is_amid_places(guess: Guess, at: int) -> bool:
    """Whether the columns at both sides are of an address."""
    return 0 < at < len(guess.found) - 1 and {guess.found[at - 1], guess.found[at + 1]} <= PLACE
