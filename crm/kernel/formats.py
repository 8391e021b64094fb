"""Format money, days, times and phone numbers for a reader's locale; memoised, as a list shows hundreds.

The language is the page's, the country the tenant's: English at a Dutch firm reads 14:30, not 2:30 PM. A list passes
`language`, the one in use: asking Django for it costs more than a memoised answer.
"""

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

import phonenumbers
from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time
from babel.numbers import (
    format_compact_currency,
    format_currency,
    format_decimal,
    format_percent,
    get_currency_precision,
)
from django.utils.formats import number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

_LETTER_BEFORE_DIGIT = re.compile(r"(?<=[^\W\d_])(?=\d)")


@lru_cache(maxsize=64)
def get_locale(language: str, country: str) -> Locale:
    """Return the locale of a language in a country, e.g. en and NL; of the language alone for an unknown pair."""
    try:
        return Locale.parse(f"{language.split('-')[0]}_{country}")
    except (UnknownLocaleError, ValueError):
        return Locale.parse(language.split("-")[0])


def _current_language() -> str:
    return get_language() or "en"


def money(minor: int, currency: str, country: str, language: str = "") -> str:
    """Format an amount of minor units: "$21,700"; cents only where there are any."""
    return _cached_money(minor, currency, language or _current_language(), country)


@lru_cache(maxsize=8192)
def _cached_money(minor: int, currency: str, language: str, country: str) -> str:
    where = get_locale(language, country)
    digits = get_currency_precision(currency)
    whole, rest = divmod(minor, 10**digits)
    pattern = str(where.currency_formats["standard"].pattern)
    if rest:
        return _space_code(format_currency(minor / 10**digits, currency, locale=where))
    return _space_code(format_currency(whole, currency, pattern.replace(".00", ""), where, currency_digits=False))


def _space_code(text: str) -> str:
    """Put a space between a currency's letters and the amount, as CLDR asks and Babel doesn't: "KWD 13.580"."""
    return _LETTER_BEFORE_DIGIT.sub("\u00a0", text)


def whole_units(minor: int, currency: str) -> int:
    """Return an amount of minor units in whole ones, the rest left out: 2170050 of USD are 21700."""
    return int(minor // 10 ** get_currency_precision(currency))


def short_money(minor: int, currency: str, country: str, language: str = "") -> str:
    """Format a rounded amount for a narrow place: "$850", "$2.8K", "$22K", "$1.1M"."""
    return _cached_short_money(minor, currency, language or _current_language(), country)


@lru_cache(maxsize=8192)
def _cached_short_money(minor: int, currency: str, language: str, country: str) -> str:
    whole = minor // 10 ** get_currency_precision(currency)
    whole = round(whole, min(0, 3 - len(str(abs(whole)))))  # or 999,999 would be "$1000K"
    digits = int(len(str(abs(whole))) in (4, 7, 10, 13))
    where = get_locale(language, country)
    return _space_code(format_compact_currency(whole, currency, locale=where, fraction_digits=digits))


def whole_number(number: float) -> str:
    """Format a number, rounded to a whole one, with its thousands grouped: "12,345", in Dutch "12.345"."""
    return str(number_format(round(number), force_grouping=True))


def plain_number(number: float) -> str:
    """Format a number with the decimals it has, ten digits at most: "1,200", "0.5", in Dutch "1.200", "0,5"."""
    return str(number_format(Decimal(f"{number:.10g}"), force_grouping=True))


def one_decimal(number: float) -> str:
    """Format a number rounded to one decimal, for any country: "4.6", in Dutch "4,6"."""
    return str(number_format(Decimal(f"{number:.1f}"), force_grouping=True))


def decimal(number: float, country: str) -> str:
    """Format a number with one decimal: "26.2", "1,204.5"."""
    return str(format_decimal(number, "#,##0.0", locale=get_locale(_current_language(), country)))


def quantity(thousandths: int, country: str) -> str:
    """Format a quantity of thousandths: "28", "1.5"."""
    return str(format_decimal(Decimal(thousandths) / 1000, locale=get_locale(_current_language(), country)))


def percent(ppm: int, country: str) -> str:
    """Format a share in parts per million: "30%", "8.875%"."""
    locale = get_locale(_current_language(), country)
    return str(format_percent(Decimal(ppm) / 1_000_000, locale=locale, decimal_quantization=False))


def whole_percent(share: float) -> str:
    """Format a share that is given in percent, rounded: "83%". Rates of tax have all their decimals (`percent`)."""
    return f"{round(share)}%"


def clock_time(at: datetime, zone: ZoneInfo, country: str, language: str = "") -> str:
    """Format the time of day: "2:30 PM" in the United States, "14:30" in the Netherlands."""
    local = at.astimezone(zone)
    return _cached_clock_time(local.hour * 60 + local.minute, language or _current_language(), country)


@lru_cache(maxsize=4096)
def _cached_clock_time(minute: int, language: str, country: str) -> str:
    hour, rest = divmod(minute, 60)
    text: str = format_time(time(hour, rest), "short", locale=get_locale(language, country))
    return text.replace("\u202f", "\u00a0")


def day(at: date, today: date, country: str, language: str = "") -> str:
    """Format a day as near or far: "today", "tomorrow", "Wed" within six days, else "7 May", "7 May 2027"."""
    return _cached_day(at, today, language or _current_language(), country)


@lru_cache(maxsize=4096)
def _cached_day(at: date, today: date, language: str, country: str) -> str:
    away = at - today
    near = {0: _("today"), 1: _("tomorrow"), -1: _("yesterday")}.get(away.days)
    if near:
        return near
    if timedelta() < away < timedelta(days=7):
        return format_date(at, "EEE", locale=get_locale(language, country))
    return _cached_date(at, at.year != today.year, False, language, country)


def long_day(at: date, today: date, country: str) -> str:
    """Format a day as a heading: "Thu 7 May", with its year when it is not this one."""
    return _cached_date(at, at.year != today.year, True, _current_language(), country)


def full_day(at: date, country: str) -> str:
    """Format a day with its year: "7 May 2026"."""
    return _cached_date(at, True, False, _current_language(), country)


def month(first: date) -> str:
    """Format a month with its year: "November 2026"."""
    return str(format_date(first, "LLLL y", locale=_current_language().split("-")[0]))


def weekday(at: date) -> str:
    """Format the day of the week in two letters, for the head of a column."""
    return str(format_date(at, "EEE", locale=_current_language().split("-")[0]))[:2]


@lru_cache(maxsize=4096)
def _cached_date(at: date, with_year: bool, with_weekday: bool, language: str, country: str) -> str:
    where = get_locale(language, country)
    skeleton = f"{'y' * with_year}MMM{'E' * with_weekday}d"
    return str(format_date(at, str(where.datetime_skeletons[skeleton]), locale=where))


@lru_cache(maxsize=4096)
def phone(number: str, country: str) -> str:
    """Format an E.164 number as its country writes it; with the country code for a number from abroad."""
    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return number
    home = phonenumbers.region_code_for_number(parsed) == country
    if home:
        style = phonenumbers.PhoneNumberFormat.NATIONAL
    else:
        style = phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(parsed, style)


KB = 1_000
MB = 1_000_000


def size_in_words(size: int) -> str:
    """Bytes as people say them: 600 kB, 2.4 MB, in Dutch 2,4 MB."""
    if size < MB:
        return f"{max(1, round(size / KB))} kB"
    return f"{plain_number(round(size / MB, 1))} MB"
