"""Split a postal address in one cell, "214 Larkspur Drive, Kokomo, IN 46901 US", into its parts.

Only what is certain is split off; anything else stays in the street. Each country's addresses are read from the end,
where the postcode is: "Kokomo Indiana 46901", "1017 GC Amsterdam", "B-1000 Brussel". With or without commas.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from crm.kernel.refusal import Refused
from crm.kernel.regions import PROVINCES, STATES
from crm.kernel.typed_values import parse_country

# Longer is none.
_MAX_LENGTH = 300
# "GA" and "DE" are states before they are countries; these are no states, or stand behind a postcode.
_SHORT_COUNTRY_NAMES = frozenset({"us", "usa", "uk", "gb", "nl", "be", "de", "fr", "at", "ch", "lu", "ca"})
_ZIP = re.compile(r"\d{5}(?:-\d{4})?")
_CANADIAN = re.compile(r"[A-Z]\d[A-Z] ?\d[A-Z]\d", re.IGNORECASE)
_DUTCH = re.compile(r"(?<![\w.-])(?:(NL|nl)-? ?)?([1-9]\d{3}) ?([A-Z]{2}|[a-z]{2})(?![\w-])")
# A lone E, I or S may be a door's, so a hyphen is behind those that are a country's.
_CONTINENTAL = re.compile(
    r"(?<![\w.-])(?:(NL|[ABL]|CH|BE|LU|AT|DK|NO)-? ?(?=\d{4}\b)|([DF]|DE|FR|ES|IT|SE|FI)-? ?(?=\d{5}\b)"
    r"|([EIS])- ?(?=\d{5}\b)|(S-|SE-?) ?(?=\d{3} \d{2}\b))?((?(4)\d{3} \d{2}|\d{4,5}))(?![\w-])"
)
# Of what country a letter in front of a postcode is.
_COUNTRY_OF_PREFIX = {"A": "AT", "B": "BE", "D": "DE", "E": "ES", "F": "FR", "I": "IT", "L": "LU", "S": "SE"}
# What parts of an address are apart by; a dash or a slash only where a postcode follows: "12 / 3", "Biel / Bienne", and
# a dot in the middle not within a word: "Paral·lel".
_SEPARATOR = re.compile(
    r"[,\n•|]|(?<=\s)·|·(?=\s)|(?<=\s)[/–—-](?=\s(?:[A-Z]{1,2}[- ])?\d{4})|(?<=\s)[/–—-](?=\sSE?-\d{3})"
)
_BRITISH = re.compile(r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}", re.IGNORECASE)
# What stands behind a house number, with or without a number or letter of its own: "5 3. OG links", "1 bus 4".
ADDITIONS = frozenset(
    "bus bte boîte boite box postbus app appt apt appartement appartment whg wohnung we top stiege stg tür hs huis "
    "hoog verd verdieping etage étage etg stock eg og ug dg hinterhaus hh vorderhaus vh seitenflügel sf gartenhaus "
    "haus links li rechts re mitte mi bis ter quater bât bat bâtiment esc escalier blok gebouw kamer unit tv th mf "
    "sal piso puerta pta izq izqda dcha int interno scala piano".split()
)
_ROMAN = re.compile(r"[ivx]{1,4}")
_HOUSE_NUMBER = re.compile(r"\d[\w/.-]{0,6}[º°]?")
# Of these the letter boxes are Belgian, where a postcode has four digits.
_BELGIAN_BOX_WORDS = frozenset({"bus", "bte", "boîte", "boite"})
# Behind these the house number stands in front: "12 bis rue de la Paix".
_FRENCH_STREET_WORDS = frozenset(
    "rue avenue av boulevard bd bld blvd place pl chemin ch impasse allée allées allee quai route rte cours square "
    "passage sentier faubourg fbg esplanade rond-point villa cité hameau lotissement clos voie venelle montée ruelle "
    "résidence".split()
)
# "s/n": a street in Spain without a number; a hamlet in France.
_NUMBER = re.compile(r"\d|\bs/?n\b|\blieu-?dit\b", re.IGNORECASE)
_UK_NATIONS = frozenset({"england", "scotland", "wales", "northern ireland"})
_CEDEX = re.compile(r" cedex(?: \d{1,2})?$", re.IGNORECASE)
# Without one of these it is a street alone: a comma, another line, or what may be a postcode.
_HAS_PARTS = re.compile(r"[,\n•|·]|\s(?:(?:[A-Z]{1,2}-)?\d{4,5}|[A-Z]\d[A-Z])", re.IGNORECASE)
# The last word of a street, where no comma says so.
_STREET_ENDINGS = frozenset(
    "street st avenue ave av road rd drive dr lane ln court ct circle cir boulevard blvd way place pl terrace ter "
    "trail trl parkway pkwy highway hwy square sq loop cove cv point pt run path pike row crossing xing ridge plaza "
    "alley aly expressway freeway broadway".split()
)
UNITS = frozenset("apt apartment unit suite ste lot bldg building floor fl rm room".split())
WINDS = frozenset("n s e w ne nw se sw north south east west".split())
# A wind cut short has so many letters.
_SHORT_WIND_LENGTH = 2
_NUMBERED_ROADS = frozenset("highway hwy route rt road rd".split())
# "St" in front of these may be a saint.
_SAINTS = frozenset(
    "louis petersburg paul augustine cloud joseph charles george james lucie pete albans clair marys johns peters "
    "simons francis helena helens thomas matthews ann anne".split()
)


@dataclass(frozen=True, slots=True)
class PostalAddress:
    """The parts of a postal address; "" for a part it does not name."""

    street: str
    postcode: str
    city: str
    region: str = ""
    country: str = ""


AddressReader = Callable[[list[str]], PostalAddress | None]


def parse_address(text: str, where: str = "") -> PostalAddress | None:
    """Split an address of one or several lines into its parts; None when it is no address or is ambiguous.

    `where`: the country it is in unless it says so, as two letters.
    """
    if len(text) > _MAX_LENGTH or not _HAS_PARTS.search(text):
        return None
    lines = [" ".join(part.split()) for part in _SEPARATOR.split(text)]
    parts = [part for part in lines if part]
    rest, country_code = _split_country(parts)
    if country_code and (address := _try_readers(rest, country_code)):
        return replace(address, country=country_code)
    address = _try_readers(parts, where)
    # "DE" at the end is a state where states are.
    if address and (address.postcode or where in {"", "US", "CA"}):
        return address
    return None


def split_country_prefix(postcode: str) -> tuple[str, str]:
    """Split a postcode from the country letters before it, "NL-2566 AB"; the country is "" where there are none."""
    text = " ".join(postcode.split())
    for pattern in (_DUTCH, _CONTINENTAL):
        if (match := pattern.fullmatch(text)) and (country_code := _country_of_prefix(match)):
            return text[match.start(2 if pattern is _DUTCH else 5) :], country_code
    return postcode, ""


def parse_locality(text: str, where: str = "") -> PostalAddress | None:
    """Split a line without a street, "Tampa, FL 33605", into its parts; None for a bare name or an ambiguous line."""
    if text and (whole := parse_address(f"1 Street, {text}", where)):
        return replace(whole, street="")
    return None


def _try_readers(parts: list[str], where: str) -> PostalAddress | None:
    readers: tuple[AddressReader, ...]
    if where == "GB":
        readers = (_read_british, _read_dutch, _read_continental, _read_american)
    else:
        readers = (_read_american, _read_dutch, _read_continental, _read_british)
    if where == "BE" or any(_has_letter_box(part) for part in parts):
        # "8420 DE HAAN" is no Dutch postcode.
        readers = (_read_continental, _read_dutch)
    for reader in readers:
        # Cottages and hamlets have names instead of numbers.
        if (address := reader(parts)) and (reader is _read_british or _NUMBER.search(address.street)):
            return address
    return None


def _split_country(parts: list[str]) -> tuple[list[str], str]:
    """Split off a country at the end, with or without a comma before it."""
    if not parts:
        return parts, ""
    *before, last = parts
    head, bracket, inside = last[:-1].rpartition("(")
    if bracket and last.endswith(")") and (bracketed := _split_country([inside.strip()])) and not bracketed[0]:
        # "Amsterdam (Nederland)"; "Bergen (NH)" is a city's name.
        return [*before, *filter(None, [head.strip()])], bracketed[1]
    words = last.split()
    for count in (len(words), 4, 3, 2, 1):
        name = " ".join(words[-count:]).replace(".", "")
        if count <= len(words) and (len(name) > 3 or name.lower() in _SHORT_COUNTRY_NAMES) and not name.isdigit():
            try:
                if name.lower() in _UK_NATIONS:
                    code = "GB"
                else:
                    code = parse_country(name)
            except Refused:
                continue
            return [*before, *filter(None, [" ".join(words[:-count]).rstrip(" /–—-")])], code
    return parts, ""


def _read_american(parts: list[str]) -> PostalAddress | None:
    """Read "…, Kokomo, IN 46901", "… Kokomo Indiana 46901" and their like of Canada; a ZIP code may be missing."""
    words = [word for part in parts for word in (*part.split(), ",")][:-1]
    postcode, words = _split_postcode(words)
    for count in (3, 2, 1):
        named = [word for word in words if word != ","][-count:]
        name = _state_key(" ".join(named))
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
        street, city = _split_street_and_city(line.replace(",", ""))
    street = street.strip(" /–—-")
    city = city.strip(" /–—-")
    is_canadian = bool(_CANADIAN.fullmatch(postcode)) or name not in STATES
    if street and city:
        return PostalAddress(street, postcode, city, region, "CA" if is_canadian else "")
    return None


def _state_key(name: str) -> str:
    """Normalize a state's name for comparing: "(Québec)" is quebec."""
    return name.replace(".", "").strip("()").lower().replace("é", "e")


