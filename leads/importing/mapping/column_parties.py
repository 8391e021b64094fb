"""Tell apart those whom several columns name: the customer, their firm, who to talk to, and whoever is neither."""

from collections import Counter

from leads.importing.mapping import column_content as content
from leads.importing.mapping.column_content import Kind
from leads.importing.mapping.guess import Guess
from leads.importing.mapping.headings import WHO_NAMES, Field
from leads.importing.mapping.names import is_part, name_words
from leads.importing.mapping.words import roles, traits

# Wider files are looked at up to here.
_MOST_HEADINGS = 200
_NEARLY_ALL = 0.8


def leave_second_parties(guess: Guess) -> None:
    """Leave the number and address of whoever else has columns, where the customer's own are there."""
    named = _named(guess)
    for at, thought in enumerate(guess.found):
        kind = content.kind_of(guess.cells(at)) if thought is None else None
        is_point = kind == Kind.EMAIL or (kind == Kind.PHONE and content.are_phones(guess.cells(at)))
        if is_point and not roles.says_more(guess.headings[at]) and _is_customers(guess.headings[at], named):
            guess.found[at] = content.FIELD_OF[kind] if kind else None
    for fields in ({Field.EMAIL}, {Field.PHONE, Field.MOBILE}):
        own = [at for at, each in enumerate(guess.found) if each in fields and at not in guess.empty]
        second = {at for at in own if _is_seconds(guess, at, _is_customers(guess.headings[at], named))}
        for at in second if len(second) < len(own) else ():
            guess.found[at] = None


def _is_seconds(guess: Guess, at: int, is_customers: bool | None) -> bool:
    heading = guess.headings[at]
    if is_customers is not None:
        return not is_customers
    return traits.is_second_party(heading, guess.headings) or (at not in guess.sure and roles.is_of_others(heading))


def _named(guess: Guess) -> list[tuple[str, bool]]:
    """List the columns that name somebody, and whether that is the customer."""
    told = enumerate(guess.headings[:_MOST_HEADINGS])
    is_of_person = guess.has(Field.NAME, Field.FIRST_NAME, Field.LAST_NAME)
    return [
        (heading, guess.found[at] in WHO_NAMES and not (is_of_person and traits.is_employer(heading)))
        for at, heading in told
        if guess.found[at] in WHO_NAMES or _names_somebody(guess, at)
    ]


def _is_customers(heading: str, named: list[tuple[str, bool]]) -> bool | None:
    """Whether a column is of whom the customer's name is of, by a word that another column names somebody by.

    None where no column does: "Owner Ph" beside "Owner", "Tel. HM" beside "Hausmeister".
    """
    words = roles.role_words(heading)
    told = [is_customer for other, is_customer in named if any(roles.names_role(other, word) for word in words)]
    return any(told) if told else None


def _names_somebody(guess: Guess, at: int) -> bool:
    """Whether a column that is nothing else has names of people or firms in it."""
    kind = content.kind_of(guess.cells(at))
    if guess.found[at] not in (None, Field.REP, Field.SOURCE) or kind not in (None, Kind.NAME):
        return False
    return kind == Kind.NAME or roles.is_role(guess.headings[at]) or content.are_firms(guess.cells(at))


def leave_own_firm(guess: Guess) -> None:
    """Leave the firm that is the same in all rows, whose books these are, where other columns have the customers'."""
    firms = [at for at, each in enumerate(guess.found) if each == Field.COMPANY and at not in guess.empty]
    same = {at for at in firms if content.are_all_one(guess.cells(at))}
    others = len(same) < len(firms) or any(
        each in (Field.NAME, Field.LAST_NAME) and content.differ(guess.cells(at)) for at, each in enumerate(guess.found)
    )
    for at in same if others else ():
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
    if not any(person for person, _what in cells):
        return
    if len(persons) < len(named) and not content.are_firms([what for _, what in named]):
        # A few have somebody to talk to, as firms do.
        guess.found[contact] = Field.CONTACT
        return
    is_deal = not traits.is_customer(guess.headings[other]) and guess.has(Field.VALUE, Field.STAGE, Field.STATUS)
    told = Field.TITLE if is_deal else Field.COMPANY
    guess.found[other] = None if guess.has(told) else told


