"""The first name to greet a person by, if it can be determined reliably; no queries.

Whoever is greeted by a wrong name notices; whoever is greeted without one does not. So anything that may be a firm, a
family, a couple, a number, a surname or an initial has no first name here, and the greeting goes without.
"""

import re
import unicodedata
from functools import lru_cache

from crm.people.identity.names import is_title

# More words than a name has, particles aside, are a sentence.
_MOST_WORDS = 4
_LONGEST = 200
# A surname may begin with one; nobody is called by it.
_PARTICLES = frozenset(
    "van von vom zum zur zu der den dem des de del della delle di da das do dos du d la le las los lo ten ter te tot "
    "'t t 's op in het el bin ibn abu ben bint mac mc st san santa saint sint".split()
)
# Behind a comma or at the end they belong to the surname.
_SUFFIXES = frozenset("jr sr junior senior ii iii iv v md phd dds cpa esq rn pe".split())
# Titles that a name is given without, so that they are no part of the comparison (docs/rules.md#k19).
_RANKS = frozenset(
    "captain cpt lt lieutenant major maj col colonel general gen sergeant officer chief judge justice senator father "
    "sister brother pastor rabbi imam deacon coach sir dame lord lady master miss uncle aunt ds ir ing mr mevr".split()
)
_JOINING = frozenset("and und en et y e og och i of or oder ou o für for plus & + / c/o co/ the des".split())
# Of several words one of these is enough: no person's name, or not for sure.
_OF_NO_PERSON = frozenset(
    # firms and their kinds
    "llc llp lp inc incorporated ltd limited co corp corporation company plc gmbh ag kg ohg ug gbr ev bv nv vof cv sa "
    "sarl sas srl spa sl oy ab as aps pty firm firma bedrijf entreprise empresa group groep gruppe groupe holding "
    "holdings partners partner associates enterprises enterprise industries industry international solutions systems "
    "service services roofing roofers roofer roof roofs construction constructors builders building contractors "
    "contractor contracting plumbing electric electrical painting landscaping cleaning restoration remodeling "
    "renovations exteriors homes home housing properties property realty realtors realtor estate estates rentals "
    "management mgmt investments capital insurance bank trust foundation storage logistics transport motors auto shop "
    "store market restaurant cafe hotel motel inn school college university church temple mosque hospital clinic "
    "dental medical law legal consulting agency studio studios media marketing design designs technologies tech "
    "labs software bouw dakwerken dakdekkers dakdekker schilders installatie installaties vastgoed beheer makelaardij "
    "makelaars aannemer aannemers stichting vereniging vve verein stiftung dachdecker bau haus hausverwaltung "
    "immobilien versicherung verwaltung "
    # who live together, and places
    "family families familie fam gezin famille familia famiglia household residence residents residency resident "
    "eheleute echtpaar heren dames herren damen brothers bros sisters sons hoa condo condos condominium condominiums "
    "apartments apartment villas villa city county town village "
    # offices and telephones
    "department dept office desk helpdesk payable receivable hoa caller wireless iphone android noreply noname nobody "
    "florida texas".split()
)
# What stands in front, or alone, where a name should; behind a first name it may be a surname.
_IN_PLACE_OF_A_NAME = frozenset(
    "accounts account accounting accountant billing invoice invoices team staff support sales reception front info "
    "admin administrator administration manager owner owners tenant tenants occupant landlord neighbor neighbour "
    "customer customers valued client clients klant klanten kunde kundin cliente cell mobile phone unknown anonymous "
    "onbekend unbekannt inconnu desconocido private none null undefined na n/a test tester testing guest visitor user "
    "website web contact contacts lead prospect new no name webmaster postmaster mailer mail email whatsapp facebook "
    "google".split()
)
_JUNK = re.compile(r"\([^()]{0,100}\)|\[[^\[\]]{0,100}\]")
_QUOTES = "\"'`´‘’‚‛“”„‟«»‹›<>"
_VIA = re.compile(r"\s(?:via|c/o|at|@|bei|bij|from|von der firma)\s.{0,200}$", re.IGNORECASE)
# Written without spaces, with the family name in front: nobody can tell where the first name begins.
_FAMILY_FIRST = ("CJK", "HANGUL", "HIRAGANA", "KATAKANA")