def _split_postcode(words: list[str]) -> tuple[str, list[str]]:
    bare = [word for word in words[-4:] if word != ","]
    if bare and _ZIP.fullmatch(bare[-1]):
        return bare[-1], _without_last(words, bare[-1])
    if bare and _CANADIAN.fullmatch(bare[-1]):
        return bare[-1].upper(), _without_last(words, bare[-1])
    if len(bare) > 1 and _CANADIAN.fullmatch(" ".join(bare[-2:])):
        return " ".join(bare[-2:]).upper(), _without_last(_without_last(words, bare[-1]), bare[-2])
    return "", words


def _without_last(words: list[str], word: str) -> list[str]:
    """Drop everything from the last occurrence of a word on."""
    at = len(words) - 1 - words[::-1].index(word)
    return words[:at]


def _split_street_and_city(line: str) -> tuple[str, str]:
    """Split a line behind the last word of the street; two empty strings where that is ambiguous."""
    words = line.split()
    keys = [word.lower().strip(".").replace("'", "").replace("’", "") for word in words]
    ends = [
        at for at in range(1, len(words) - 1) if keys[at] in _STREET_ENDINGS or keys[at] in UNITS or words[at][0] == "#"
    ]
    if len(ends) > 1 and keys[ends[-1]] == "st" and keys[ends[-1] + 1] in _SAINTS:
        ends.pop()
    elif ends and keys[ends[-1]] == "st" and keys[ends[-1] + 1] in _SAINTS:
        return "", ""
    if not ends:
        return "", ""
    at = ends[-1] + 1
    if keys[at - 1] in UNITS or words[at - 1] == "#" or (keys[at - 1] in _NUMBERED_ROADS and words[at].isdigit()):
        at += 1
    while at < len(words) and keys[at] in WINDS and at + 1 < len(words):
        if len(keys[at]) > _SHORT_WIND_LENGTH:
            # "Rd West Palm Beach", "Ave North Tampa".
            return "", ""
        at += 1
    city = " ".join(words[at:])
    if city and not re.search(r"\d", city):
        return (" ".join(words[:at]), city)
    return ("", "")


