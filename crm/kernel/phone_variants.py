"""Old and new forms of a phone number in countries that changed their mobile numbers. Pure.

WhatsApp knows numbers by the form they had when they signed up: Mexico's with a 1 behind the country code (until 2019),
Brazil's without the ninth digit, Argentina's with a 9 for mobiles that others leave out.
"""

import re

_MEXICO = re.compile(r"\+52(1?)(\d{10})")
_ARGENTINA = re.compile(r"\+54(9?)(\d{10})")
# A mobile number of Brazil: an area of two digits, the ninth digit, and eight of which the first is 6 to 9.
_BRAZIL = re.compile(r"\+55([1-9][1-9])(9?)([6-9]\d{7})")


def phone_variants(number: str) -> tuple[str, ...]:
    """Return the forms of a number in E.164, today's first; the number alone where its country has one form."""
    if match := _MEXICO.fullmatch(number):
        return f"+52{match[2]}", f"+521{match[2]}"
    if match := _ARGENTINA.fullmatch(number):
        return f"+549{match[2]}", f"+54{match[2]}"
    if match := _BRAZIL.fullmatch(number):
        area = match[1]
        rest = match[3]
        return f"+55{area}9{rest}", f"+55{area}{rest}"
    return (number,)
