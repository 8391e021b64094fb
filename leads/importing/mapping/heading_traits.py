"""What a column's name says besides a field: whose it is, what kind of place, which columns are a group."""

from collections import Counter
from collections.abc import Sequence

from leads.importing.mapping.heading_senses import sense_of, words_of
from leads.importing.mapping.heading_words import meanings, parts_of
from leads.importing.mapping.headings import PLACE, Field

# So many columns that begin alike are a group; wider files are looked at up to here.
_GROUP, _MOST_HEADINGS, _LONGEST_START = 3, 200, 3
# A longer heading is a sentence.
_LONGEST = 80
# The one to talk to, where the customer has a column too.
CONTACTS = frozenset(
    "contact contacts contactpersoon ansprechpartner kontakt kontaktperson interlocuteur contacto".split()
)


def is_elses(heading: str) -> bool:
    """Whether a heading has a word of somebody, or something, else: an adjuster's phone, a page's address."""
    return any(meanings().get(word) == {"other"} for word in words_of(heading))


def is_suburb(heading: str) -> bool:
    """Whether it is a part of a town: the town itself is surer."""
    return any("suburb" in meanings().get(word, ()) for word in words_of(heading))


def is_place_of(heading: str) -> bool:
    """Whether it says no more than at which of somebody's places: "Home", "Work", "Other"."""
    words = words_of(heading)
    return bool(words) and all(meanings().get(word, frozenset()) & {"home", "work", "whose"} for word in words)


def is_spot(heading: str) -> bool:
    """Whether it names a place, be it an address or a town: "Job location"."""
    return any("spot" in meanings().get(word, ()) for word in words_of(heading))


def is_contact(heading: str) -> bool:
    """Whether it is the person at a customer: "Contact person", "Ansprechpartner"."""
    return any(part in CONTACTS for word in words_of(heading) for part in parts_of(word))


def is_customer(heading: str) -> bool:
    """Whether it is the customer, person or firm: "Klant", "Account name"."""
    return any("buyer" in meanings()[part] for word in words_of(heading) for part in parts_of(word))


def of_owner(heading: str) -> Field | None:
    """Return the part of a name it is of whoever owns something: "Owner first name"."""
    words = words_of(heading)
    rest = [word for word in words if "rep" not in meanings().get(word, ())]
    found = sense_of(" ".join(rest)) if len(rest) < len(words) else None
    return found if found in (Field.FIRST_NAME, Field.LAST_NAME) else None


def is_estado(heading: str) -> bool:
    """Whether it may be a part of a country as well as how it stands."""
    return any("estado" in meanings().get(word, ()) for word in words_of(heading))


def is_number(heading: str) -> bool:
    """Whether it says no more than that it is a number: "Nummer", "Numéro", "No."."""
    words = words_of(heading)
    return bool(words) and all("no" in meanings().get(word, ()) for word in words)


def ends_in_number(heading: str) -> bool:
    """Whether its last word is a number's: "Bezoekadres nr"."""
    words = words_of(heading)
    return len(words) > 1 and "no" in meanings().get(words[-1], ())


def shared_starts(headings: Sequence[str]) -> frozenset[tuple[str, ...]]:
    """List the words that several headings begin with."""
    each = [
        words[:length]
        for words in map(words_of, headings[:_MOST_HEADINGS])
        for length in range(1, min(len(words), _LONGEST_START + 1))
    ]
    return frozenset(start for start, count in Counter(each).items() if count >= _GROUP)


def within_group(heading: str, starts: frozenset[tuple[str, ...]]) -> Field | None:
    """Return what a heading means behind the words that it and others begin with: "Card Address City", "POCity"."""
    words = words_of(heading)
    for length in range(min(len(words) - 1, _LONGEST_START), 0, -1):
        start = words[:length]
        if start not in starts:
            continue
        if is_elses(" ".join(start)):
            return None
        found = sense_of(" ".join(words[length:]))
        is_address = any("street" in meanings().get(word, ()) for word in start)
        if found in PLACE or (is_address and found == Field.COMPANY):
            return found
    return None


def is_owner_of_place(heading: str) -> bool:
    """Whether it is who owns the place of the work: "Property owner", and no "Job owner"."""
    told = [meanings().get(word, frozenset[str]()) for word in words_of(heading)]
    places = [each for each in told if each & {"site", "home"} and "title" not in each]
    return bool(places) and sum("rep" in each for each in told) == 1 and len(places) == len(told) - 1


def names_company(heading: str) -> bool:
    """Whether a name is said to be a firm's behind it: "Name (Adressattyp Unternehmen)"."""
    within = heading[:_LONGEST].partition("(")[2]
    return any("company" in meanings().get(word, ()) for word in words_of(within))


def is_record(heading: str) -> bool:
    """Whether it is of the record itself, whoever the customer is: "Card name", "Box name"."""
    return any("lead" in meanings().get(word, ()) for word in words_of(heading))
