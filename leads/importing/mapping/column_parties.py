"""Tell apart those whom several columns name: the customer, their firm, who to talk to, and whoever is neither."""

from leads.importing.mapping import column_content as content
from leads.importing.mapping.column_content import Guess, Kind
from leads.importing.mapping.headings import Field
from leads.importing.mapping.names import is_part, name_words
from leads.importing.mapping.words import traits


def leave_second_parties(guess: Guess) -> None:
    """Leave the number and address of a guest, or of whoever else has columns, where the customer's own are there."""
    for fields in ({Field.EMAIL}, {Field.PHONE, Field.MOBILE}):
        reached = [at for at, each in enumerate(guess.found) if each in fields and at not in guess.empty]
        second = {at for at in reached if traits.is_second_party(guess.headings[at], guess.headings)}
        for at in second if len(second) < len(reached) else ():
            guess.found[at] = None


def leave_own_firm(guess: Guess) -> None:
    """Leave the firm that is the same in all rows, whose books these are, where another column has the customers'."""
    firms = [at for at, each in enumerate(guess.found) if each == Field.COMPANY and at not in guess.empty]
    same = {at for at in firms if content.are_all_one(guess.cells(at))}
    for at in same if len(same) < len(firms) else ():
        guess.found[at] = None


def contact_or_customer(guess: Guess) -> None:
    """Tell a customer, or the name of a deal, from the person to talk to, where nearly every row names both."""
    names = [at for at, each in enumerate(guess.found) if each == Field.NAME]
    contact = next((at for at in names if traits.is_contact(guess.headings[at])), None)
    other = next((at for at in names if not traits.is_contact(guess.headings[at])), None)
    if contact is None or other is None:
        return
    cells = [(row[contact].strip(), row[other].strip()) for row in guess.rows if max(contact, other) < len(row)]
    named = [(person, what) for person, what in cells if what]
    persons = [person for person, what in named if person and person != what]
    is_told = len(persons) == len(named) or content.are_firms([what for _, what in named])
    # A few have somebody to talk to, as firms do: "Kd., Ansprechp.".
    is_told = is_told or (len(persons) > 1 and traits.is_customer(guess.headings[other]))
    if any(person for person, _what in cells) and is_told:
        is_deal = not traits.is_customer(guess.headings[other]) and guess.has(Field.VALUE, Field.STAGE, Field.STATUS)
        told = Field.TITLE if is_deal else Field.COMPANY
        guess.found[other] = None if guess.has(told) else told


def name_or_title(guess: Guess) -> None:
    """Tell the name of a deal, "Roof Miller" in "Lead Name", from that of the customer, who has columns of his own."""
    parts = [at for at, each in enumerate(guess.found) if each in (Field.FIRST_NAME, Field.LAST_NAME)]
    at = next((at for at, each in enumerate(guess.found) if each == Field.NAME), None)
    if at is None or len(parts) != 2 or guess.has(Field.TITLE):
        return
    if content.recur_often(guess.cells(at)):
        # "Who", of the colleague.
        guess.found[at] = None
        return
    rows = [row for row in guess.rows if len(row) > max(at, *parts) and row[at].strip()]
    told = [(name_words(row[at]), [name_words(row[part]) for part in parts]) for row in rows]
    both = [(name, one | other) for name, (one, other) in told if one and other]
    if both and not any(name >= each for name, each in both):
        # "Name" beside "Contact: first name" is the firm they are at.
        is_firm = all(traits.is_contact(guess.headings[part]) for part in parts) or content.are_firms(guess.cells(at))
        guess.found[at] = Field.COMPANY if is_firm and not guess.has(Field.COMPANY) else Field.TITLE


def name_or_part(guess: Guess) -> None:
    """Tell "Nom" beside "Prénom", and "Nombre" beside "Apellidos", from the whole name."""
    at = next((at for at, each in enumerate(guess.found) if each == Field.NAME), None)
    if at is None or guess.has(Field.FIRST_NAME) == guess.has(Field.LAST_NAME):
        return
    part, other = Field.FIRST_NAME, Field.LAST_NAME
    if guess.has(Field.FIRST_NAME):
        part, other = other, part
    beside = guess.found.index(other)
    pairs = [(row[at].strip(), row[beside].strip()) for row in guess.rows if max(at, beside) < len(row)]
    if not pairs and " " in guess.headings[at].strip():
        return
    whole = sum(bool(one) and is_part(two.lower(), one.lower()) for one, two in pairs if two)
    if 2 * whole < max(len(pairs), 1):
        guess.found[at] = part


def firm_or_person(guess: Guess) -> None:
    """Of several columns for a firm, tell the person at it, and the customer from the name the firm trades under."""
    firms = [at for at, each in enumerate(guess.found) if each == Field.COMPANY and at not in guess.empty]
    if len(firms) < 2 or guess.has(Field.NAME, Field.FIRST_NAME, Field.LAST_NAME):
        return
    person = next((at for at in firms if traits.is_contact(guess.headings[at])), None)
    if person is not None and content.kind_of(guess.cells(person)) == Kind.NAME:
        # "pers. contacto emp."
        guess.found[person] = Field.NAME
    elif content.kind_of(guess.cells(firms[0])) == Kind.NAME and not content.are_firms(guess.cells(firms[0])):
        # "Nombre fiscal", of a person who trades as something else.
        guess.found[firms[0]] = Field.NAME


def take_stand_ins(guess: Guess) -> None:
    """Take the manager or tenant of the place, and how they are reached, where nobody else is named or reached."""
    standing = [at for at, heading in enumerate(guess.headings) if traits.is_stand_in(heading)]
    names = [at for at, each in enumerate(guess.found) if each in (Field.NAME, Field.FIRST_NAME, Field.LAST_NAME)]
    is_place = len(names) == 1 and traits.is_name_of_place(guess.headings[names[0]])
    for at in standing if is_place or not names else ():
        if content.kind_of(guess.cells(at)) == Kind.NAME and not content.recur_often(guess.cells(at)):
            if is_place and not guess.has(Field.COMPANY):
                guess.found[names[0]] = Field.COMPANY
            guess.found[at] = Field.NAME
            break
    for kind, fields in ((Kind.EMAIL, {Field.EMAIL}), (Kind.PHONE, {Field.PHONE, Field.MOBILE})):
        for at in standing if not guess.has(*fields) else ():
            if content.kind_of(guess.cells(at)) == kind:
                guess.found[at] = content.FIELD_OF[kind]
