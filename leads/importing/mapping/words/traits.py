"""What a column's name says besides a field: whose it is, what kind of place, which columns are a group."""

import re
from collections import Counter
from collections.abc import Sequence

from leads.importing.mapping.exports.recognition import key_of
from leads.importing.mapping.headings import MANY, PLACE, Field
from leads.importing.mapping.known_headings import field_of
from leads.importing.mapping.words.meanings import meanings, parts_of
from leads.importing.mapping.words.senses import end_of, second_line, sense_of, words_of

# So many columns that begin alike are a group; wider files are looked at up to here.
_GROUP, _MOST_HEADINGS, _LONGEST_START = 3, 200, 3
# A longer heading is a sentence.
_LONGEST = 80
# The one to talk to, where the customer has a column too.
CONTACTS = frozenset(
    "contact contacts contactpersoon ansprechpartner kontakt kontaktperson interlocuteur contacto "
    "ansprechperson ansprechpersonen contactpersonen kontaktpersonen interlocutor".split()
)
_ATTENTION = frozenset({"tav", "terattentievan", "attn", "zh", "zhd", "zhdn", "zuhanden", "alattentionde"})
_WHOLE = frozenset(
    "formatted full complete whole volledig volledige vollstandig vollstandige komplett komplette complet complete "
    "completa completo".split()
)
# Beside these a title is how somebody is addressed, or what they do for a living.
_OF_PERSONS = frozenset(
    key_of(name)
    for name in "suffix, middle name, job title, department, salutation, anrede, position, nickname, civilite, "
    "tratamiento, namenszusatz, abteilung, suffixe, fonction, cargo, functie, zweiter vorname, weitere vornamen, "
    "deuxieme prenom, segundo nombre, middelste naam".split(", ")
)
# "Person1Email": of the first of those at a customer's, beside the customer's own.
_OF_SECOND = re.compile(r"(?:person|persona|personne|persoon) ?\d", re.IGNORECASE)
# Those who have to do with a customer, and are none.
_SECOND_PARTIES = frozenset(
    "sponsor lease leasing lessor syndic hausverwaltung hausverw hv verwalter verwaltung beheerder vve notaire notaris "
    "notar notario makler makelaar gestor gestoria".split()
)
# What is done, where no more is said: "Service", "Travaux".
_WORKS = frozenset(
    "service services works leistung leistungen travaux trabajos servicio servicios diensten werkzaamheden "
    "arbeiten".split()
)
_NO_JOBS = frozenset(
    "rep user modified touched latest next followup due date source campaign priority language tax note other email "
    "phone mobile street city zip country name firstname lastname company created id".split()
)
_EMPLOYERS = frozenset("employer employers arbeitgeber werkgever employeur empleador".split())
_OURS = frozenset("our ours unser unsere ons onze notre nos nuestro nuestra nuestros".split())
_FLOORS = frozenset("etage floor verdieping piso planta lot stiege".split())
_WHERE = frozenset("where wo waar où ou dónde donde dove".split())
# "Nom affiché": "Garage Lee, Ann Lee".
_AS_SHOWN = frozenset("display affiche mostrado anzeigename weergavenaam".split())
# "properties.", "lead_x."; a space would part a name.
_PREFIX = re.compile(r"\s{0,4}([^\W\d_]{2,24})\s{0,4}[.:/>|_-]{1,2}\s{0,4}(?=\w)")


def is_elses(heading: str) -> bool:
    """Whether a heading has a word of somebody, or something, else: an adjuster's phone, a page's address."""
    return any(meanings().get(part) == {"other"} for word in words_of(heading) for part in parts_of(word))


def are_of_persons(headings: Sequence[str]) -> bool:
    """Whether one of the columns says that a title is a person's: "Salutation", "Job title"."""
    return not _OF_PERSONS.isdisjoint(map(key_of, headings))


def is_affix(heading: str) -> bool:
    """Whether it is what stands beside a name, which may be a title or a suffix as well: "Namenszusatz"."""
    return "namenszusatz" in words_of(heading)


def says_whole(heading: str) -> bool:
    """Whether it says that nothing is missing: "Full address", "Adresse complète"."""
    return not _WHOLE.isdisjoint(words_of(heading))


