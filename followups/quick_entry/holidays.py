"""Holidays by the names people type, English and Dutch, and the next day of each. Pure functions."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta

from dateutil.easter import easter
from dateutil.relativedelta import relativedelta, weekday


def _same_day_each_year(month: int, day: int) -> Callable[[int], date]:
    return lambda year: date(year, month, day)


def _from_easter(days: int) -> Callable[[int], date]:
    return lambda year: easter(year) + timedelta(days=days)


def _weekday_of_month(month: int, day: int, nth: int, days: int = 0) -> Callable[[int], date]:
    """Return a holiday on the nth weekday of a month (-1: the last), so many days later."""
    if nth < 0:
        last_or_first = {"day": 31}
    else:
        last_or_first = {"day": 1}
    return lambda year: (
        date(year, month, 1) + relativedelta(**last_or_first, weekday=weekday(day, nth)) + timedelta(days=days)  # type: ignore[arg-type]
    )


_MONDAY = 0
_THURSDAY = 3
_SUNDAY = 6
_HOLIDAYS: dict[str, Callable[[int], date]] = {
    name: day
    for names, day in (
        ("new year's day|new years day|new year's|nieuwjaar|nieuwjaarsdag", _same_day_each_year(1, 1)),
        ("new year's eve|new years eve|oudejaarsdag|oudjaar|oudejaarsavond", _same_day_each_year(12, 31)),
        ("new year|new years|oud en nieuw", _same_day_each_year(1, 1)),
        ("mlk day|martin luther king day", _weekday_of_month(1, _MONDAY, 3)),
        ("valentine's day|valentines day|valentijnsdag", _same_day_each_year(2, 14)),
        ("presidents day|presidents' day|president's day", _weekday_of_month(2, _MONDAY, 3)),
        ("good friday|goede vrijdag", _from_easter(-2)),
        ("easter|easter sunday|pasen|eerste paasdag", _from_easter(0)),
        ("easter monday|tweede paasdag|paasmaandag", _from_easter(1)),
        ("koningsdag", lambda year: date(year, 4, 26 if date(year, 4, 27).weekday() == _SUNDAY else 27)),
        ("bevrijdingsdag", _same_day_each_year(5, 5)),
        ("ascension day|hemelvaart|hemelvaartsdag", _from_easter(39)),
        ("pentecost|whit sunday|pinksteren|eerste pinksterdag", _from_easter(49)),
        ("whit monday|tweede pinksterdag|pinkstermaandag", _from_easter(50)),
        ("memorial day", _weekday_of_month(5, _MONDAY, -1)),
        ("juneteenth", _same_day_each_year(6, 19)),
        ("independence day|fourth of july", _same_day_each_year(7, 4)),
        ("labor day", _weekday_of_month(9, _MONDAY, 1)),
        ("columbus day", _weekday_of_month(10, _MONDAY, 2)),
        ("halloween", _same_day_each_year(10, 31)),
        ("veterans day|veteran's day", _same_day_each_year(11, 11)),
        ("thanksgiving|thanksgiving day", _weekday_of_month(11, _THURSDAY, 4)),
        ("black friday", _weekday_of_month(11, _THURSDAY, 4, days=1)),
        ("sinterklaas|pakjesavond", _same_day_each_year(12, 5)),
        ("christmas eve|kerstavond", _same_day_each_year(12, 24)),
        ("christmas|christmas day|xmas|kerst|kerstmis|eerste kerstdag|kerstdag", _same_day_each_year(12, 25)),
        ("boxing day|tweede kerstdag", _same_day_each_year(12, 26)),
    )
    for name in names.split("|")
}


def holiday_names() -> Iterable[str]:
    """Return every name, in small letters, with a typewriter's apostrophe."""
    return _HOLIDAYS


def find_holiday(name: str, today: date) -> date:
    """Return the holiday's next day; today counts."""
    rule = _HOLIDAYS[" ".join(name.lower().split())]
    day = rule(today.year)
    if day >= today:
        return day
    return rule(today.year + 1)
