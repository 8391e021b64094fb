"""Guess what each column holds: as its product means it, as its name says, by the words of its name, by its cells.

The surer of two goes first. A guess by words or cells is only a guess: the page shows it, and it can be corrected.
"""

from collections.abc import Sequence

from leads.importing.mapping import column_content as content
from leads.importing.mapping import column_parties as parties
from leads.importing.mapping.column_cells import by_cells, contacts_by_cells
from leads.importing.mapping.exports.recognition import Export, key_of
from leads.importing.mapping.guess import Guess
from leads.importing.mapping.headings import MANY, OF_A_CUSTOMER, PLACE, Field
from leads.importing.mapping.words import traits
from leads.importing.mapping.words.senses import second_line, sense_of, whole_address
from leads.importing.mapping.words.several_addresses import address_of, numbered


def guess_columns(
    headings: Sequence[str], export: Export | None, rows: Sequence[Sequence[str]] = ()
) -> list[Field | None]:
    """List what each column may be. `rows`: the first ones below the header, by which guesses are corrected."""
    guess = Guess(traits.unprefixed(headings) if export is None else headings, rows)
    _by_names(guess, export)
    if export is None:
        by_cells(guess)
    else:
        contacts_by_cells(guess, export)
    if export is None:
        parties.parts_of_whole(guess)
        parties.contact_or_customer(guess)
    _keep_the_best(guess)
    parties.name_or_title(guess, is_told=export is not None)
    parties.name_or_part(guess)
    return guess.found


def _by_names(guess: Guess, export: Export | None) -> None:
    starts, another = traits.shared_starts(guess.headings), numbered(guess.headings)
    for at, heading in enumerate(guess.headings):
        key = key_of(heading)
        told = export is not None and (key in export.weaker or key in export.machinery or key in export.fields)
        known = export.fields.get(key) if export is not None and told else another.get(at) or traits.named(heading)
        if known or told:
            guess.sure.add(at)
        elif known is None:
            is_second = second_line(heading) or (
                guess.found[-1:] == [Field.STREET] and second_line(f"address {heading}")
            )
            known = Field.STREET_2 if is_second else _grouped(heading, starts)
            # Of a product that is known, what else it writes is its own affair.
            is_told = known in OF_A_CUSTOMER or (known == Field.NAME and traits.is_name_alone(heading))
            known = known if export is None or export.is_partly_known or is_told else None
            if guess.found[-1:] == [Field.STREET] and (
                traits.is_number(heading) if known is None else known == Field.STREET and traits.ends_in_number(heading)
            ):
                known = Field.HOUSE_NUMBER
        guess.found.append(known)
    _whole_address(guess)
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


def _keep_the_best(guess: Guess) -> None:
    """Of several columns for one field keep the surest, the first; of addresses one of each rank."""
    taken: set[tuple[Field, tuple[int, str]]] = set()
    whole = _whole_beside_parts(guess)
    for at in sorted(
        range(len(guess.found)),
        key=lambda at: (
            at in guess.empty,
            at in whole,
            # "Job #" before "Customer ID".
            -content.distinct_share(guess.cells(at)) if guess.found[at] == Field.EXTERNAL_ID else 0,
            at not in guess.sure,
            traits.is_less_sure(guess.headings[at]),
        ),
    ):
        each = guess.found[at]
        if each is None or each in MANY:
            continue
        key = (each, address_of(guess.headings[at]) if each in PLACE else (0, ""))
        if key in taken or (at in whole and any(field == each for field, _address in taken)):
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
