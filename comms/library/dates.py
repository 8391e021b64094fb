"""Dates in messages to customers, with weekday and month in full."""

import re
from datetime import date

from babel.dates import format_date

from crm.kernel import formats

_WEEKDAY = re.compile(r"E++|c++")
_MONTH = re.compile(r"M++|L++")


def long_day(day: date, language: str, country: str) -> str:
    """Format a day with its weekday in a country's style: "Monday, May 4", "maandag 4 mei"."""
    where = formats.get_locale(language, country)
    short = str(where.datetime_skeletons["MMMEd"])
    return str(format_date(day, _MONTH.sub("MMMM", _WEEKDAY.sub("EEEE", short)), locale=where))
