"""Split streets and towns into normalized words for comparing: abbreviations and ordinals in one form."""

import re

from crm.kernel.normalization import name_key

# A fraction is a word of its own: "12½" is 12 and a half; so is what stands behind "3º", and "#" is a unit.
_APART = re.compile(r"(?<=\d)(?=[¼-¾⅐-⅞])|[ºª°]|#|\b[Cc]/|^[Cc]\. (?=[^\W\d])")
_WRITTEN_OUT = {"#": " apt ", "c/": " calle ", "c. ": " calle "}
# "5th" is the name of a street; "5a" is a number and a letter.
_WORD = re.compile(r"\d+(?:st|nd|rd|th)(?![^\W\d])|\d+|[^\W\d]+")
_ABBREVIATED = {
    "avenue": "ave",
    "av": "ave",
    "avenida": "ave",
    "avda": "ave",
    "avd": "ave",
    "street": "st",
    "saint": "st",
    "sint": "st",
    "road": "rd",
    "drive": "dr",
    "lane": "ln",
    "court": "ct",
    "place": "pl",
    "boulevard": "blvd",
    "bd": "blvd",
    "circle": "cir",
    "terrace": "ter",
    "highway": "hwy",
    "parkway": "pkwy",
    "square": "sq",
    "north": "n",
    "south": "s",
    "east": "e",
    "west": "w",
    "northeast": "ne",
    "northwest": "nw",
    "southeast": "se",
    "southwest": "sw",
    "trail": "trl",
    "cove": "cv",
    "point": "pt",
    "crossing": "xing",
    "heights": "hts",
    "springs": "spgs",
    "fort": "ft",
    "mount": "mt",
    "building": "bldg",
    "batiment": "bldg",
    "bat": "bldg",
    "gebaude": "bldg",
    "gebouw": "bldg",
    "block": "blk",
    "blok": "blk",
    "huis": "hs",
    "boite": "bte",
    "hinterhaus": "hh",
    "vorderhaus": "vh",
}
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth".split()
_ABBREVIATED |= dict(zip(_ORDINALS, "1st 2nd 3rd 4th 5th 6th 7th 8th 9th 10th".split(), strict=True))
_STREET_ENDINGS = ("strasse", "straat")


def street_words(text: str) -> list[str]:
    """List the words of an address, folded and abbreviated: "12½ Saint Clair Avenue" is 12, 1, 2, st, clair, ave."""
    return [_abbreviate_word(word) for word in _WORD.findall(name_key(_APART.sub(_write_out, text)))]


def _write_out(match: re.Match[str]) -> str:
    return _WRITTEN_OUT.get(match[0].lower(), " ")


def _abbreviate_word(word: str) -> str:
    for ending in _STREET_ENDINGS:
        if word.endswith(ending):
            return word.removesuffix(ending) + "str"
    return _ABBREVIATED.get(word, word)
