"""Parse whole numbers of forms, URLs and other programs: ASCII digits, within bounds."""

from django.utils.functional import Promise

from crm.kernel.refusal import Refused

# The largest number of a column: of ids, of the numbers of leads.
LARGEST = 2**63 - 1
# Longer is no number anybody means, and Python refuses to parse some thousand digits.
_LONGEST = 40


def read_number(text: str | None, *, least: int = 0, most: int = LARGEST) -> int | None:
    """Parse a whole number, surrounding spaces allowed; None when invalid or out of bounds.

    `str.isdigit` alone is no guard: "²" is a digit to it that `int` refuses, "٣" one that nobody types here.
    """
    if text is None or len(text) > _LONGEST:
        return None
    digits = text.strip()
    if not (digits.isascii() and digits.isdigit()):
        return None
    number = int(digits)
    if least <= number <= most:
        return number
    return None


def parse_typed_number(text: str, sentence: str | Promise, *, least: int = 0, most: int = LARGEST) -> int:
    """Parse the number of a form field. Raises Refused with the sentence when invalid or out of bounds."""
    number = read_number(text, least=least, most=most)
    if number is None:
        raise Refused(sentence)
    return number
