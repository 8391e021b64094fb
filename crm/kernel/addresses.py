"""Split a postal address in one cell, "214 Larkspur Drive, Kokomo, IN 46901 US", into its parts.

Only what is certain is split off; anything else stays in the street. Each country's addresses are read from the end,
where the postcode is: "Kokomo Indiana 46901", "1017 GC Amsterdam", "B-1000 Brussel". With or without commas.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from crm.kernel.refusal import Refused
from crm.kernel.regions import PROVINCES, STATES
from crm.kernel.typed_values import country

# Longer is none.
_LONGEST = 300
# "GA" and "DE" are states before they are countries; these are no states, or stand behind a postcode.
_SHORT = frozenset({"us", "usa", "uk", "gb", "nl", "be", "de", "fr", "at", "ch", "lu", "ca"})
_ZIP = re.compile(r"\d{5}(?:-\d{4})?")
_CANADIAN = re.compile(r"[A-Z]\d[A-Z] ?\d[A-Z]\d", re.IGNORECASE)
_DUTCH = re.compile(r"(?<![\w.-])(?:(NL|nl)-? ?)?([1-9]\d{3}) ?([A-Z]{2}|[a-z]{2})(?![\w-])")
# A lone E, I or S may be a door's, so a hyphen is behind those that are a country's.
_CONTINENTAL = re.compile(
    r"(?<![\w.-])(?:(NL|[ABL]|CH|BE|LU|AT|DK|NO)-? ?(?=\d{4}\b)|([DF]|DE|FR|ES|IT|SE|FI)-? ?(?=\d{5}\b)"
    r"|([EIS])- ?(?=\d{5}\b)|(S-|SE-?) ?(?=\d{3} \d{2}\b))?((?(4)\d{3} \d{2}|\d{4,5}))(?![\w-])"
)
# Of what country a letter in front of a postcode is.
_PLATES = {"A": "AT", "B": "BE", "D": "DE", "E": "ES", "F": "FR", "I": "IT", "L": "LU", "S": "SE"}
# What parts of an address are apart by; a dash or a slash only where a postcode follows: "12 / 3", "Biel / Bienne", and
# a dot in the middle not within a word: "Paral·lel".
_MARK = re.compile(r"[,\n•|]|(?<=\s)·|·(?=\s)|(?<=\s)[/–—-](?=\s(?:[A-Z]{1,2}[- ])?\d{4})|(?<=\s)[/–—-](?=\sSE?-\d{3})")
_BRITISH = re.compile(r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}", re.IGNORECASE)
# What stands behind a house number, with or without a number or letter of its own: "5 3. OG links", "1 bus 4".
ADDITIONS = frozenset(
    "bus bte boîte boite box postbus app appt apt appartement appartment whg wohnung we top stiege stg tür hs huis "
    "hoog verd verdieping etage étage etg stock eg og ug dg hinterhaus hh vorderhaus vh seitenflügel sf gartenhaus "
    "haus links li rechts re mitte mi bis ter quater bât bat bâtiment esc escalier blok gebouw kamer unit tv th mf "
    "sal piso puerta pta izq izqda dcha int interno scala piano".split()
)
_ROMAN = re.compile(r"[ivx]{1,4}")
_HOUSE = re.compile(r"\d[\w/.-]{0,6}[º°]?")
# Of these the letter boxes are Belgian, where a postcode has four digits.
_BELGIAN = frozenset({"bus", "bte", "boîte", "boite"})
# Behind these the house number stands in front: "12 bis rue de la Paix".
_WAYS = frozenset(
    "rue avenue av boulevard bd bld blvd place pl chemin ch impasse allée allées allee quai route rte cours square "
    "passage sentier faubourg fbg esplanade rond-point villa cité hameau lotissement clos voie venelle montée ruelle "
    "résidence".split()
)
# "s/n": a street in Spain without a number; a hamlet in France.
_NUMBER = re.compile(r"\d|\bs/?n\b|\blieu-?dit\b", re.IGNORECASE)
_NATIONS = frozenset({"england", "scotland", "wales", "northern ireland"})
_CEDEX = re.compile(r" cedex(?: \d{1,2})?$", re.IGNORECASE)
# Without one of these it is a street alone: a comma, another line, or what may be a postcode.
_APART = re.compile(r"[,\n•|·]|\s(?:(?:[A-Z]{1,2}-)?\d{4,5}|[A-Z]\d[A-Z])", re.IGNORECASE)
# The last word of a street, where no comma says so.
_ENDINGS = frozenset(
    "street st avenue ave av road rd drive dr lane ln court ct circle cir boulevard blvd way place pl terrace ter "
    "trail trl parkway pkwy highway hwy square sq loop cove cv point pt run path pike row crossing xing ridge plaza "
    "alley aly expressway freeway broadway".split()
)
UNITS = frozenset("apt apartment unit suite ste lot bldg building floor fl rm room".split())
WINDS = frozenset("n s e w ne nw se sw north south east west".split())
# A wind cut short has so many letters.
_WIND = 2
_NUMBERED = frozenset("highway hwy route rt road rd".split())
# "St" in front of these may be a saint.
_SAINTS = frozenset(
    "louis petersburg paul augustine cloud joseph charles george james lucie pete albans clair marys johns peters "
    "simons francis helena helens thomas matthews ann anne".split()
)


@dataclass(frozen=True, slots=True)
class Address:
    """The parts of a postal address; "" for a part it does not name."""

    street: str
    postcode: str
    city: str
    region: str = ""
    country: str = ""


Reader = Callable[[list[str]], Address | None]


def parted(text: str, where: str = "") -> Address | None:
    """Split an address of one or several lines into its parts; None when it is no address or is ambiguous.

    `where`: the country it is in unless it says so, as two letters.
    """
    if len(text) > _LONGEST or not _APART.search(text):
        return None
    lines = [" ".join(part.split()) for part in _MARK.split(text)]
    parts = [part for part in lines if part]
    rest, named = _without_country(parts)
    if named and (found := _read(rest, named)):
        return replace(found, country=named)
    found = _read(parts, where)
    # "DE" at the end is a state where states are.
    if found and (found.postcode or where in {"", "US", "CA"}):
        return found
    return None


def without_plate(postcode: str) -> tuple[str, str]:
    """Part a postcode from the letters of its country, "NL-2566 AB"; "" for the country of one without."""
    text = " ".join(postcode.split())
    for pattern in (_DUTCH, _CONTINENTAL):
        if (found := pattern.fullmatch(text)) and (country_of_it := _plate(found)):
            return text[found.start(2 if pattern is _DUTCH else 5) :], country_of_it
    return postcode, ""


def locality(text: str, where: str = "") -> Address | None:
    """Part a line without a street, "Tampa, FL 33605"; None where it is a mere name, or in doubt."""
    if text and (whole := parted(f"1 Street, {text}", where)):
        return replace(whole, street="")
    return None


def _read(parts: list[str], where: str) -> Address | None:
    readers: tuple[Reader, ...]
    if where == "GB":
        readers = (_british, _dutch, _continental, _american)
    else:
        readers = (_american, _dutch, _continental, _british)
    if where == "BE" or any(_has_letter_box(part) for part in parts):
        # "8420 DE HAAN" is no Dutch postcode.
        readers = (_continental, _dutch)
    for reader in readers:
        # Cottages and hamlets have names instead of numbers.
        if (found := reader(parts)) and (reader is _british or _NUMBER.search(found.street)):
            return found
    return None


def _without_country(parts: list[str]) -> tuple[list[str], str]:
    """Take the country off the end, whether or not a comma is in front of it."""
    if not parts:
        return parts, ""
    *before, last = parts
    head, bracket, inside = last[:-1].rpartition("(")
    if bracket and last.endswith(")") and (found := _without_country([inside.strip()])) and not found[0]:
        # "Amsterdam (Nederland)"; "Bergen (NH)" is a city's name.
        return [*before, *filter(None, [head.strip()])], found[1]
    words = last.split()
    for count in (len(words), 4, 3, 2, 1):
        name = " ".join(words[-count:]).replace(".", "")
        if count <= len(words) and (len(name) > 3 or name.lower() in _SHORT) and not name.isdigit():
            try:
                if name.lower() in _NATIONS:
                    code = "GB"
                else:
                    code = country(name)
            except Refused:
                continue
            return [*before, *filter(None, [" ".join(words[:-count]).rstrip(" /–—-")])], code
    return parts, ""


def _american(parts: list[str]) -> Address | None:
    """Read "…, Kokomo, IN 46901", "… Kokomo Indiana 46901" and their like of Canada; a ZIP code may be missing."""
    words = [word for part in parts for word in (*part.split(), ",")][:-1]
    postcode, words = _postcode_behind(words)
    for count in (3, 2, 1):
        named = [word for word in words if word != ","][-count:]
        name = _bare(" ".join(named))
        if len(named) == count and name in (PROVINCES if " " in postcode or len(postcode) == 6 else STATES):
            break
        if len(named) == count and not postcode and name in PROVINCES - {"nl"}:
            break
    else:
        return None
    if len(name) == 2:
        region = name.upper()
    else:
        region = " ".join(named).strip("()")
    for word in reversed(named):
        words = _without_last(words, word)
    line = " ".join(words).replace(" ,", ",").strip(", ")
    street, comma, city = line.rpartition(", ")
    if not postcode and not comma:
        return None
    if not comma or re.search(r"\d", city):
        street, city = _street_and_city(line.replace(",", ""))
    street = street.strip(" /–—-")
    city = city.strip(" /–—-")
    is_canadian = bool(_CANADIAN.fullmatch(postcode)) or name not in STATES
    if street and city:
        return Address(street, postcode, city, region, "CA" if is_canadian else "")
    return None


def _bare(name: str) -> str:
    """Return a state's name as it is compared: "(Québec)" is quebec."""
    return name.replace(".", "").strip("()").lower().replace("é", "e")


