"""Rate how well characters beyond ASCII fit the text around them: words have no capital or currency sign within."""

import unicodedata
from collections.abc import Sequence
from functools import lru_cache

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


def plausibility(text: str) -> float:
    """Return how much of what is not ASCII reads like words, from 0 to 1."""
    total = 0.0
    count = 0
    for index, character in enumerate(text):
        if character.isascii():
            if unicodedata.category(character) == "Cc" and character not in "\t\r\n":
                return 0
            continue
        count += 1
        total += _character_fit(_character_before(text, index), character, _character_after(text, index))
    if count:
        return (total / count) ** 4
    return 0


def fit_at(text: str, indexes: Sequence[int]) -> float:
    """Return how well the characters at some indexes of a text fit, on average."""
    return sum(
        _character_fit(_character_before(text, index), text[index], _character_after(text, index)) for index in indexes
    ) / len(indexes)


def _character_before(text: str, index: int) -> str:
    if index:
        return text[index - 1]
    return " "


def _character_after(text: str, index: int) -> str:
    return text[index + 1 : index + 2] or " "


@lru_cache(maxsize=50_000)
def _character_fit(before: str, character: str, after: str) -> float:
    """Return how well a character fits between its neighbours, from 0 to 1."""
    category = unicodedata.category(character)
    if category in {"Cc", "Co", "Cn", "Cs"}:
        return 0
    if _is_measure(before, character, after):
        return 1
    if character in _BEGINNINGS and before.isalpha() and not after.isalnum():
        # "Zo‘ Hart" is Zoë's in another encoding.
        return 0.3
    if category in {"Ll", "Lu"} and before.isdigit() and _script_of(character) == "LATIN":
        return 0.3
    if category[0] in "LM":
        return _letter_fit(before, character, after)
    return _sign_fit(before, character, after)


def _is_measure(before: str, character: str, after: str) -> bool:
    """True for the fraction of "123½ Main St", the power of "40 m²" and the degree sign of "20 °C"."""
    if character in _FRACTIONS:
        return not before.isalpha() and not after.isalnum()
    if character in _POWERS:
        return before in "mM" and not after.isalnum()
    is_degree = character == "°" and (before.isdigit() or before.isspace())
    return is_degree and not (after.isalpha() and after not in "CF")


def _letter_fit(before: str, letter: str, after: str) -> float:
    if letter.isupper() and before.islower():
        return 0.1
    script = _script_of(letter)
    if unicodedata.category(letter)[0] == "L" and any(
        each.isalpha() and _script_of(each) != script for each in (before, after)
    ):
        return 0.2
    alone = not before.isalpha() and not after.isalpha()
    if alone and letter.islower() and letter not in _WORDS and script in _CASED:
        # "12 ı" is an amount as well.
        return 0.3
    if (letter.isupper() or script == "HEBREW") and after in _BEHIND_A_SIGN and alone:
        # A capital by itself: "Ä 99" is an amount in euros, read wrongly.
        return 0.5
    if letter in _RARE:
        return 0.7
    return 1


def _sign_fit(before: str, sign: str, after: str) -> float:
    """Return how well a character fits that is no letter: punctuation, a currency, or a sign of arithmetic."""
    between = before.isalpha() or after.isalpha()
    if sign in _APART and between:
        # "¶ννα", where another encoding has "Ά".
        return 0.1
    if sign == "¤":
        # The sign of no currency, where another encoding has that of the euro.
        return 0.3
    if sign == "€" and not between:
        return 1
    if sign == "’" and not before.isalpha() and after.isalpha() and _script_of(after) != "LATIN":
        # "’s-Gravenhage", but no "’ννα".
        return 0.3
    if sign == "»" and before.isspace() and after.isalpha():
        # A list names nobody "»ubomir".
        return 0.3
    return _punctuation_fit(before, sign, after)


def _punctuation_fit(before: str, sign: str, after: str) -> float:
    inside = before.isalpha() and after.isalpha()
    category = unicodedata.category(sign)
    if sign == "´" and not inside:
        # An accent typed for an apostrophe fits within a word: "O´Brien".
        return 0.8
    if sign == "´":
        return 1
    if category[0] == "P" and inside and sign not in _JOINS:
        return 0.3
    if category[0] == "P" or (category == "Sc" and (after in _BEHIND_A_SIGN or before.isdigit())):
        return 1
    # Signs of money, arithmetic and boxes stand by themselves, and hardly in a list of people.
    if before.isalpha() or after.isalpha():
        return 0.1
    return 0.6


def _script_of(letter: str) -> str:
    return unicodedata.name(letter, "").partition(" ")[0]
