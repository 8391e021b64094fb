"""Payment references that a payer's bank checks: ISO 11649 (RF), the Belgian and the Dutch form.

RF: two check digits (ISO 7064, modulo 97) before up to 21 letters and digits. Belgian: +++123/4567/89012+++, ten digits
and two check digits (modulo 97). Dutch (betalingskenmerk): a check digit (weights, modulo 11), then a length digit and
7 to 12 digits, or 15 digits without a length.
"""

import re
from collections.abc import Iterator

from stdnum import iban, iso11649
from stdnum.be import ogm_vcs
from stdnum.exceptions import ValidationError

DUTCH_WEIGHTS = (2, 4, 8, 5, 10, 9, 7, 3, 6, 1)
# The digits of a number: with a length digit from 7 to 12, without one 15.
DUTCH_SHORTEST = 7
DUTCH_LONGEST = 12
DUTCH_FULL = 15
RF_LONGEST = 21
BELGIAN_DIGITS = 10
# What people type around a reference in a free text; the length is limited before it is matched.
MAX_TEXT = 1_000
CANDIDATE = re.compile(r"RF\d\d(?: ?[A-Z0-9]){1,21}|\+{3}\d{3}/\d{4}/\d{5}\+{3}|\*{3}\d{3}/\d{4}/\d{5}\*{3}|\d{9,16}")


def make_rf_reference(number: str) -> str:
    """Return the RF reference of letters and digits. Raises ValueError if there are none, or more than 21."""
    body = "".join(letter for letter in number.upper() if letter.isascii() and letter.isalnum())
    if not 1 <= len(body) <= RF_LONGEST:
        raise ValueError("An RF reference has 1 to 21 letters and digits.")
    remainder = int("".join(str(int(letter, 36)) for letter in body + "RF00")) % 97
    return f"RF{98 - remainder:02d}{body}"


def make_belgian_reference(number: int) -> str:
    """Return the Belgian reference (digits alone) of a number of up to ten digits."""
    if not 0 < number < 10**BELGIAN_DIGITS:
        raise ValueError("A Belgian reference has 1 to 10 digits.")
    digits = str(number).rjust(BELGIAN_DIGITS, "0")
    return digits + str(ogm_vcs.calc_check_digits(digits))


def make_dutch_reference(number: int) -> str:
    """Return the Dutch reference of a number of up to 15 digits."""
    if not 0 < number < 10**DUTCH_FULL:
        raise ValueError("A Dutch reference has 1 to 15 digits.")
    digits = str(number).rjust(DUTCH_SHORTEST, "0")
    if len(digits) > DUTCH_LONGEST:
        body = digits.rjust(DUTCH_FULL, "0")
    else:
        body = f"{len(digits) % 10}{digits}"
    return _dutch_check_digit(body) + body


def parse_reference(text: str) -> str:
    """Return a valid reference without its separators; blank if it is none."""
    compact = "".join(letter for letter in text.upper()[:MAX_TEXT] if letter.isascii() and letter.isalnum())
    if compact.startswith("RF"):
        return compact if iso11649.is_valid(compact) else ""
    if not compact.isdigit():
        return ""
    if len(compact) == BELGIAN_DIGITS + 2 and ogm_vcs.is_valid(compact):
        return compact
    return compact if _is_dutch(compact) else ""


def find_references(text: str) -> list[str]:
    """Return the valid references of a payer's text, in order and each once.

    One in 97 words behind an RF reference happens to check with it: compare the results with references that exist.
    """
    return list(dict.fromkeys(filter(None, map(parse_reference, _candidates(text)))))


def _candidates(text: str) -> Iterator[str]:
    for match in CANDIDATE.finditer(text.upper()[:MAX_TEXT]):
        words = match[0].split(" ")
        # An RF reference may be written in groups of four; the words after it are none of it.
        for end in range(1, len(words) + 1):
            yield "".join(words[:end])


def written_reference(reference: str) -> str:
    """Return a reference as people read it: RF in groups of four, Belgian with its signs."""
    if reference.startswith("RF"):
        return " ".join(reference[at : at + 4] for at in range(0, len(reference), 4))
    if len(reference) == BELGIAN_DIGITS + 2 and ogm_vcs.is_valid(reference):
        return f"+++{ogm_vcs.format(reference)}+++"
    return reference


def is_iban(text: str) -> bool:
    """Return whether this is the number of a bank account with right check digits."""
    try:
        iban.validate(text)
    except ValidationError:
        return False
    return True


def _is_dutch(digits: str) -> bool:
    number_length = len(digits) - 2
    if len(digits) == DUTCH_FULL + 1:
        has_right_length = True
    else:
        has_right_length = DUTCH_SHORTEST <= number_length <= DUTCH_LONGEST and int(digits[1]) == number_length % 10
    return has_right_length and digits[0] == _dutch_check_digit(digits[1:])


def _dutch_check_digit(digits: str) -> str:
    """Weights from the right modulo 11; 10 becomes 1, and 11 becomes 0."""
    weighted = sum(int(digit) * DUTCH_WEIGHTS[at % 10] for at, digit in enumerate(reversed(digits)))
    return {10: "1", 11: "0"}.get(11 - weighted % 11, str(11 - weighted % 11))