def _postcode_behind(words: list[str]) -> tuple[str, list[str]]:
    bare = [word for word in words[-4:] if word != ","]
    if bare and _ZIP.fullmatch(bare[-1]):
        return bare[-1], _without_last(words, bare[-1])
    if bare and _CANADIAN.fullmatch(bare[-1]):
        return bare[-1].upper(), _without_last(words, bare[-1])
    if len(bare) > 1 and _CANADIAN.fullmatch(" ".join(bare[-2:])):
        return " ".join(bare[-2:]).upper(), _without_last(_without_last(words, bare[-1]), bare[-2])
    return "", words


def _without_last(words: list[str], word: str) -> list[str]:
    """Take off the last word, and the commas behind it."""
    at = len(words) - 1 - words[::-1].index(word)
    return words[:at]


def _street_and_city(line: str) -> tuple[str, str]:
    """Split where the street's last word is, and what belongs to it; "" and "" where that is not certain."""
    words = line.split()
    keys = [word.lower().strip(".").replace("'", "").replace("’", "") for word in words]
    ends = [at for at in range(1, len(words) - 1) if keys[at] in _ENDINGS or keys[at] in UNITS or words[at][0] == "#"]
    if len(ends) > 1 and keys[ends[-1]] == "st" and keys[ends[-1] + 1] in _SAINTS:
        ends.pop()
    elif ends and keys[ends[-1]] == "st" and keys[ends[-1] + 1] in _SAINTS:
        return "", ""
    if not ends:
        return "", ""
    at = ends[-1] + 1
    if keys[at - 1] in UNITS or words[at - 1] == "#" or (keys[at - 1] in _NUMBERED and words[at].isdigit()):
        at += 1
    while at < len(words) and keys[at] in WINDS and at + 1 < len(words):
        if len(keys[at]) > _WIND:
            # "Rd West Palm Beach", "Ave North Tampa".
            return "", ""
        at += 1
    city = " ".join(words[at:])
    if city and not re.search(r"\d", city):
        return (" ".join(words[:at]), city)
    return ("", "")


