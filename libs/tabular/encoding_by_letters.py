"""Rank the encodings that bytes may be written in, by the letters they would be.

A kept detector (chardet) knows how often letters stand beside each other in some fifty languages. A list of names is
short, though, so its best few are judged once more: no word has a capital in its middle, or a sign of trade.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache

import chardet

from libs.sentence import Sentence as _

# What a person may choose, the usual ones first. Others are not guessed either: hardly a spreadsheet writes them.
ENCODINGS: dict[str, str] = {
    "utf-8-sig": "UTF-8",
    "cp1252": _("Windows-1252 (Western Europe, America)"),
    "mac_roman": _("Mac Roman (Western, older Macs)"),
    "cp850": _("DOS 850 (Western)"),
    "cp858": _("DOS 858 (Western, with €)"),
    "cp437": _("DOS 437 (American)"),
    "iso8859-15": _("ISO 8859-15 (Western, with €)"),
    "cp860": _("DOS 860 (Portuguese)"),
    "cp865": _("DOS 865 (Nordic)"),
    "mac_iceland": _("Mac (Icelandic)"),
    "cp861": _("DOS 861 (Icelandic)"),
    "cp1250": _("Windows-1250 (Central Europe)"),
    "iso8859-2": _("ISO 8859-2 (Central Europe)"),
    "iso8859-16": _("ISO 8859-16 (Romanian)"),
    "mac_latin2": _("Mac (Central Europe)"),
    "cp852": _("DOS 852 (Central Europe)"),
    "cp1254": _("Windows-1254 (Turkish)"),
    "mac_turkish": _("Mac (Turkish)"),
    "cp857": _("DOS 857 (Turkish)"),
    "cp1257": _("Windows-1257 (Baltic)"),
    "iso8859-13": _("ISO 8859-13 (Baltic)"),
    "iso8859-4": _("ISO 8859-4 (Baltic, older)"),
    "cp775": _("DOS 775 (Baltic)"),
    "cp1251": _("Windows-1251 (Cyrillic)"),
    "koi8-r": _("KOI8-R (Russian)"),
    "koi8-u": _("KOI8-U (Ukrainian)"),
    "iso8859-5": _("ISO 8859-5 (Cyrillic)"),
    "cp866": _("DOS 866 (Cyrillic)"),
    "cp855": _("DOS 855 (Cyrillic)"),
    "cp1125": _("DOS 1125 (Ukrainian)"),
    "mac_cyrillic": _("Mac (Cyrillic)"),
    "cp1253": _("Windows-1253 (Greek)"),
    "iso8859-7": _("ISO 8859-7 (Greek)"),
    "mac_greek": _("Mac (Greek)"),
    "cp737": _("DOS 737 (Greek)"),
    "cp869": _("DOS 869 (Greek)"),
    "cp1255": _("Windows-1255 (Hebrew)"),
    "cp862": _("DOS 862 (Hebrew)"),
    "cp1256": _("Windows-1256 (Arabic)"),
    "iso8859-6": _("ISO 8859-6 (Arabic)"),
    "cp720": _("DOS 720 (Arabic)"),
    "cp1258": _("Windows-1258 (Vietnamese)"),
    "cp874": _("Windows-874 (Thai)"),
    "cp932": _("Shift JIS (Japanese)"),
    "euc_jp": _("EUC-JP (Japanese)"),
    "iso2022_jp": _("ISO-2022-JP (Japanese)"),
    "gb18030": _("GB 18030 (Chinese)"),
    "big5": _("Big5 (Chinese, Taiwan)"),
    "cp949": _("EUC-KR (Korean)"),
    "utf-16": "UTF-16",
}
_ORDER = list(ENCODINGS)
# What the detector calls those of ours that it names otherwise: each of its bytes is the same sign in ours.
_ALIASES = {
    "windows-": "cp",
    "ibm": "cp",
    "shift_jis": "cp932",
    "euc-jp": "euc_jp",
    "euc-kr": "cp949",
    "macroman": "mac_roman",
    "maclatin2": "mac_latin2",
    "maccyrillic": "mac_cyrillic",
    "macgreek": "mac_greek",
    "macturkish": "mac_turkish",
    "maciceland": "mac_iceland",
    "tis-620": "cp874",
    "iso-8859-8": "cp1255",
    "iso-8859-9": "cp1254",
    "iso-8859-1": "cp1252",
    "iso-8859-": "iso8859-",
}
# Those that share nearly all letters, as "Ά" is another byte to ISO than to Windows: where one may be meant, so may the
# others, and the text where they differ says which.
_SISTERS = (
    ("cp1252", "iso8859-15"),
    ("cp850", "cp858", "cp437"),
    ("cp1250", "iso8859-2"),
    ("cp1257", "iso8859-13"),
    ("cp1253", "iso8859-7"),
    ("koi8-r", "koi8-u"),
    ("cp1251", "mac_cyrillic"),
)
_AS_MUCH = 0.99
# Added where the detector does not name them: most files that are not UTF-8 are one of these. Their weight is a share
# of the best's: a name or two tells it little, and then the usual one is meant.
_UNTOLD, _PREFERRED = 0.06, 1.06
_USUAL = {"cp1252": 0.97, "mac_roman": 0.9, "cp850": 0.85, "cp437": 0.8}
# Less than is close (_CLOSE): elsewhere they come up only where what the detector names reads badly.
_ELSE = 0.69
# Hardly anybody has written by these, and what the others' accents are there are letters as well.
_SELDOM = {"iso8859-4": 0.7, "iso8859-16": 0.7}
# A second one that comes this close to the first could be meant as well; of Chinese and Japanese two share most bytes.
_CLOSE, _CLOSE_IN_THE_EAST = 0.7, 0.4
_FEW = 80
_EASTERN = frozenset({"cp932", "euc_jp", "gb18030", "big5", "cp949"})
_MOST = 5
_KANA = re.compile("[\u3041-\u30fa]")
# Letters that are words.
_WORDS = frozenset("àáèéìíòóùúâêîôûåöæøаявикосужіїєуηοή")
_CASED = frozenset({"LATIN", "CYRILLIC", "GREEK"})
# In the middle of a word.
_JOINS = frozenset("'’‘ʼ´`·-‐‑–.&/+\u200c\u200d\xad")
# What follows a sign of money, where its amount does.
_BEHIND_A_SIGN = frozenset(" \xa00123456789")
# Behind the number of a house, where other encodings have letters.
_FRACTIONS = frozenset("½¼¾")
# Behind a letter: square and cubic metres.
_POWERS = frozenset("²³")
# Begin a quotation, and end none but a German or Danish one.
_BEGINNINGS = frozenset("‘«")
# No word begins or ends with these, though they are punctuation; nor does a list of people use them.
_APART = frozenset("¶†‡‰•")
# Letters that are rare where the Western encodings are used; in another one the byte is a common letter.
_RARE = frozenset("ýþðÝÞÐƒŸžŽ")


def ranked(sample: bytes) -> list[str]:
    """List the encodings some bytes may be in, the likeliest first; more than one: it could be each of them."""
    # By the text, so that encodings that give the same one are no doubt.
    texts: dict[str, tuple[float, str]] = {}
    for codec, weight in sorted(_weights(sample).items(), key=lambda each: _ORDER.index(each[0])):
        text = _decoded(sample, codec)
        # The letters of Japan have the same bytes in Chinese, where nobody writes them.
        score = weight * _plausible(text) * (0.3 if codec == "gb18030" and _KANA.search(text) else 1)
        if score > texts.get(text, (0.0, ""))[0] * 1.001:
            texts[text] = score, texts[text][1] if text in texts else codec
    order = sorted(texts, key=lambda text: -texts[text][0])
    best, first = texts[order[0]] if order else (0.0, "")
    least = best * (_CLOSE_IN_THE_EAST if first in _EASTERN else _CLOSE)
    read = {texts[text][1]: text for text in order if texts[text][0] >= least}
    return [codec for codec in read if not _reads_better_in_a_sister(codec, read)][:_MOST]


def _reads_better_in_a_sister(codec: str, read: Mapping[str, str]) -> bool:
    """Whether a sister makes better words of the letters in which they differ; all others are no help to tell."""
    mine = read[codec]
    for sister in next((group for group in _SISTERS if codec in group), ()):
        theirs = read.get(sister, mine)
        differ = [at for at, (one, other) in enumerate(zip(mine, theirs, strict=False)) if one != other]
        if differ and _fit_at(mine, differ) < _CLOSE * _fit_at(theirs, differ):
            return True
    return False


def _weights(sample: bytes) -> dict[str, float]:
    """Weigh the encodings as the detector does; where it can tell little, the usual ones as much."""
    weights: dict[str, float] = {}
    for found in chardet.detect_all(sample) if sample else []:
        codec = _codec(str(found["encoding"] or ""))
        if codec in ENCODINGS:
            weight = float(found["confidence"] or 0) * _SELDOM.get(codec, 1)
            weights[codec] = max(weights.get(codec, 0), weight)
    for sisters in _SISTERS:
        told = max(weights.get(codec, 0) for codec in sisters)
        weights |= {codec: max(weights.get(codec, 0), told * _AS_MUCH) for codec in sisters if told}
    best = max(weights.values(), default=_UNTOLD)
    if best <= _UNTOLD:
        weights["cp1252"] = weights.get("cp1252", 0) * _PREFERRED
        weights |= {codec: max(weights.get(codec, 0), best * share) for codec, share in _USUAL.items()}
    is_eastern = any(weights.get(codec) == best for codec in _EASTERN)
    if not is_eastern:
        weights |= {codec: max(weights.get(codec, 0), best * share * _ELSE) for codec, share in _USUAL.items()}
    elif sum(byte > 127 for byte in sample) < _FEW:
        # A name or two could be any of them.
        weights |= {codec: max(weights.get(codec, 0), best * _CLOSE) for codec in _EASTERN}
    return weights


def _codec(name: str) -> str:
    name = name.lower()
    for theirs, ours in _ALIASES.items():
        if name == theirs or ((theirs.endswith("-") or theirs == "ibm") and name.startswith(theirs)):
            return ours if name == theirs else ours + name.removeprefix(theirs)
    return name


def _decoded(sample: bytes, codec: str) -> str:
    try:
        return sample.decode(codec)
    except UnicodeDecodeError as error:
        # The sample ends between two bytes of one letter.
        return sample[: error.start].decode(codec) if error.start > len(sample) - 4 and error.start else ""


def _plausible(text: str) -> float:
    """Return how much of what is not ASCII reads like words, from 0 to 1."""
    good = every = 0.0
    for at, character in enumerate(text):
        if character.isascii():
            if unicodedata.category(character) == "Cc" and character not in "\t\r\n":
                return 0
            continue
        every += 1
        good += _fits(text[at - 1] if at else " ", character, text[at + 1] if at + 1 < len(text) else " ")
    return (good / every) ** 4 if every else 0


def _fit_at(text: str, places: Sequence[int]) -> float:
    """Return how well the characters at some places of a text read, on average."""
    beside = ((text[at - 1] if at else " ", text[at], text[at + 1 : at + 2] or " ") for at in places)
    return sum(_fits(*each) for each in beside) / len(places)


@lru_cache(maxsize=50_000)
def _fits(before: str, character: str, after: str) -> float:
    kind = unicodedata.category(character)
    if kind in {"Cc", "Co", "Cn", "Cs"}:
        return 0
    if character in _FRACTIONS and not before.isalpha() and not after.isalnum():
        # "123½ Main St", "½ roof".
        return 1
    if character in _POWERS and before in "mM" and not after.isalnum():
        # "40 m²".
        return 1
    if character == "°" and (before.isdigit() or before.isspace()) and not (after.isalpha() and after not in "CF"):
        return 1
    if character in _BEGINNINGS and before.isalpha() and not after.isalnum():
        # "Zo‘ Hart" is Zoë's in another encoding.
        return 0.3
    if kind in {"Ll", "Lu"} and before.isdigit() and _script(character) == "LATIN":
        return 0.3
    if kind[0] in "LM":
        if character.isupper() and before.islower():
            return 0.1
        if kind[0] == "L" and any(each.isalpha() and _script(each) != _script(character) for each in (before, after)):
            return 0.2
        alone = not before.isalpha() and not after.isalpha()
        if alone and character.islower() and character not in _WORDS and _script(character) in _CASED:
            # "12 ı" is an amount as well.
            return 0.3
        if (character.isupper() or _script(character) == "HEBREW") and after in _BEHIND_A_SIGN and alone:
            # A capital by itself: "Ä 99" is an amount in euros, read wrongly.
            return 0.5
        return 0.7 if character in _RARE else 1
    if character in _APART and (before.isalpha() or after.isalpha()):
        # "¶ννα", where another encoding has "Ά".
        return 0.1
    if character == "¤":
        # The sign of no currency, where another encoding has that of the euro.
        return 0.3
    if character == "€" and not before.isalpha() and not after.isalpha():
        return 1
    if character == "’" and not before.isalpha() and after.isalpha() and _script(after) != "LATIN":
        # "’s-Gravenhage", but no "’ννα".
        return 0.3
    if character == "»" and before.isspace() and after.isalpha():
        # A list names nobody "»ubomir".
        return 0.3
    inside = before.isalpha() and after.isalpha()
    if character == "´":
        # An accent typed for an apostrophe: "O´Brien".
        return 1 if inside else 0.8
    if kind[0] == "P":
        return 1 if not inside or character in _JOINS else 0.3
    if kind == "Sc" and (after in _BEHIND_A_SIGN or before.isdigit()):
        return 1
    # Signs of money, arithmetic and boxes stand by themselves, and hardly in a list of people.
    return 0.1 if before.isalpha() or after.isalpha() else 0.6


def _script(letter: str) -> str:
    return unicodedata.name(letter, "").partition(" ")[0]
