"""Normalize email addresses, phone numbers and names, so that equal ones compare equal with a plain `=`.

What is stored is `as_written`; `tidy` and `name_key` fold, and are for comparing and searching only.

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
class Phone:
    """A number in E.164 (`+31612345678`), with the extension behind it ("" for none)."""

    e164: str
    extension: str = ""


# Whatever is read as an address, a number or a name is shorter.
LONGEST = 500
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


def as_written(raw: str) -> str:
    """Return a text as it is stored: every character it was written with (NFC), trimmed.

    Inside it, invisible characters stay: they join emoji and Persian letters. What turns the direction of the text
    around it does not.
    """
    if raw.isascii():
        return raw.strip()
    return _in_form("NFC", raw).translate(_OVERRIDES).strip(_EDGES)


def one_line(text: str) -> str:
    """Join the lines of a name or the like; the spaces within a line are as they were written."""
    if text.isprintable():
        return text
    return " ".join(filter(None, map(str.strip, _BREAKS.split(text))))


def tidy(raw: str) -> str:
    """Fold a text for comparing: one Unicode form (NFKC), without invisible characters, trimmed."""
    if raw.isascii():
        return raw.strip()
    return _in_form("NFKC", raw).translate(_INVISIBLE).strip()


def _in_form(form: Literal["NFC", "NFKC", "NFKD"], text: str) -> str:
    """Normalize a text of any length in pieces: of a run of accents it costs the square (26 s for 131,072)."""
    if len(text) <= LONGEST:
        return unicodedata.normalize(form, text)
    return "".join(unicodedata.normalize(form, piece) for piece in _PIECE.findall(text))


def email(raw: str) -> str | None:
    """Return the normalized email address, or None for an invalid one. See `parse_email`."""
    try:
        return parse_email(raw)
    except Refused:
        return None


def parse_email(raw: str) -> str:
    """Return the bare email address in lower case, its domain in ASCII (IDNA). Raises Refused."""
    if len(raw) > LONGEST:
        raise Refused(_("It is longer than an e-mail address can be."))
    text = tidy(raw).lower()
    if _PLAIN_EMAIL.fullmatch(text) and _fits(text):
        return text
    if angled := _ANGLE.search(text):
        text = angled[1].strip()
    text = text.lstrip(" '\"<([").rstrip(" '\">)],;.").removeprefix("mailto:").split("?", 1)[0].rstrip(" .;,")
    local, at, domain = text.rpartition("@")
    if not at:
        raise Refused(_("It holds no @, so it is no e-mail address."))
    if not _LOCAL.fullmatch(local):
        raise Refused(_("What stands before the @ is no name of a mailbox."))
    address = f"{local}@{_ascii_domain(domain)}"
    if not _fits(address):
        raise Refused(_("It is longer than an e-mail address can be."))
    return address


def _fits(address: str) -> bool:
    return len(address) <= 254 and address.index("@") <= 64


def _ascii_domain(domain: str) -> str:
    refused = Refused(_("What stands behind the @ is no domain name."))
    try:
        labels = domain.encode("idna").decode("ascii").split(".")
    except UnicodeError:
        raise refused from None
    if len(labels) < 2 or not _TOP.fullmatch(labels[-1]) or not all(map(_LABEL.fullmatch, labels)):
        raise refused
    return ".".join(labels)


def phone(raw: str, region: str) -> str | None:
    """Return the number in E.164, or None for an invalid one. See `parse_phone`."""
    try:
        return parse_phone(raw, region).e164
    except Refused:
        return None


# As North America writes its own numbers; the library needs three times as long to come to the same ten digits.
_PLAIN_NANP = re.compile(r"\(?([2-9][0-9]{2})\)?[ .-]?([0-9]{3})[ .-]?([0-9]{4})")
_NANP = 1


@lru_cache(maxsize=4096)
def parse_phone(raw: str, region: str) -> Phone:
    """Parse a phone number as a region (ISO country, e.g. "NL") writes it; repairs what a spreadsheet did to it.

    Raises Refused for what can't be dialled, and where digits were lost (3.36E+10).
    """
    if len(raw) > LONGEST:
        raise Refused(_("It is longer than a phone number can be."))
    if plain := _plain_nanp(raw.strip(), region):
        return plain
    text = _EXTENSION_WORDS.sub(" ext. ", _undamaged(tidy(raw)))
    if not any(character.isdigit() for character in text):
        raise Refused(_("It holds no digits, so it is no phone number."))
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
            return Phone(e164, number.extension or "")
    raise Refused(_("No such phone number is in use; perhaps digits or the country code are missing."))


def _plain_nanp(text: str, region: str) -> Phone | None:
    if not (plain := _PLAIN_NANP.fullmatch(text)) or phonenumbers.country_code_for_region(region) != _NANP:
        return None
    digits = "".join(plain.groups())
    number = phonenumbers.PhoneNumber(country_code=_NANP, national_number=int(digits))
    if _is_in_use(number, region):
        return Phone(f"+{_NANP}{digits}")
    return None


def _is_in_use(number: phonenumbers.PhoneNumber, region: str) -> bool:
    # Most numbers are of the region itself; the general question first looks for the region of each.
    return phonenumbers.is_valid_number_for_region(number, region) or phonenumbers.is_valid_number(number)


def _undamaged(text: str) -> str:
    """Undo what a spreadsheet does to numbers: guards (`'+31…`, `="06…"`), decimals (`.0`) and exponents."""
    text = text.removeprefix("=").strip(" \"'`").removeprefix("tel:").strip()
    if found := _SCIENTIFIC.fullmatch(text):
        whole = found[1]
        fraction = found[2] or ""
        exponent = int(found[3])
        if len(fraction) < exponent - 2 or exponent > 15:
            raise Refused(_("A spreadsheet shortened this number and its last digits are lost."))
        return str(int(Decimal(f"{whole}.{fraction or 0}").scaleb(exponent)))
    return re.sub(r"^(\+?\d{7,15})[.,]0+$", r"\1", text)


# Letters that stay themselves when accents are taken off.
_BASE_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
_APOSTROPHES = re.compile(r"['’‘‛ʼʻ′＇`´]")
_NOT_LETTERS = re.compile(r"[\W_]+")


def name_key(name: str) -> str:
    """Return a name as sorted and searched: lower case, no accents, single spaces ("O'Brien Öz" is "obrien oz")."""
    # What is kept for the next time stays small.
    if len(name) <= LONGEST:
        return _name_key(name)
    return _name_key.__wrapped__(name)


@lru_cache(maxsize=16_384)
def _name_key(name: str) -> str:
    if name.isascii():
        return _NOT_LETTERS.sub(" ", name.replace("'", "").replace("`", "").lower()).strip()
    # Before anything is folded: an accent that stands alone falls apart into a space and a mark.
    bare = text = tidy(_APOSTROPHES.sub("", name)).lower()
    if not text.isascii():
        text = _in_form("NFKD", text).casefold()
        bare = "".join(character for character in text if not unicodedata.combining(character))
    return _NOT_LETTERS.sub(" ", _APOSTROPHES.sub("", bare.translate(_BASE_LETTERS))).strip()


_SPELLED_OUT = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ø": "oe", "Ø": "Oe", "å": "aa", "Å": "Aa"}
)


def spelled_out(text: str) -> str:
    """Return a text as those write it who have no such letters: "Müller" is "Mueller"."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", text[:LONGEST]).translate(_SPELLED_OUT)


def digits(query: str) -> str:
    """Return a phone number's digits, to search for at the end of an E.164 number.

    Without the trunk zero or the international 00, which no E.164 number holds ("06-1234" → "61234").
    """
    found = (str(unicodedata.digit(character)) for character in query.replace("(0)", "") if character.isdigit())
    return "".join(found).lstrip("0")