def _read_dutch(parts: list[str]) -> PostalAddress | None:
    """Read "Kerkstraat 12-II, 1017 GC Amsterdam", and with the postcode behind the city."""
    line = ", ".join(parts)
    for match in _DUTCH.finditer(line):
        street = line[: match.start()].strip(" ,")
        city = line[match.end() :].strip(" ,")
        if not city:
            street, _comma, city = street.rpartition(", ")
        if street and city and not re.search(r"[\d,]", city) and match[3].upper() not in {"SA", "SD", "SS"}:
            return PostalAddress(street, line[match.start(2) : match.end()], city, country=_country_of_prefix(match))
    return None


def _read_continental(parts: list[str]) -> PostalAddress | None:
    """Read "Hauptstraße 5, 10115 Berlin" and "Rue Haute 12 bte 3 1000 Bruxelles", as most of Europe writes them."""
    line = ", ".join(parts)
    for match in _CONTINENTAL.finditer(line):
        street = line[: match.start()].rstrip(" -")
        city = line[match.end() :].strip(" ,")
        code = "".join(filter(None, match.groups()[:4])).rstrip("-")
        if code == "NL" and _DUTCH.match(line, match.start()):
            continue
        if code and "-" not in match[0] and not ADDITIONS.isdisjoint(_word_keys(street)[-1:]):
            # "12 bus A 9000 Gent" is not in Austria.
            street = f"{street} {code}"
            code = ""
        is_apart = street.endswith(",") or _has_house_number(street)
        if street and is_apart and city and not re.search(r"[\d,]", _CEDEX.sub("", city)):
            is_belgian = not code and len(match[5]) == 4 and _has_letter_box(street)
            return PostalAddress(
                street.strip(" ,"), match[5], city, country="BE" if is_belgian else _COUNTRY_OF_PREFIX.get(code, code)
            )
    return None