def name_or_title(guess: Guess, *, is_told: bool) -> None:
    """Tell the name of a deal, "Roof Miller" in "Lead Name", from that of the customer, who has columns of his own.

    `is_told`: by the product whose file it is; so it is the customer's name unless it says more.
    """
    parts = [at for at, each in enumerate(guess.found) if each in (Field.FIRST_NAME, Field.LAST_NAME)]
    at = next((at for at, each in enumerate(guess.found) if each == Field.NAME), None)
    if at is None or len(parts) != 2:
        return
    is_firm = content.are_firms(guess.cells(at))
    rows = [row for row in guess.rows if len(row) > max(at, *parts) and row[at].strip()]
    infix = [other for other, each in enumerate(guess.found) if each == Field.INFIX]
    between = [set[str]().union(*(name_words(row[other]) for other in infix if other < len(row))) for row in rows]
    told = [
        (name_words(row[at]) - of, [name_words(row[part]) for part in parts], row[at])
        for row, of in zip(rows, between, strict=True)
    ]
    both = [(name, one | other, cell) for name, (one, other), cell in told if one and other]
    others = [cell for name, parted, cell in both if not name >= parted]
    says_more = len(others) < len(both) and any(name > parted for name, parted, _cell in both)
    if is_told:
        guess.found[at] = Field.TITLE if says_more and not guess.has(Field.TITLE) else Field.NAME
        return
    is_firm = is_firm or content.are_firms(others)
    if traits.is_contact(guess.headings[at]) and not content.recur_often(guess.cells(at)):
        # A ledger's contact is a firm, or the person whose names follow.
        guess.found[at] = Field.COMPANY if is_firm and not guess.has(Field.COMPANY) else Field.CONTACT
        return
    if guess.has(Field.TITLE):
        return
    if says_more:
        # "Ann Lee - Roof", and "Ann Lee" where nobody has called it anything.
        guess.found[at] = Field.TITLE
        return
    if content.recur_often(guess.cells(at)):
        # "Who", of the colleague.
        guess.found[at] = None
        return
    if both and len(others) == len(both):
        # "Name" beside "Contact: first name" is the firm they are at.
        is_firm = is_firm or all(traits.is_contact(guess.headings[part]) for part in parts)
        guess.found[at] = Field.COMPANY if is_firm and not guess.has(Field.COMPANY) else Field.TITLE


def name_or_part(guess: Guess) -> None:
    """Tell "Nom" beside "Prénom", and "Nombre" beside "Apellidos", from the whole name."""
    at = next((at for at, each in enumerate(guess.found) if each == Field.NAME), None)
    if at is None or guess.has(Field.FIRST_NAME) == guess.has(Field.LAST_NAME):
        return
    if traits.is_contact(guess.headings[at]) and content.recur_often(guess.cells(at)):
        # A colleague, whom the customers talk to.
        guess.found[at] = None
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


def one_customer(guess: Guess) -> None:
    """Of several whom the row names by what they are to it, "Contractant" and "Bewoner", leave one customer."""
    parties = [at for at, each in enumerate(guess.found) if each == Field.NAME and roles.is_party(guess.headings[at])]
    named = [at for at in parties if at not in guess.empty and not traits.is_contact(guess.headings[at])]
    chosen = next((at for at in named if traits.is_customer(guess.headings[at])), named[0] if named else None)
    for at in named:
        if at != chosen and not content.within(guess.cells(at), guess.cells(chosen or 0)):
            guess.found[at] = None


def firms_that_manage(guess: Guess) -> None:
    """Take who manages the place for the customer's firm where the cells name firms, as under "Hausverwaltung"."""
    managing = (at for at, each in enumerate(guess.headings) if roles.is_manager(each))
    free = (at for at in managing if guess.found[at] in (None, Field.NAME))
    at = next((at for at in free if content.are_firms(guess.cells(at))), None)
    if at is not None and not guess.has(Field.COMPANY):
        guess.found[at] = Field.COMPANY


def name_stand_ins(guess: Guess) -> None:
    """Take the owner, manager or tenant of the place for the customer where nobody else is named."""
    owner = next((at for at, each in enumerate(guess.found) if each == Field.REP and _is_reached(guess, at)), None)
    if owner is not None:
        # The tenant beside the owner.
        for at, heading in enumerate(guess.headings):
            if guess.found[at] == Field.NAME and roles.stand_in_rank(heading) is not None:
                guess.found[at] = None
    names = [at for at, each in enumerate(guess.found) if each in (Field.NAME, Field.FIRST_NAME, Field.LAST_NAME)]
    is_place = len(names) == 1 and traits.is_name_of_place(guess.headings[names[0]])
    if names and not is_place:
        return
    ranks = {at: rank for at, each in enumerate(guess.headings) if (rank := roles.stand_in_rank(each)) is not None}
    for at in [*([] if owner is None else [owner]), *sorted(ranks, key=lambda at: ranks[at])]:
        if guess.found[at] == Field.COMPANY:
            continue
        # A manager who comes again and again is a colleague; a landlord is none.
        may_be = ranks.get(at) == 0 or not content.recur_often(guess.cells(at)) or have_one_point_each(guess, at)
        if at == owner or (may_be and content.kind_of(guess.cells(at)) == Kind.NAME):
            if is_place and not guess.has(Field.COMPANY):
                guess.found[names[0]] = Field.COMPANY
            guess.found[at] = Field.NAME
            return


