"""Dates and amounts, by the habits of a country."""

from zoneinfo import ZoneInfo

import pytest

from crm.kernel.refusal import Refused
from crm.kernel.typed_values import NotationHabits, day_first_in, parse_country, parse_instant, parse_money

US = NotationHabits.of("US", "USD", ZoneInfo("America/New_York"))
NL = NotationHabits.of("NL", "EUR", ZoneInfo("Europe/Amsterdam"))


@pytest.mark.parametrize(
    ("raw", "habits", "day"),
    [
        ("2026-03-04", US, "2026-03-04"),
        ("2026/3/4", NL, "2026-03-04"),
        ("20260304", US, "2026-03-04"),
        ("3/4/2026", US, "2026-03-04"),
        ("3/4/2026", NL, "2026-04-03"),
        ("03-04-26", NL, "2026-04-03"),
        ("3.4.2026", NL, "2026-04-03"),
        ("13/4/2026", US, "2026-04-13"),
        ("4/13/2026", NL, "2026-04-13"),
        ("Mar 4, 2026", NL, "2026-03-04"),
        ("March 4th 2026", US, "2026-03-04"),
        ("4 mrt 2026", NL, "2026-03-04"),
        ("4 maart 2026", US, "2026-03-04"),
        ("wo 4 mei 2026", NL, "2026-05-04"),
        ("4-okt-26", NL, "2026-10-04"),
        ("46085", US, "2026-03-04"),
        ("46085.5", NL, "2026-03-04"),
        ("3/4/2026 2:30 PM", US, "2026-03-04"),
        ("2026-03-04 14:30:15", US, "2026-03-04"),
    ],
)
def test_a_date_is_read_by_the_countrys_habit(raw: str, habits: NotationHabits, day: str) -> None:
    assert parse_instant(raw, habits).astimezone(habits.zone).date().isoformat() == day


@pytest.mark.parametrize(
    ("raw", "habits", "instant"),
    [
        ("2026-03-04", US, "2026-03-04T05:00:00+00:00"),
        ("2026-03-04T10:00:00Z", US, "2026-03-04T10:00:00+00:00"),
        ("2026-03-04T10:00:00.123+02:00", US, "2026-03-04T08:00:00+00:00"),
        ("3/4/2026 12:05 am", US, "2026-03-04T05:05:00+00:00"),
        ("4-7-2026 14.30", NL, "2026-07-04T12:30:00+00:00"),
        ("46085.5", NL, "2026-03-04T11:00:00+00:00"),
    ],
)
def test_an_instant_counts_by_its_zone(raw: str, habits: NotationHabits, instant: str) -> None:
    assert parse_instant(raw, habits).isoformat() == instant


@pytest.mark.parametrize(
    "raw",
    ["31/31/2026", "2026-02-30", "soon", "0-0-0", "1/1/1099", "3/4/2026 25:00", "99999999", "2026-03-04T10:00+24:00"],
)
def test_no_day_is_refused(raw: str) -> None:
    with pytest.raises(Refused):
        parse_instant(raw, NL)


def test_a_day_beyond_twelve_proves_which_stands_first() -> None:
    assert [day_first_in(raw) for raw in ("25/2/2026", "2/25/2026 10:00", "1/2/2026")] == [True, False, None]
    assert [day_first_in(raw) for raw in ("2026-12-25", "25 mei 2026")] == [None, None]


@pytest.mark.parametrize(
    ("raw", "habits", "amount"),
    [
        ("$18,400", US, (1_840_000, "USD")),
        ("€ 18.400,00", NL, (1_840_000, "EUR")),
        ("18400.5", US, (1_840_050, "USD")),
        ("18400,5", NL, (1_840_050, "EUR")),
        ("18400.50", NL, (1_840_050, "EUR")),
        ("18.400", NL, (1_840_000, "EUR")),
        ("18.400", US, (1_840_000, "USD")),
        ("18,400", NL, (1_840_000, "EUR")),
        ("1.018.400,75", NL, (101_840_075, "EUR")),
        ("1,018,400", US, (101_840_000, "USD")),
        ("18 400", NL, (1_840_000, "EUR")),
        ("18'400", NL, (1_840_000, "EUR")),
        ("€ 950,-", NL, (95_000, "EUR")),
        ("3.200,- EUR", NL, (320_000, "EUR")),
        ("950,-- €", NL, (95_000, "EUR")),
        ("0.400", US, (40, "USD")),
        ("USD 1200", NL, (120_000, "USD")),
        ("1200 EUR", US, (120_000, "EUR")),
        ("¥", US, None),
        ("JPY 1200", US, (1200, "JPY")),
        ("12.5k", US, (1_250_000, "USD")),
        ("1.84E+04", US, (1_840_000, "USD")),
        ("$", US, None),
        ("n/a", US, None),
        ("-5", US, None),
        ("1.234,56-", NL, None),
        ("$1,234.56 -", US, None),
        ("(500)", US, None),
        ("1.2.3,4,5", US, None),
        ("5 roofs", US, None),
        ("9" * 30, US, None),
        ("1e999999", US, None),
    ],
)
def test_money_becomes_minor_units(raw: str, habits: NotationHabits, amount: tuple[int, str] | None) -> None:
    if amount is None:
        with pytest.raises(Refused):
            parse_money(raw, habits)
    else:
        assert parse_money(raw, habits) == amount


@pytest.mark.parametrize(
    ("raw", "code"),
    [("NL", "NL"), ("Nederland", "NL"), ("The Netherlands", "NL"), ("united states", "US"), ("USA", "US")],
)
def test_a_country_goes_by_code_or_name(raw: str, code: str) -> None:
    assert parse_country(raw) == code