def unprefixed(headings: Sequence[str]) -> Sequence[str]:
    """Take off a word nobody knows that most columns begin with: "properties.firstname"."""
    told = [_PREFIX.match(heading) for heading in headings[:_MOST_HEADINGS]]
    counted = Counter(each[1].lower() for each in told if each).most_common(1)
    word, count = counted[0] if counted else ("", 0)
    if count < max(_GROUP, len(headings) / 2) or any(parts_of(each) for each in words_of(word)):
        return headings
    return [
        heading[each.end() :] if each and each[1].lower() == word else heading
        for heading, each in zip(headings, (*told, *[None] * len(headings)), strict=False)
    ]


def is_less_sure(heading: str) -> bool:
    """Whether it is a part of a town, a name as it is shown, or a country's code: the whole is surer."""
    told = [meanings().get(word, frozenset[str]()) for word in words_of(heading)]
    is_code = any("code" in each for each in told) and any("country" in each for each in told)
    return is_code or any(word in _AS_SHOWN for word in words_of(heading)) or any("suburb" in each for each in told)


def is_place_of(heading: str) -> bool:
    """Whether it says no more than at which of somebody's places: "Home", "Work", "Other"."""
    words = words_of(heading)
    return bool(words) and all(meanings().get(word, frozenset()) & {"home", "work", "whose"} for word in words)


def is_ours(heading: str) -> bool:
    """Whether it is of those whose file it is: "Our phone"."""
    return not _OURS.isdisjoint(heading[:_LONGEST].lower().split())


def is_employer(heading: str) -> bool:
    """Whether it is of whom the customer works for: "Employer phone"."""
    return not _EMPLOYERS.isdisjoint(words_of(heading))


def is_further_line(heading: str) -> bool:
    """Whether it is the third line of an address, or a later one: "Address 3", "Add 4"."""
    words = words_of(heading)
    number = next((int(word) for word in words if word.isdecimal()), 0)
    return 2 < number < 7 and sense_of(" ".join(word for word in words if not word.isdecimal())) == Field.STREET


def may_tell_jobs(heading: str) -> bool:
    """Whether what stands below it may tell two jobs of one customer apart: no colleague's name, no salutation."""
    told = [meanings().get(part, frozenset[str]()) for word in words_of(heading) for part in parts_of(word)]
    is_somebodys = is_elses(heading) or is_ours(heading) or any(each & _NO_JOBS for each in told)
    return not is_somebodys and not is_number(heading) and heading.strip() != "#"


def is_order(heading: str) -> bool:
    """Whether it says no more than that it is an order: "Work Order", "WO", above what numbers them."""
    told = [meanings().get(word, frozenset[str]()) for word in words_of(heading)]
    return any("order" in each for each in told) and all(each & {"order", "work", "title"} for each in told)


def is_work(heading: str) -> bool:
    """Whether it says no more than that it is work: a place above numbers, above words what is to be done."""
    words = words_of(heading)
    return bool(words) and all(word in _WORKS or "work" in meanings().get(word, ()) for word in words)


def is_another_number(heading: str) -> bool:
    """Whether it says no more than that it is one more number: "Alt #"."""
    words = words_of(heading)
    is_told = all(meanings().get(word, frozenset()) & {"no", "whose", "home", "work"} for word in words)
    return is_told and any("no" in meanings().get(word, ()) for word in words) and len(words) > 1


def asks_how(heading: str) -> bool:
    """Whether it asks how somebody is reached, be it by mail or phone: "Comment le joindre ?"."""
    return any("reach" in meanings().get(word, ()) for word in words_of(heading))


def is_spot(heading: str) -> bool:
    """Whether it names a place, be it an address or a town: "Job location"."""
    return any("spot" in meanings().get(word, ()) for word in words_of(heading))


def is_contact(heading: str) -> bool:
    """Whether it is the person at a customer: "Contact person", "Ansprechpartner"."""
    is_told = any(part in CONTACTS for word in words_of(heading) for part in parts_of(word))
    return is_told or key_of(heading) in _ATTENTION


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