def _dutch(parts: list[str]) -> Address | None:
    """Read "Kerkstraat 12-II, 1017 GC Amsterdam", and with the postcode behind the city."""
    line = ", ".join(parts)
    for found in _DUTCH.finditer(line):
        street = line[: found.start()].strip(" ,")
        city = line[found.end() :].strip(" ,")
        if not city:
            street, _comma, city = street.rpartition(", ")
        if street and city and not re.search(r"[\d,]", city) and found[3].upper() not in {"SA", "SD", "SS"}:
            return Address(street, line[found.start(2) : found.end()], city, country=_plate(found))
    return None


def _continental(parts: list[str]) -> Address | None:
    """Read "Hauptstraße 5, 10115 Berlin" and "Rue Haute 12 bte 3 1000 Bruxelles", as most of Europe writes them."""
    line = ", ".join(parts)
    for found in _CONTINENTAL.finditer(line):
        street = line[: found.start()].rstrip(" -")
        city = line[found.end() :].strip(" ,")
        code = "".join(filter(None, found.groups()[:4])).rstrip("-")
        if code == "NL" and _DUTCH.match(line, found.start()):
            continue
        if code and "-" not in found[0] and not ADDITIONS.isdisjoint(_keys(street)[-1:]):
            # "12 bus A 9000 Gent" is not in Austria.
            street = f"{street} {code}"
            code = ""
        is_apart = street.endswith(",") or _has_house_number(street)
        if street and is_apart and city and not re.search(r"[\d,]", _CEDEX.sub("", city)):
            is_belgian = not code and len(found[5]) == 4 and _has_letter_box(street)
            return Address(street.strip(" ,"), found[5], city, country="BE" if is_belgian else _PLATES.get(code, code))
    return None


