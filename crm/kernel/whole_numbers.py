"""Whole numbers as a form, an address or another program writes them: plain digits, within bounds."""

from django.utils.functional import Promise

from crm.kernel.refusal import Refused

# The largest number of a column: of ids, of the numbers of leads.
LARGEST = 2**63 - 1
# Longer is no number anybody means, and Python refuses to parse some thousand digits.
_LONGEST = 40


def read_number(text: str | None, *, least: int = 0, most: int = LARGEST) -> int | None:
    """Return the number a text writes, spaces around it or not; None for what is none, or is out of bounds.

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


def typed_number(text: str, sentence: str | Promise, *, least: int = 0, most: int = LARGEST) -> int:
    """Return the number of a form's field. Raises Refused, with the sentence, for what is none or is out of bounds."""
    number = read_number(text, least=least, most=most)
    if number is None:
        raise Refused(sentence)
    return number
