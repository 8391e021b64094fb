"""Tell which of a customer's addresses a column is of: the place of the work, a home, the bill's, "Address 2"."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from leads.importing.mapping.headings import PLACE, Field
from leads.importing.mapping.words.meanings import meanings, parts_of
from leads.importing.mapping.words.senses import end_of, sense_of, words_of

# The place of the work before the home, that before the office, where goods go before where the bill goes.
_RANKS = (("site", 0), ("home", 2), ("work", 3))
_PLAIN, _SHIPPING, _BY_MAIL, _ANOTHER = 1, 4, 5, 6
_SHIPPED = frozenset(
    "shipping ship delivery livraison liefer lieferung lever aflever afleverings entrega envio versand consegna "
    "spedizione dostawy".split()
)
_MAILED = frozenset(
    "bill billing mailing mail postal facturation facturatie rechnung facturacion factuur fatturazione "
    "correspondentie korrespondenz correspondance".split()
)
_OTHERS = frozenset(
    "other others alternate alt secondary second additional overig overige andere sonstige autre otro otra alternativo "
    "alternativa alternatif alternative alternatief alternatieve weitere weiteres weiterer abweichende "
    "abweichend".split()
)
# What a word of an address means that does not say which one.
_OF_ANY = frozenset(
    "street way line unit extended formatted houseno house zip post code city suburb state staat community country "
    "estado no name and small spot party whose lead legal electronic".split()
)
_MOST_HEADINGS = 200


@lru_cache(maxsize=8192)
def address_of(heading: str) -> tuple[int, str]:
    """Return which of several addresses a heading is of: its rank, the lowest is asked first, and the words for it."""
    words = words_of(heading)
    parts = [part for word in words for part in parts_of(word) or (word,)]
    if any("code" in meanings().get(part, ()) for part in parts):
        # "Postal" before "code" is no way to send mail.
        parts = [part for part in parts if part != "postal"]
    told = {part for part in parts if part in _OTHERS or not meanings().get(part, frozenset()) & _OF_ANY}
    numbers = {part for part in told if part.isdecimal()}
    named = {part.removesuffix(end_of(part)) for part in told - numbers} | {part for part in numbers if int(part) > 1}
    return _rank(parts), " ".join(sorted(filter(None, named)))


def _rank(parts: Sequence[str]) -> int:
    if not _OTHERS.isdisjoint(parts) or any(part.isdecimal() and int(part) > 1 for part in parts):
        return _ANOTHER
    if not _MAILED.isdisjoint(parts):
        return _BY_MAIL
    if not _SHIPPED.isdisjoint(parts):
        return _SHIPPING
    found = (rank for meaning, rank in _RANKS if any(meaning in meanings().get(part, ()) for part in parts))
    return next(found, _PLAIN)


def numbered(headings: Sequence[str]) -> dict[int, Field]:
    """Map the columns of a second address, by position: "Adres2, Postcode2, Plaats2", and no second line."""
    found: dict[str, dict[int, Field]] = {}
    for at, heading in enumerate(headings[:_MOST_HEADINGS]):
        words = words_of(heading)
        lines = {behind for word, behind in pairwise(words) if "line" in meanings().get(word, ())}
        number = next((word for word in words if word.isdecimal() and 1 < int(word) < 10 and word not in lines), "")
        # "Address 1: Street 2" is the second line of the first.
        is_first = "1" in words
        known = sense_of(" ".join(word for word in words if word != number)) if number and not is_first else None
        if known in PLACE:
            found.setdefault(number, {})[at] = known
    whole = (each for each in found.values() if not {Field.CITY, Field.POSTCODE}.isdisjoint(each.values()))
    return {at: known for each in whole for at, known in each.items()}