@lru_cache(maxsize=4_096)
def first_name(name: str) -> str:
    """Return the first name to greet a person by; "" if uncertain.

    "Doe, John" is John. A name all in small letters or capitals gets one capital; a name in Chinese, Japanese or
    Korean characters stays whole.
    """
    plain = _without_decoration(name[:_LONGEST])
    if any(map(str.isdigit, plain)) or "@" in plain or not any(map(str.isalpha, plain)):
        return ""
    parts = [part.split() for part in plain.split(",")]
    while len(parts) > 1 and all(_bare_word(word) in _SUFFIXES for word in parts[-1]):
        parts.pop()
    words = [word for part in parts for word in part]
    if not words or any(_is_of_no_name(word) for word in words):
        return ""
    if len(parts) > 2 or sum(_bare_word(word) not in _PARTICLES for word in words) > _MOST_WORDS:
        return ""
    given_names = parts[-1]
    if _is_family_first(words[0]):
        if len(parts) == 1:
            return plain
        return ""
    if (
        not given_names
        or not _is_given(given_names[0], plain)
        or (len(parts) > 1 and not _is_given_behind(given_names[0], parts[0]))
    ):
        return ""
    return _capitalize(given_names[0], is_shouted=plain.isupper())


def full_name(name: str) -> str:
    """Return a name in spoken order: "Doe, John" as "John Doe"; "" for an address or a number."""
    plain = " ".join(name.split())
    if "@" in plain or not any(map(str.isalpha, plain)):
        return ""
    family, *given_names = [part.strip() for part in plain.split(",")]
    if given_names and first_name(name):
        return " ".join([given_names[0], family, *given_names[1:]])
    return plain


def _without_decoration(name: str) -> str:
    """Remove decoration around a name: quotation marks, emoji, remarks in brackets, "via Thumbtack"."""
    spaced = " ".join(_JUNK.sub(" ", unicodedata.normalize("NFC", name)).split())
    spaced = _VIA.sub("", spaced)
    letters = "".join(" " if _is_symbol(character) else character for character in spaced)
    words = (word.strip(_QUOTES) for word in letters.split())
    return " ".join(filter(None, words)).strip(" -–—_.,;:|*")


def _is_symbol(character: str) -> bool:
    """True if a character is a symbol such as an emoji: no letter, mark, digit or punctuation."""
    kind = unicodedata.category(character)
    return kind in ("So", "Sk", "Cs", "Co", "Cn", "Cf") or character in "*_|~^=•·"


def _is_of_no_name(word: str) -> bool:
    """True if a word shows that the name is not one person's, or that its first name cannot be determined."""
    plain = _bare_word(word)
    if plain in _JOINING or plain in _OF_NO_PERSON or plain in _RANKS or is_title(plain):
        return True
    # "Bob/Sue", "Bob&Sue", "Jane’s phone".
    return any(character in "/&+:;=!?%#$€" for character in word) or word.lower().endswith(("'s", "’s"))


def _is_given(word: str, name: str) -> bool:
    """True if a word can be a first name: neither an initial nor the particle of a surname."""
    letters = sum(map(str.isalpha, word))
    if "." in word or letters < 2 or _bare_word(word) in _PARTICLES | _IN_PLACE_OF_A_NAME:
        return False
    # "JP Smith": two initials, unless all of it is in capitals.
    return not (letters == 2 and word.isupper() and (not name.isupper() or word == name))


def _is_given_behind(word: str, family: list[str]) -> bool:
    """True if a word after the comma can be a first name: no state ("Tampa, FL"), no remark ("Doe, roofer")."""
    return len(word) > 2 and not (word.islower() and not family[-1].islower())


def _is_family_first(word: str) -> bool:
    return any(unicodedata.name(letter, "").startswith(_FAMILY_FIRST) for letter in word if letter.isalpha())


def _capitalize(word: str, *, is_shouted: bool) -> str:
    """Capitalize a first name written in lower case, or within a name that is all upper case."""
    if not word.islower() and not (is_shouted and word.isupper()):
        return word
    return "".join(part.capitalize() for part in re.split(r"([-'’])", word))


def _bare_word(word: str) -> str:
    return word.strip(".,").lower().replace(".", "")
