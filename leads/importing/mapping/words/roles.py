"""Tell by a column's name whose it is: the customer's, or another party's who has a column of their own."""

import re

from leads.importing.mapping.words.meanings import meanings, parts_of
from leads.importing.mapping.words.senses import words_of

# What a column's name may say besides whose it is: how somebody is reached, and at which of their places.
_REACHED = frozenset("email phone mobile no".split())
_HOW = frozenset("email phone mobile no reach electronic street home work whose small line and name value".split())
# What the name of a column that names somebody may say.
_NAMED = frozenset("name small whose party other rep firstname lastname first last company and user".split())
_WHO = frozenset({"party", "other", "rep"})
# Whom one talks to about a house whose owner nobody names, the likeliest first.
_STAND_INS = (
    "landlord landlords verhuurder vermieter bailleur arrendador casero",
    "mgr manager beheerder verwalter gestor administrador superintendent",
    "tenant tenants locataire locataires huurder mieter mieterschaft inquilino bewoner bewoners bewohner resident "
    "residents occupant occupants occupier",
    "builder builders developer developers contractor bautrager aannemer promoteur promotor promotora constructora",
)
# Who manages a house for its owners: a firm as often as a person, which the cells say.
_MANAGERS = frozenset("verwalter verwaltung hausverwalter beheerder vvebeheerder vastgoedbeheerder".split())
_OWNERS = frozenset(
    "owner owners eigenaar eigenaars inhaber besitzer proprietaire proprietaires proprio proprios propietario "
    "propietarios".split()
)
# "T. Mob", "Natel loc."; no "P.C.".
_CUT = re.compile(r"(?<![^\W_])(?<!\.)([^\W\d_]{1,12})\.(?![^\W\d_])")
_LONGEST = 80
_NO_CALL = re.compile(r"(?:tele)?fax|telecop")
# Of two letters, "HM", a word is told by those who have one word for it alone.
_SHORTEST = 2


def is_owner(heading: str) -> bool:
    """Whether it says no more than that somebody owns something: "Owner", "Eigenaar"."""
    words = words_of(heading)
    told = [word for word in words if "name" not in meanings().get(word, ())]
    return bool(told) and _OWNERS.issuperset(told)


def is_owners(heading: str) -> bool:
    """Whether it has a word for who owns something: "Owner Email"."""
    return not _OWNERS.isdisjoint(words_of(heading))


def stand_in_rank(heading: str) -> int | None:
    """Return how soon one talks to whom it names where nobody names the customer; None for never."""
    words = set(words_of(heading))
    return next((rank for rank, each in enumerate(_STAND_INS) if words & set(each.split())), None)


def is_manager(heading: str) -> bool:
    """Whether it says no more than who manages a house: "Beheerder", "VvE-beheerder"."""
    words = set(words_of(heading))
    return bool(words & _MANAGERS) and all("company" in meanings().get(word, ()) for word in words - _MANAGERS)


def role_words(heading: str) -> list[str]:
    """List the words that say whose a number or address is: "Tel. HM", "Owner Ph"; cut short as they stand there."""
    cut = {found.lower() for found in _CUT.findall(heading[:_LONGEST])}
    words = [word for word in words_of(heading) if not word.isdecimal()]
    return [word for word in dict.fromkeys((*words, *sorted(cut))) if _may_be_role(word, word in cut)]


def _may_be_role(word: str, is_cut: bool) -> bool:
    """Whether a word may say whose something is: one that says how, or where, does not; one cut short may be any."""
    told = frozenset[str]().union(*(meanings()[part] for part in parts_of(word)))
    if len(word) == 1:
        return is_cut
    return not told & (_REACHED if is_cut or len(word) <= _SHORTEST else _HOW)


def says_more(heading: str) -> bool:
    """Whether it says something else than whose, and how one is reached: "Fax (Firma)", "Company ID"."""
    words = [word for word in words_of(heading) if not word.isdecimal()]
    whose = set(role_words(heading))
    rest = (parts_of(word) for word in words if word not in whose)
    told = any(not meanings()[part] & _HOW for parts in rest for part in parts)
    return told or any(_NO_CALL.match(word) or meanings().get(word, frozenset()) & {"id", "tax"} for word in words)


def names_role(heading: str, word: str) -> bool:
    """Whether a column names somebody by the word, or what it is short for: "Hausmeister" for "HM"."""
    words = words_of(heading)
    if not any(abbreviates(word, full) for full in words):
        return False
    return all(not parts_of(each) or all(meanings()[part] & _NAMED for part in parts_of(each)) for each in words)


def abbreviates(word: str, full: str) -> bool:
    """Whether one word is another, or short for it: "propr", "hm", "lord" of "landlord"."""
    if word == full or (len(word) >= _SHORTEST and full.startswith(word)):
        return True
    if not _SHORTEST <= len(word) < len(full) - 1 or word[0] != full[0]:
        return len(word) == 1 and full.startswith(word)
    letters = iter(full)
    return all(letter in letters for letter in word)


def is_role(heading: str) -> bool:
    """Whether it says who somebody is, and nothing else that is known: "Tenant(s)", "Energy advisor"."""
    told = [meanings()[part] for word in words_of(heading) for part in parts_of(word)]
    return any(each & _WHO for each in told) and all(each & _NAMED for each in told)


def is_party(heading: str) -> bool:
    """Whether it is one who a job may be for: "Customer", "Resident", "Landlord's name"."""
    return is_role(heading) and any(
        "party" in meanings()[part] for word in words_of(heading) for part in parts_of(word)
    )


def is_of_others(heading: str) -> bool:
    """Whether it has a word for somebody who is no customer, whatever else that may mean: "Referrer's phone"."""
    return any("other" in meanings().get(word, ()) for word in words_of(heading))