def _plate(found: re.Match[str]) -> str:
    """Return the country whose letters stand before a postcode, "" for none."""
    code = "".join(filter(None, found.groups()[: 1 if found.re is _DUTCH else 4])).rstrip("-").upper()
    return _PLATES.get(code, code)


def _keys(street: str) -> list[str]:
    """List the words of a street as they are compared: without case, marks and the number behind "bus3"."""
    keys = (word.strip(".,;:/-()") or word for word in street.lower().split())
    return [key if key[:1].isdigit() else key.rstrip("0123456789/.-") or key for key in keys]


def _has_letter_box(street: str) -> bool:
    return not _BELGIAN.isdisjoint(_keys(street))


def _has_house_number(street: str) -> bool:
    """Whether it ends in a house number and what belongs to it, or begins with one as the French do."""
    keys = _keys(street)
    for key in keys[:0:-1]:
        if _HOUSE.fullmatch(key):
            return True
        if key not in ADDITIONS and not _ROMAN.fullmatch(key) and any(len(part) > 1 for part in key.split("-")):
            break
    return bool(keys) and bool(_HOUSE.fullmatch(keys[0])) and not _WAYS.isdisjoint(keys[1:3])


def _british(parts: list[str]) -> Address | None:
    """Read "12 Mill Lane, Leeds LS1 4AP" and "12 Mill Lane, Leeds, LS1 4AP"."""
    *before, last = parts
    words = last.split()
    for count in (2, 1):
        code = " ".join(words[-count:])
        if _BRITISH.fullmatch(code):
            rest = [*before, *filter(None, [" ".join(words[:-count])])]
            if len(rest) > 2 and rest[-1].lower().endswith("shire"):
                # "Chipping Norton, Oxfordshire".
                rest.pop()
            if len(rest) > 1:
                street, city = (", ".join(rest[:-1]), rest[-1])
            else:
                street, city = _street_and_city(" ".join(rest))
            if street and city:
                return Address(street, code.upper(), city, country="GB")
            return None
    return None
