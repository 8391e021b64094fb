"""Parse dates, amounts and countries as spreadsheets write them, by the conventions of a country. Pure.

What can't be read is refused with a sentence, never guessed: 3/4 is March 4 in the United States and 3 April elsewhere,
but 31/4 is no day anywhere.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.numbers import get_currency_precision
from django.utils.translation import gettext as _

from crm.kernel.normalization import fold_text, name_key
from crm.kernel.refusal import Refused

# The month stands first here, when a date is written in digits alone.
MONTH_FIRST = frozenset({"US", "PH", "FM", "MH", "PW"})
# More is a slip of the keyboard or another column's number.
MAX_MINOR = 10**13
# Longer is no date, amount, currency or country.
_LONGEST = 100
_SERIALS = range(20_000, 80_000)  # Excel's days since 1899-12-30: the years 1954 to 2119
_DIGITS = re.compile(r"(\d{1,4})[-/. ](\d{1,2})[-/. ](\d{1,4})")
_NAMED = re.compile(
    r"(?:[^\W\d]+,? )?(?:(\d{1,2})(?:st|nd|rd|th)?[ .-]+([^\W\d]{3,})|([^\W\d]{3,})[ .-]+(\d{1,2})(?:st|nd|rd|th)?)"
    r"[ .,-]+(\d{2,4})"
)
_TIME = re.compile(
    r"(?:(?<![ ,])[ ,]+|(?<=\d)t)(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:[.,]\d+)?)? ?(am|pm|a\.m\.|p\.m\.)?"
    r"(?: ?(z|utc|gmt|[+-]\d{2}:?\d{2}))?$"
)


@dataclass(frozen=True, slots=True)
class NotationHabits:
    """The notation of a file: whether the day or last name comes first, the decimal mark, the default currency."""

    country: str
    currency: str
    zone: ZoneInfo
    day_first: bool
    # What stands before the decimals: "." or ","; "" where each amount is to tell by itself.
    decimal: str = ""
    # Whether its names are "Jansen, P. van der".
    last_name_first: bool = False

    @classmethod
    def of(cls, country: str, currency: str, zone: ZoneInfo) -> "NotationHabits":
        return cls(country, currency, zone, country not in MONTH_FIRST)


def _refuse_too_long(raw: str, why: str) -> None:
    if len(raw) > _LONGEST:
        raise Refused(why)


def day_first_in(raw: str) -> bool | None:
    """Tell whether a date has the day first: True for 31/1, False for 1/31, None when ambiguous."""
    match = _DIGITS.match(fold_text(raw[:_LONGEST]))
    if not match or len(match[1]) > 2:
        return None
    one = int(match[1])
    two = int(match[2])
    if (one > 12) != (two > 12):
        return one > 12
    return None


@lru_cache(maxsize=4096)
def parse_instant(raw: str, habits: NotationHabits) -> datetime:
    """Parse a date, or date and time, into an instant (UTC); a date alone is its first second there. Raises Refused."""
    _refuse_too_long(raw, _("It is not written as a date."))
    text = fold_text(raw).lower()
    if re.fullmatch(r"\d{5}([.,]\d+)?", text) and int(text[:5]) in _SERIALS:
        whole = datetime(1899, 12, 30, tzinfo=habits.zone) + timedelta(days=float(text.replace(",", ".")))
        return whole.replace(microsecond=0).astimezone(UTC)
    clock = time()
    zone: tzinfo = habits.zone
    if match := _TIME.search(text):
        text = text[: match.start()]
        clock = _parse_time(match)
        zone = _parse_offset(match[5]) or habits.zone
    return datetime.combine(_parse_date(text, habits), clock, zone).astimezone(UTC)


def _parse_offset(offset: str | None) -> tzinfo | None:
    if offset is None:
        return None
    try:
        return datetime.strptime(offset if offset[0] in "+-" else "+0000", "%z").tzinfo
    except ValueError:
        raise Refused(_("There is no such time of day.")) from None


def _parse_time(match: re.Match[str]) -> time:
    hour = int(match[1])
    half = (match[4] or "")[:1]
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    try:
        return time(hour, int(match[2]), int(match[3] or 0))
    except ValueError:
        raise Refused(_("There is no such time of day.")) from None


def _parse_date(text: str, habits: NotationHabits) -> date:
    if match := _DIGITS.fullmatch(text):
        one, two, three = (int(part) for part in match.groups())
        if len(match[1]) == 4:
            return _build_date(one, two, three)
        # A day beyond 12 can only be a day, whatever the habit.
        if (habits.day_first or one > 12) and two <= 12:
            day, month = (one, two)
        else:
            day, month = (two, one)
        return _build_date(_full_year(three, match[3]), month, day)
    if (match := _NAMED.fullmatch(text)) and (number := _month_numbers().get((match[2] or match[3])[:3])):
        return _build_date(_full_year(int(match[5]), match[5]), number, int(match[1] or match[4]))
    if re.fullmatch(r"(19|20)\d{6}", text):
        return _build_date(int(text[:4]), int(text[4:6]), int(text[6:]))
    raise Refused(_("It is not written as a date."))


def _full_year(number: int, written: str) -> int:
    if len(written) > 2:
        return number
    return number + (2000 if number < 70 else 1900)


def _build_date(year: int, month: int, day: int) -> date:
    try:
        built = date(year, month, day)
    except ValueError:
        raise Refused(_("There is no such day.")) from None
    if not 1970 <= year <= 2150:
        raise Refused(_("The year is too far away."))
    return built


@lru_cache(maxsize=1)
def _month_numbers() -> dict[str, int]:
    """Map the first three letters of each month, in English and Dutch, to its number."""
    names = {"mrt": 3, "maa": 3, "sep": 9}
    for language in ("en", "nl"):
        for number, name in Locale(language).months["format"]["wide"].items():
            names[name.lower()[:3]] = number
    return names


_SYMBOLS = {
    "€": "EUR",
    "euro": "EUR",
    "dollar": "USD",
    "dollars": "USD",
    "£": "GBP",
    "us$": "USD",
    "ca$": "CAD",
    "c$": "CAD",
    "a$": "AUD",
    "au$": "AUD",
    "chf": "CHF",
}
# "18.400,-", "18.400,- EUR".
_NO_CENTS = re.compile(r"[,.][-–—=]{1,5}(?=[^\d,.]{0,10}$)")
_AMOUNT = re.compile(r"(\D*?)([-+]?\d[\d.,' ]*)((?:e[+-]?\d+)?)\s*([km]\b)?(.*)", re.IGNORECASE | re.DOTALL)


@lru_cache(maxsize=4096)
def parse_money(raw: str, habits: NotationHabits) -> tuple[int, str]:
    """Parse an amount into minor units and its currency: "$18,400", "€ 18.400,00", "18400.5", "12k". Raises Refused."""
    _refuse_too_long(raw, _("It is not written as an amount of money."))
    text = fold_text(raw)
    match = _AMOUNT.fullmatch(_NO_CENTS.sub("", text))
    if not match:
        raise Refused(_("It is not written as an amount of money."))
    currency_code = _currency_around(match[1] + match[5], habits)
    times = {"k": 1000, "m": 1_000_000}.get((match[4] or "").lower(), 1) * 10 ** get_currency_precision(currency_code)
    try:
        amount = Decimal(_with_decimal_point(match[2].strip(), currency_code, habits) + match[3])
        if abs(amount) < MAX_MINOR:
            minor = int((amount * times).to_integral_value())
        else:
            minor = MAX_MINOR + 1
    except ArithmeticError:
        raise Refused(_("It is not written as an amount of money.")) from None
    # Accounting programs write the minus behind: "1.234,56-".
    if minor < 0 or match[1].strip().startswith(("-", "(")) or match[5].strip().startswith(("-", "−")):
        raise Refused(_("The amount is below zero."))
    if minor > MAX_MINOR:
        raise Refused(_("The amount is too large."))
    return minor, currency_code


def _currency_around(around: str, habits: NotationHabits) -> str:
    word = re.sub(r"[\s()+-]", "", around).lower()
    if not word:
        return habits.currency
    if word == "$":
        if habits.currency in {"USD", "CAD", "AUD", "NZD", "SGD"}:
            return habits.currency
        return "USD"
    return parse_currency(word)


@lru_cache(maxsize=256)
def parse_currency(raw: str) -> str:
    """Return the ISO code of a currency given by code or sign. Raises Refused."""
    _refuse_too_long(raw, _("There is no currency with that name."))
    word = fold_text(raw).lower()
    code = _SYMBOLS.get(word, word.upper())
    if len(code) != 3 or code not in Locale("en").currencies:
        raise Refused(_("There is no currency with that name."))
    return code


def _with_decimal_point(digits: str, currency: str, habits: NotationHabits) -> str:
    """Return the number with a decimal point only. A mark before three digits means thousands: no money has mils."""
    digits = digits.replace(" ", "").replace("'", "").rstrip(".,")
    if habits.decimal:
        return digits.replace("," if habits.decimal == "." else ".", "").replace(habits.decimal, ".")
    marks = re.findall(r"[.,]", digits)
    if not marks:
        return digits
    last = digits.rindex(marks[-1])
    decimals = len(digits) - last - 1
    if marks.count(marks[-1]) > 1:
        if len(set(marks)) == 1:
            return re.sub(r"[.,]", "", digits)
        return "?"
    thousands = len(marks) == 1 and decimals == 3 and not digits.startswith(("0", "-0", "+0"))
    if thousands and (get_currency_precision(currency) < 3 or (marks[0] == ",") == (habits.country in MONTH_FIRST)):
        return re.sub(r"[.,]", "", digits)
    return re.sub(r"[.,]", "", digits[:last]) + "." + digits[last + 1 :]


@lru_cache(maxsize=1)
def _country_codes() -> dict[str, str]:
    codes = {"uk": "GB", "holland": "NL", "usa": "US", "u s a": "US", "england": "GB", "amerika": "US"}
    codes |= {"united states of america": "US", "great britain": "GB", "estados unidos de america": "US"}
    for language in ("es", "it", "fr", "de", "nl", "en"):
        for code, name in Locale(language).territories.items():
            if len(code) == 2 and code.isalpha():
                codes |= {name_key(name): code, code.lower(): code}
    return codes


def parse_country(raw: str) -> str:
    """Return the ISO code of a country given by code or name, in the larger languages of Europe. Raises Refused."""
    _refuse_too_long(raw, _("There is no country with that name."))
    code = _country_codes().get(name_key(raw).removeprefix("the "))
    if code is None:
        raise Refused(_("There is no country with that name."))
    return code