def _is_reached(guess: Guess, at: int) -> bool:
    """Whether an owner has a number in the file, which those who own leads do not: "Owner, Owner Ph"."""
    if not roles.is_owner(guess.headings[at]):
        return False
    words = set(roles.role_words(guess.headings[at]))
    for other, heading in enumerate(guess.headings[:_MOST_HEADINGS]):
        kind = content.kind_of(guess.cells(other)) if other != at else None
        if kind in (Kind.PHONE, Kind.EMAIL) and _have_one_each(guess, at, other):
            return True
        told = roles.role_words(heading) if kind == Kind.PHONE else ()
        if any(roles.abbreviates(word, full) for word in told for full in words):
            return True
    return False


def have_one_point_each(guess: Guess, at: int) -> bool:
    """Whether all numbers and addresses go with a name: that of a customer who has several jobs, and no colleague's."""
    kinds = {other: content.kind_of(guess.cells(other)) for other in range(min(len(guess.found), _MOST_HEADINGS))}
    points = [other for other, kind in kinds.items() if kind in (Kind.PHONE, Kind.EMAIL)]
    return bool(points) and all(_have_one_each(guess, at, other) for other in points)


def _have_one_each(guess: Guess, at: int, points: int) -> bool:
    """Whether who comes again and again is reached at one number or address, each at another: no colleague's leads."""
    rows = [(row[at].strip().lower(), row[points].strip()) for row in guess.rows if len(row) > max(at, points)]
    times = Counter(who for who, _point in rows if who)
    reached: dict[str, set[str]] = {}
    for who, point in rows:
        if who and point:
            reached.setdefault(who, set()).add(point.lower() if "@" in point else "".join(filter(str.isdigit, point)))
    if sum(bool(who and point) for who, point in rows) < times.total() / 2:
        return False
    again = [found for who, found in reached.items() if times[who] > 1]
    one_each = sum(len(found) == 1 for found in again) >= _NEARLY_ALL * len(again)
    return bool(again) and one_each and len(set[str]().union(*reached.values())) >= _NEARLY_ALL * len(reached) > 1


def reach_stand_ins(guess: Guess) -> None:
    """Take how the owner, manager or tenant of the place is reached where nobody else is."""
    is_owned = any(each == Field.NAME and roles.is_owner(heading) for each, heading in guess.named())
    standing = [
        at
        for at, heading in enumerate(guess.headings)
        if roles.stand_in_rank(heading) is not None
        or (is_owned and guess.found[at] in (None, Field.REP) and roles.is_owners(heading))
    ]
    for kind, fields in ((Kind.EMAIL, {Field.EMAIL}), (Kind.PHONE, {Field.PHONE, Field.MOBILE})):
        for at in standing if not guess.has(*fields) else ():
            if content.kind_of(guess.cells(at)) == kind:
                guess.found[at] = content.FIELD_OF[kind]


def parts_of_whole(guess: Guess) -> None:
    """Tell the first or last name from the whole one where both are called no more than a name."""
    names = [at for at, each in enumerate(guess.found) if each == Field.NAME]
    if any(traits.is_less_sure(guess.headings[at]) or traits.is_contact(guess.headings[at]) for at in names):
        # "Nom affiché": the firm and the person.
        return
    for at in names if len(names) == 2 else ():
        whole = next(other for other in names if other != at)
        pairs = list(zip(guess.cells(at), guess.cells(whole), strict=False))
        if not content.within(guess.cells(at), guess.cells(whole), is_more=True):
            continue
        if traits.is_record(guess.headings[whole]) and not content.are_single_words(guess.cells(at)):
            # "Isla Hay - Guildford" on the card.
            guess.found[whole] = None if guess.has(Field.TITLE) else Field.TITLE
            return
        begins = sum(two.lower().startswith(one.strip().lower()) for one, two in pairs if one.strip())
        part = Field.FIRST_NAME if 2 * begins >= len(pairs) else Field.LAST_NAME
        other = Field.LAST_NAME if part == Field.FIRST_NAME else Field.FIRST_NAME
        missing = next((each for each in (part, other) if not guess.has(each)), None)
        guess.found[at] = missing or guess.found[at]
        return
