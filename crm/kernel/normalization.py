"""Normalize email addresses, phone numbers and names, so that equal ones compare equal with a plain `=`.

Stored text goes through `clean_text`; `fold_text` and `name_key` are for comparing and searching only.

Pure: no database, no settings but the language of the sentences. What can't be read is refused, never guessed.
"""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Literal

import phonenumbers
from django.utils.translation import gettext_lazy as _

from crm.kernel.phone_variants import phone_variants

# What can't be read is refused with a sentence that does not repeat it.
from crm.kernel.refusal import Refused as Refused


@dataclass(frozen=True, slots=True)
class PhoneNumber:
    """A number in E.164 (`+31612345678`), with the extension behind it ("" for none)."""

    e164: str
    extension: str = ""


# Whatever is read as an address, a number or a name is shorter.
MAX_LENGTH = 500
# A piece ends before a character that nothing before it is joined with, if one comes.
_PIECE = re.compile(r"[\s\S]{1,250}[^\x00-\x7f]{0,250}")
# Zero-width characters, soft hyphens and direction marks, as pasted from web pages and telephones.
_INVISIBLE = dict.fromkeys([0x00AD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065), 0xFEFF])
# Marks that reorder whatever is shown behind them.
_OVERRIDES = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
_BREAKS = re.compile(r"[\n\r\t\v\f\x85\u2028\u2029]")
_EDGES = "".join(map(chr, _INVISIBLE)) + "".join(
    character for character in map(chr, range(0x3001)) if character.isspace()
)
_PLAIN_EMAIL = re.compile(r"[a-z0-9_%+-]+(?:\.[a-z0-9_%+-]+)*@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
_LOCAL = re.compile(r"[^\s@\"(),:;<>\[\]\\.]+(?:\.[^\s@\"(),:;<>\[\]\\.]+)*")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_TOP = re.compile(r"[a-z]{2,63}|xn--[a-z0-9-]{1,59}")
_ANGLE = re.compile(r"<([^<>@]*@[^<>]*)>")
_SCIENTIFIC = re.compile(r"\+?(\d+)(?:[.,](\d+))?[eE]\+?(\d{1,2})")
_EXTENSION_WORDS = re.compile(r"\b(?:toestel|tst|doorkiesnummer|extn?|extension|poste)\b\.?:?", re.IGNORECASE)


def clean_text(raw: str) -> str:
    """Clean a text for storage: NFC, trimmed, without characters that change the text direction.

    Other invisible characters inside it stay: they join emoji and Persian letters.
    """
    if raw.isascii():
        return raw.strip()
    return _normalize_unicode("NFC", raw).translate(_OVERRIDES).strip(_EDGES)


def one_line(text: str) -> str:
    """Join the lines of a text into one; spaces within a line are kept."""
    if text.isprintable():
        return text
    return " ".join(filter(None, map(str.strip, _BREAKS.split(text))))


def fold_text(raw: str) -> str:
    """Fold a text for comparing: one Unicode form (NFKC), without invisible characters, trimmed."""
    if raw.isascii():
        return raw.strip()
    return _normalize_unicode("NFKC", raw).translate(_INVISIBLE).strip()


def _normalize_unicode(form: Literal["NFC", "NFKC", "NFKD"], text: str) -> str:
    """Normalize a text in pieces: a long run of accents takes quadratic time (26 s for 131,072)."""
    if len(text) <= MAX_LENGTH:
        return unicodedata.normalize(form, text)
    return "".join(unicodedata.normalize(form, piece) for piece in _PIECE.findall(text))


def normalize_email(raw: str) -> str | None:
    """Return the normalized email address, or None for an invalid one. See `parse_email`."""
    try:
        return parse_email(raw)
    except Refused:
        return None


def parse_email(raw: str) -> str:
    """Return the bare email address in lower case, its domain in ASCII (IDNA). Raises Refused."""
    if len(raw) > MAX_LENGTH:
        raise Refused(_("It is longer than an email address can be."))
    text = fold_text(raw).lower()
    if _PLAIN_EMAIL.fullmatch(text) and _is_length_allowed(text):
        return text
    if angled := _ANGLE.search(text):
        text = angled[1].strip()
    text = text.lstrip(" '\"<([").rstrip(" '\">)],;.").removeprefix("mailto:").split("?", 1)[0].rstrip(" .;,")
    local, at, domain = text.rpartition("@")
    if not at:
        raise Refused(_("It has no @, so it is not an email address."))
    if not _LOCAL.fullmatch(local):
        raise Refused(_("The part before the @ is not a mailbox name."))
    address = f"{local}@{_ascii_domain(domain)}"
    if not _is_length_allowed(address):
        raise Refused(_("It is longer than an email address can be."))
    return address


def _is_length_allowed(address: str) -> bool:
    return len(address) <= 254 and address.index("@") <= 64


def _ascii_domain(domain: str) -> str:
    refused = Refused(_("The part after the @ is not a domain name."))
    try:
        labels = domain.encode("idna").decode("ascii").split(".")
    except UnicodeError:
        raise refused from None
    if len(labels) < 2 or not _TOP.fullmatch(labels[-1]) or not all(map(_LABEL.fullmatch, labels)):
        raise refused
    return ".".join(labels)


def normalize_phone(raw: str, region: str) -> str | None:
    """Return the number in E.164, or None for an invalid one. See `parse_phone`."""
    try:
        return parse_phone(raw, region).e164
    except Refused:
        return None


# As North America writes its own numbers; the library needs three times as long to come to the same ten digits.
_PLAIN_NANP = re.compile(r"\(?([2-9][0-9]{2})\)?[ .-]?([0-9]{3})[ .-]?([0-9]{4})")
_NANP = 1


@lru_cache(maxsize=4096)
def parse_phone(raw: str, region: str) -> PhoneNumber:
    """Parse a phone number as a region (ISO country, e.g. "NL") writes it; repairs what a spreadsheet did to it.

    Raises Refused for what can't be dialled, and where digits were lost (3.36E+10).
    """
    if len(raw) > MAX_LENGTH:
        raise Refused(_("It is longer than a phone number can be."))
    if plain := _plain_nanp(raw.strip(), region):
        return plain
    text = _EXTENSION_WORDS.sub(" ext. ", _repair_number(fold_text(raw)))
    if not any(character.isdigit() for character in text):
        raise Refused(_("It has no digits, so it is not a phone number."))
    if text.startswith("00"):
        international = "+" + text.lstrip("0")
    else:
        international = text
    # The last form: a country code whose plus sign a spreadsheet took for arithmetic.
    candidates = (text, international, "+" + text.lstrip("+ "))
    old_forms = phone_variants("+" + "".join(filter(str.isdecimal, text)))
    for candidate in dict.fromkeys((*candidates, *old_forms)):
        try:
            number = phonenumbers.parse(candidate, region)
        except phonenumbers.NumberParseException:
            continue
        if _is_in_use(number, region):
            e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
            return PhoneNumber(e164, number.extension or "")
    raise Refused(_("No such phone number is in use; perhaps digits or the country code are missing."))


def _plain_nanp(text: str, region: str) -> PhoneNumber | None:
    if not (plain := _PLAIN_NANP.fullmatch(text)) or phonenumbers.country_code_for_region(region) != _NANP:
        return None
    digits = "".join(plain.groups())
    number = phonenumbers.PhoneNumber(country_code=_NANP, national_number=int(digits))
    if _is_in_use(number, region):
        return PhoneNumber(f"+{_NANP}{digits}")
    return None


def _is_in_use(number: phonenumbers.PhoneNumber, region: str) -> bool:
    # Most numbers are of the region itself; the general question first looks for the region of each.
    return phonenumbers.is_valid_number_for_region(number, region) or phonenumbers.is_valid_number(number)


def _repair_number(text: str) -> str:
    """Repair a number that a spreadsheet changed: guards (`'+31…`, `="06…"`), decimals (`.0`), exponents."""
    text = text.removeprefix("=").strip(" \"'`").removeprefix("tel:").strip()
    if match := _SCIENTIFIC.fullmatch(text):
        whole = match[1]
        fraction = match[2] or ""
        exponent = int(match[3])
        if len(fraction) < exponent - 2 or exponent > 15:
            raise Refused(_("A spreadsheet shortened this number and its last digits are lost."))
        return str(int(Decimal(f"{whole}.{fraction or 0}").scaleb(exponent)))
    return re.sub(r"^(\+?\d{7,15})[.,]0+$", r"\1", text)


# Letters that stay themselves when accents are taken off.
_BASE_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
_APOSTROPHES = re.compile(r"['’‘‛ʼʻ′＇`´]")
_NOT_LETTERS = re.compile(r"[\W_]+")
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]+")