def is_comunidad(heading: str) -> bool:
    """Whether it may be a part of Spain as well as the owners of a house together."""
    return any("community" in meanings().get(word, ()) for word in words_of(heading))


def is_number(heading: str) -> bool:
    """Whether it says no more than that it is a number: "Nummer", "Numéro", "No."."""
    words = words_of(heading)
    return bool(words) and all("no" in meanings().get(word, ()) for word in words)


def is_house(heading: str) -> bool:
    """Whether it says no more than that it is a house: "House", beside its road."""
    words = words_of(heading)
    return bool(words) and all("house" in meanings().get(word, ()) for word in words)


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
        rest = " ".join(words[length:])
        found = Field.STREET_2 if second_line(rest) else sense_of(rest)
        is_address = any("street" in meanings().get(word, ()) for word in start)
        if found in PLACE or (is_address and found == Field.COMPANY):
            return found
    return None


def is_name_of_place(heading: str) -> bool:
    """Whether it is what a house or property is called: "Property name"."""
    told = [meanings().get(word, frozenset[str]()) for word in words_of(heading)]
    return any("site" in each for each in told) and all(each & {"site", "name"} for each in told)


def is_colleague(heading: str) -> bool:
    """Whether it has a word for one of those who sell: "Agent: Phone"."""
    return any("rep" in meanings().get(word, ()) for word in words_of(heading))


def asks_where(heading: str) -> bool:
    """Whether it is a question for a place: "Where is the job?"."""
    return not _WHERE.isdisjoint(heading[:_LONGEST].lower().split())


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


def named(heading: str) -> Field | None:
    """Return the field our list has a name for; "Job #" is no job, though its sign is no letter."""
    known = sense_of(heading) if "#" in heading else field_of(heading)
    if known == Field.STREET and second_line(heading):
        # "Adres (regel 2)".
        return None
    if known == Field.REP and is_owner_of_place(heading):
        return None
    if known in MANY and sense_of(heading) == Field.NOTE:
        # "Bemerkung (E-Mail)".
        return Field.NOTE
    # "Name (Firma)": some have a column for the names of firms beside that for people's.
    return Field.COMPANY if known == Field.NAME and names_company(heading) else known


def is_no_phone(heading: str) -> bool:
    """Whether it is what the tax office or somebody else numbers, however it is written: "TaxNumber", "GEO_ID"."""
    ends = (end_of(word) or word for word in words_of(heading))
    return any(not {"tax", "id"}.isdisjoint(meanings().get(end, ())) for end in ends)


def is_name_alone(heading: str) -> bool:
    """Whether it says no more than that it is a name: "Nom", "Nombre"."""
    words = words_of(heading)
    return bool(words) and all("name" in meanings().get(word, ()) for word in words)


def is_way(heading: str) -> bool:
    """Whether it is cut to what an English street is called by: "St"."""
    return words_of(heading) == ("st",)


def is_unit(heading: str) -> bool:
    """Whether it is a part of a house, or a thing that is sold: "Unit", "Etage"."""
    return any("unit" in meanings().get(part, ()) for word in words_of(heading) for part in parts_of(word))


def is_floor(heading: str) -> bool:
    """Whether it may say how much there is to carry, or which of several lots it is: "Etage", "Lot"."""
    return not _FLOORS.isdisjoint(words_of(heading))


def is_second_party(heading: str, headings: Sequence[str]) -> bool:
    """Whether a number or address is a guest's, or of somebody whose word other columns have too: "tel lease"."""
    words = words_of(heading)
    if is_ours(heading):
        return True
    if any("guest" in meanings().get(word, ()) for word in words) or _OF_SECOND.match(heading):
        return True
    unknown = {word for word in words if len(word) > 1 and not word.isdecimal() and not parts_of(word)}
    if len(unknown) == len(words) - sum(map(str.isdecimal, words)):
        return False
    others = (other for other in headings[:_MOST_HEADINGS] if other != heading and sense_of(other) not in MANY)
    shared = (unknown & set(words_of(other)) for other in others)
    return any(word in _SECOND_PARTIES for word in words) or any(shared)
