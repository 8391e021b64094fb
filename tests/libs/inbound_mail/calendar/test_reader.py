"""Calendar entries of mails: in whatever zone, form and part they come, and whatever would make a parser run on."""

import time
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from libs.inbound_mail.calendar.event import CalendarEvent
from libs.inbound_mail.calendar.reader import read_calendar, read_file
from tests.libs.inbound_mail.mails import mixed, read

TAMPA = ZoneInfo("America/New_York")
TWO = datetime(2026, 6, 2, 18, 0, tzinfo=UTC)
RULES = """BEGIN:VTIMEZONE
TZID:Customized
BEGIN:STANDARD
DTSTART:16010101T020000
TZOFFSETTO:-0500
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=1SU;BYMONTH=11
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETTO:-0400
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=2SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
"""


def file(lines: str, *, method: str = "METHOD:REQUEST\n", before: str = "") -> bytes:
    return f"BEGIN:VCALENDAR\n{method}{before}BEGIN:VEVENT\nUID:a1\n{lines}\nEND:VEVENT\nEND:VCALENDAR\n".encode()


def event(lines: str, **parts: str) -> CalendarEvent:
    found = read_file(file(lines, **parts), "", TAMPA)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("start", "before", "known"),
    [
        ("DTSTART;TZID=America/New_York:20260602T140000", "", True),
        ("DTSTART;TZID=Eastern Standard Time:20260602T140000", "", True),
        ('DTSTART;TZID="/freeassociation.sourceforge.net/America/New_York":20260602T140000', "", True),
        ("DTSTART;TZID=Customized:20260602T140000", RULES, True),
        ("DTSTART;TZID=GMT-0400:20260602T140000", "", True),
        ("DTSTART:20260602T180000Z", "", True),
        ("DTSTART:20260602T140000", "", True),
        ("DTSTART:20260602T200000", "X-WR-TIMEZONE:Europe/Amsterdam\n", True),
        ("DTSTART;TZID=Mars/Olympus:20260602T140000", "", False),
    ],
)
def test_a_time_is_read_in_whatever_zone_it_is_told(start: str, before: str, known: bool) -> None:
    found = event(start, before=before)
    assert (found.starts_at, found.is_zone_known) == (TWO, known)
    assert found.ends_at is not None, "an hour, where no end is told"


def test_winter_and_summer_follow_the_rules_of_a_described_zone() -> None:
    winter = event("DTSTART;TZID=Customized:20261202T140000", before=RULES)
    assert winter.starts_at == datetime(2026, 12, 2, 19, 0, tzinfo=UTC)


def test_an_entry_of_whole_days_has_no_time() -> None:
    found = event("DTSTART;VALUE=DATE:20260602\nDTEND;VALUE=DATE:20260604")
    assert found.is_all_day
    assert (found.starts_at, found.ends_at) == (datetime(2026, 6, 2, tzinfo=UTC), datetime(2026, 6, 4, tzinfo=UTC))


def test_what_it_says_is_unfolded_and_unescaped() -> None:
    lines = (
        'SUMMARY;LANGUAGE=en:Roof\\, fro\n nt\nORGANIZER;CN="Adjuster, Adele":MAILTO:Adele@X.example\nDURATION:PT30M'
    )
    found = event(f"DTSTART:20260602T180000Z\n{lines}\nATTENDEE;PARTSTAT=accepted:mailto:a@b.example")
    assert found.summary == "Roof, front"
    assert (found.organizer and found.organizer.name, found.organizer and found.organizer.address) == (
        "Adjuster, Adele",
        "adele@x.example",
    )
    assert [(guest.address.address, guest.answer) for guest in found.guests] == [("a@b.example", "ACCEPTED")]
    assert found.ends_at == datetime(2026, 6, 2, 18, 30, tzinfo=UTC)


def test_the_entry_itself_comes_before_the_exceptions_of_a_series() -> None:
    exception = "RECURRENCE-ID:20260609T180000Z\nDTSTART:20260609T190000Z\nEND:VEVENT\nBEGIN:VEVENT\nUID:a1"
    found = event(f"{exception}\nDTSTART:20260602T180000Z\nRRULE:FREQ=WEEKLY")
    assert (found.starts_at, found.repeats, found.others) == (TWO, True, 0)


@pytest.mark.parametrize(
    ("kind", "line", "method"),
    [
        ("text/calendar; method=request", "", "REQUEST"),
        ("text/calendar", "METHOD:REPLY\n", "REPLY"),
        ("text/calendar; method=REQUEST", "METHOD:CANCEL\n", "CANCEL"),
        ("application/octet-stream; name=a.ics", "METHOD:REQUEST\n", "REQUEST"),
        ("text/calendar; name=a.ics", "", ""),
    ],
)
def test_it_is_found_in_any_part_with_the_method_of_either_place(kind: str, line: str, method: str) -> None:
    part = f"Content-Type: {kind}\n\n{file('DTSTART:20260602T180000Z', method=line).decode()}"
    found = read_calendar(read(mixed("Content-Type: text/plain\n\nHi", part)), TAMPA)
    assert found is not None
    assert found.method == method


HOSTILE = [
    file("DTSTART;TZID=Bomb:20260602T140000\nRRULE:FREQ=SECONDLY\nRDATE:" + "20260602T140000Z," * 9000),
    file("DTSTART:20260602T180000Z\n" + "ATTENDEE:mailto:a@b.example\n" * 60_000),
    file("DTSTART:20260602T180000Z", before="BEGIN:X\n" * 50_000),
    file("DTSTART:20260602T180000Z", before=RULES.replace("FREQ=YEARLY", "FREQ=SECONDLY") * 500),
    file("DTSTART:99991231T235959Z\nDURATION:P9999999W"),
    file("SUMMARY:" + "x" * 3_000_000),
    b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nATTENDEE\nDTSTART:garbage\nUID:x",
    b"BEGIN:VCALENDAR",
]


@pytest.mark.parametrize("content", HOSTILE)
def test_what_is_hostile_ends_soon(content: bytes) -> None:
    begun = time.process_time()
    read_file(content, "", TAMPA)
    assert time.process_time() - begun < 2