def name_key(name: str) -> str:
    """Return a name as sorted and searched: lower case, no accents, single spaces ("O'Brien Öz" is "obrien oz")."""
    # What is kept for the next time stays small.
    if len(name) <= MAX_LENGTH:
        return _cached_name_key(name)
    return _cached_name_key.__wrapped__(name)


@lru_cache(maxsize=16_384)
def _cached_name_key(name: str) -> str:
    if name.isascii():
        return _NOT_LETTERS.sub(" ", name.replace("'", "").replace("`", "").lower()).strip()
    # Before anything is folded: an accent that stands alone falls apart into a space and a mark.
    bare = text = fold_text(_APOSTROPHES.sub("", name)).lower()
    if not text.isascii():
        text = _normalize_unicode("NFKD", text).casefold()
        bare = _BEYOND_ASCII.sub(_without_marks, text)
    return _NOT_LETTERS.sub(" ", _APOSTROPHES.sub("", bare.translate(_BASE_LETTERS))).strip()


def _without_marks(letters: re.Match[str]) -> str:
    """Remove the combining marks; the letters they stood on stay."""
    return "".join(character for character in letters[0] if not unicodedata.combining(character))


_SPELLED_OUT = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ø": "oe", "Ø": "Oe", "å": "aa", "Å": "Aa"}
)


def spell_out_umlauts(text: str) -> str:
    """Spell umlauts and Scandinavian letters with two letters: "Müller" is "Mueller"."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", text[:MAX_LENGTH]).translate(_SPELLED_OUT)


def phone_digits(query: str) -> str:
    """Return a phone number's digits, to search for at the end of an E.164 number.

    Without the trunk zero or the international 00, which no E.164 number holds ("06-1234" → "61234").
    """
    ascii_digits = (str(unicodedata.digit(character)) for character in query.replace("(0)", "") if character.isdigit())
    return "".join(ascii_digits).lstrip("0")
