"""Quick entry: days by the calendar, and days that are said not to be understood."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from followups.quick_entry.line_text import NotUnderstood
from followups.quick_entry.parse import parse_line

# A Wednesday in November, ten o'clock, the day before Thanksgiving.
NOW = datetime(2026, 11, 25, 10, tzinfo=ZoneInfo("America/New_York"))

DAYS = [
    ("call on the 3rd", "Call", "2026-12-03 09:00"),
    ("call on the 31st", "Call", "2026-12-31 09:00"),
    ("call the 3rd at 2pm", "Call", "2026-12-03 14:00"),
    ("on the 3rd call Hector", "Call Hector", "2026-12-03 09:00"),
    ("bel op de 3e om 15:00", "Bel", "2026-12-03 15:00"),
    ("bel op de 3e van volgende maand", "Bel", "2026-12-03 09:00"),
    ("call on the first of next month", "Call", "2026-12-01 09:00"),
    ("call friday the 4th", "Call", "2026-12-04 09:00"),
    ("call monday december 7", "Call", "2026-12-07 09:00"),
    ("call on the 4th of july", "Call", "2027-07-04 09:00"),
    ("call end of month", "Call", "2026-11-30 09:00"),
    ("call eom", "Call", "2026-11-30 09:00"),
    ("bel eind volgende maand", "Bel", "2026-12-31 09:00"),
    ("bel laatste dag van de maand", "Bel", "2026-11-30 09:00"),
    ("bel half december", "Bel", "2026-12-15 09:00"),
    ("bel begin maart 10 uur", "Bel", "2027-03-01 10:00"),
    ("call early next week", "Call", "2026-11-30 09:00"),
    ("call next month", "Call", "2026-12-25 09:00"),
    ("call this weekend", "Call", "2026-11-28 09:00"),
    ("call next weekend", "Call", "2026-12-05 09:00"),
    ("bel na het weekend", "Bel", "2026-11-30 09:00"),
    ("call after thanksgiving", "Call", "2026-11-27 09:00"),
    ("call easter monday", "Call", "2027-03-29 09:00"),
    ("bel tweede kerstdag", "Bel", "2026-12-26 09:00"),
    ("bel koningsdag", "Bel", "2027-04-27 09:00"),
    ("call two weeks from now", "Call", "2026-12-09 09:00"),
]
THINGS = [
    ("visit 3rd street house tomorrow", "Visit 3rd street house"),
    ("call about the 3rd floor tomorrow", "Call about the 3rd floor"),
    ("send end of month statement thu", "Send end of month statement"),
    ("call about next month's invoice on thu", "Call about next month's invoice"),
    ("call Christmas Lights Inc tomorrow", "Call Christmas Lights Inc"),
    ("call about the weekend crew tomorrow", "Call about the weekend crew"),
]
NOT_UNDERSTOOD = [
    "call first monday of december",
    "bel eerste maandag van de maand",
    "call a week from monday",
    "call monday after next",
    "call monday or tuesday",
    "call last friday",
    "call after friday",
    "call fri 13th",
    "call on the 3rd and the 5th",
    "call the day before christmas",
    "call every end of month",
    "bel over een week of twee",
    "call in a few days 3pm",
    "bel in week 49 om 15:00",
    "call in december at 3pm",
]


@pytest.mark.parametrize(("text", "subject", "at"), DAYS, ids=lambda value: value)
def test_a_day_by_the_calendar_is_understood(text: str, subject: str, at: str) -> None:
    read = parse_line(text, NOW)
    assert (read.subject, f"{read.at:%Y-%m-%d %H:%M}") == (subject, at)


@pytest.mark.parametrize(("text", "subject"), THINGS, ids=lambda value: value)
def test_what_only_sounds_like_a_day_stays_in_the_subject(text: str, subject: str) -> None:
    read = parse_line(text, NOW)
    assert (read.subject, f"{read.at:%Y-%m-%d}") == (subject, "2026-11-26")


@pytest.mark.parametrize("text", NOT_UNDERSTOOD)
def test_a_day_that_is_more_than_its_parts_is_said_not_to_be_understood(text: str) -> None:
    with pytest.raises(NotUnderstood, match="That day is not understood"):
        parse_line(text, NOW)