def _country_of_prefix(match: re.Match[str]) -> str:
    """Return the country whose letters stand before a postcode, "" for none."""
    code = "".join(filter(None, match.groups()[: 1 if match.re is _DUTCH else 4])).rstrip("-").upper()
    return _COUNTRY_OF_PREFIX.get(code, code)


def _word_keys(street: str) -> list[str]:
    """Normalize the words of a street for comparing: no case, no punctuation, no number behind "bus3"."""
    keys = (word.strip(".,;:/-()") or word for word in street.lower().split())
    return [key if key[:1].isdigit() else key.rstrip("0123456789/.-") or key for key in keys]


def _has_letter_box(street: str) -> bool:
    return not _BELGIAN_BOX_WORDS.isdisjoint(_word_keys(street))


def _has_house_number(street: str) -> bool:
    """Tell whether a street ends in a house number with additions, or begins with one as in French."""
    keys = _word_keys(street)
    for key in keys[:0:-1]:
        if _HOUSE_NUMBER.fullmatch(key):
            return True
        if key not in ADDITIONS and not _ROMAN.fullmatch(key) and any(len(part) > 1 for part in key.split("-")):
            break
    return bool(keys) and bool(_HOUSE_NUMBER.fullmatch(keys[0])) and not _FRENCH_STREET_WORDS.isdisjoint(keys[1:3])


def _read_british(parts: list[str]) -> PostalAddress | None:
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
                street, city = _split_street_and_city(" ".join(rest))
            if street and city:
                return PostalAddress(street, code.upper(), city, country="GB")
            return None
    return None
