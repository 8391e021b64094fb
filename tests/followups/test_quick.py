"""Quick entry: a table of what people type, in English and Dutch, and what is understood."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followups.quick_entry.line_text import NotUnderstood
from followups.quick_entry.parse import parse_line

ZONE = ZoneInfo("Europe/Amsterdam")
# A Wednesday, ten past two.
NOW = datetime(2026, 5, 13, 14, 10, tzinfo=ZONE)

TABLE = [
    ("call tue 3pm", "call", "Call", "2026-05-19 15:00"),
    ("Call TUE 3 PM", "call", "Call", "2026-05-19 15:00"),
    ("email tomorrow 9", "email", "Email", "2026-05-14 09:00"),
    ("bel di 15:00", "call", "Bel", "2026-05-19 15:00"),
    ("visit 12 June 10:30 about gutters", "visit", "Visit about gutters", "2026-06-12 10:30"),
    ("in 2 weeks call", "call", "Call", "2026-05-27 09:00"),
    ("in two weeks call", "call", "Call", "2026-05-27 09:00"),
    ("call in 20 minutes", "call", "Call", "2026-05-13 14:30"),
    ("over een uur bellen", "call", "Bellen", "2026-05-13 15:10"),
    ("over 3 dagen mailen over de offerte", "email", "Mailen over de offerte", "2026-05-16 09:00"),
    ("call 3pm", "call", "Call", "2026-05-13 15:00"),
    ("call 9am", "call", "Call", "2026-05-14 09:00"),
    ("call 12am", "call", "Call", "2026-05-14 00:00"),
    ("call tomorrow 12pm", "call", "Call", "2026-05-14 12:00"),
    ("call at 4", "call", "Call", "2026-05-13 16:00"),
    ("bel morgen om 3 uur", "call", "Bel", "2026-05-14 15:00"),
    ("bel morgen om 03 uur", "call", "Bel", "2026-05-14 03:00"),
    ("meet thu 9-10am", "meeting", "Meet", "2026-05-14 09:00"),
    ("meet thu 11am-1pm", "meeting", "Meet", "2026-05-14 11:00"),
    ("meet thu 11-1pm", "meeting", "Meet", "2026-05-14 11:00"),
    ("meet thu 10-12pm", "meeting", "Meet", "2026-05-14 10:00"),
    ("visit fri 12-2 pm", "visit", "Visit", "2026-05-15 12:00"),
    ("visit fri from 2:30 to 4pm", "visit", "Visit", "2026-05-15 14:30"),
    ("bezoek vrijdag van 9 tot 10 uur", "visit", "Bezoek", "2026-05-15 09:00"),
    ("bezoek vrijdag 13:00-14:30 uur", "visit", "Bezoek", "2026-05-15 13:00"),
    ("send quote by friday", "quote", "Send quote", "2026-05-15 09:00"),
    ("offerte voor vrijdag over de goot", "quote", "Offerte over de goot", "2026-05-15 09:00"),
    ("bel donderdagmiddag", "call", "Bel", "2026-05-14 14:00"),
    ("bel vrijdagochtend 8 uur", "call", "Bel", "2026-05-15 08:00"),
    ("woensdagavond bellen", "call", "Bellen", "2026-05-13 19:00"),
    ("woensdagochtend bellen", "call", "Bellen", "2026-05-20 09:00"),
    ("zondagavond bellen", "call", "Bellen", "2026-05-17 19:00"),
    ("woensdag a.s. bellen", "call", "Bellen", "2026-05-20 09:00"),
    ("bel 's middags", "call", "Bel", "2026-05-14 14:00"),
    ("call end of the week", "call", "Call", "2026-05-15 09:00"),
    ("bel eind volgende week 10 uur", "call", "Bel", "2026-05-22 10:00"),
    ("call eod", "call", "Call", "2026-05-13 17:00"),
    ("CALL TUE 3PM!!", "call", "CALL", "2026-05-19 15:00"),
    ("bel om 16 uur", "call", "Bel", "2026-05-13 16:00"),
    ("bel om 16u30", "call", "Bel", "2026-05-13 16:30"),
    ("bel morgen half 3", "call", "Bel", "2026-05-14 14:30"),
    ("bel morgenochtend", "call", "Bel", "2026-05-14 09:00"),
    ("bel vanavond", "call", "Bel", "2026-05-13 19:00"),
    ("sms overmorgen 10.15", "text", "Sms", "2026-05-15 10:15"),
    ("app vrijdag", "whatsapp", "App", "2026-05-15 09:00"),
    ("call wed", "call", "Call", "2026-05-20 09:00"),
    ("call wed 4pm", "call", "Call", "2026-05-13 16:00"),
    ("call wed 9am", "call", "Call", "2026-05-20 09:00"),
    ("call next wed", "call", "Call", "2026-05-20 09:00"),
    ("call next fri 10:00", "call", "Call", "2026-05-22 10:00"),
    ("volgende maandag bellen", "call", "Bellen", "2026-05-18 09:00"),
    ("next week: send the quote", "quote", "Send the quote", "2026-05-18 09:00"),
    ("volgende maand factuur", "payment", "Factuur", "2026-06-13 09:00"),
    ("call today", "call", "Call", "2026-05-13 17:00"),
    ("tonight text Hector", "text", "Text Hector", "2026-05-13 19:00"),
    ("call tomorrow afternoon", "call", "Call", "2026-05-14 14:00"),
    ("day after tomorrow zoom 11:00", "video", "Zoom", "2026-05-15 11:00"),
    ("do the review friday", "task", "Do the review", "2026-05-15 09:00"),
    ("bel do 10:00", "call", "Bel", "2026-05-14 10:00"),
    ("bel do", "call", "Bel", "2026-05-14 09:00"),
    ("12 juni 9:00 opname", "visit", "Opname", "2026-06-12 09:00"),
    ("June 12 visit", "visit", "Visit", "2026-06-12 09:00"),
    ("June 12, 2027 visit", "visit", "Visit", "2027-06-12 09:00"),
    ("call 1 May", "call", "Call", "2027-05-01 09:00"),
    ("call 29 feb", "call", "Call", "2028-02-29 09:00"),
    ("call 2026-06-12 16:45", "call", "Call", "2026-06-12 16:45"),
    ("call 12/6", "call", "Call", "2026-06-12 09:00"),
    ("call 2 customers tomorrow at 10", "call", "Call 2 customers", "2026-05-14 10:00"),
    ("ask about 3 gutters tomorrow 11:00", "task", "Ask about 3 gutters", "2026-05-14 11:00"),
    ("tomorrow", "task", "Task", "2026-05-14 09:00"),
    ("call next week friday", "call", "Call", "2026-05-22 09:00"),
    ("vrijdag volgende week 10:00 bellen", "call", "Bellen", "2026-05-22 10:00"),
    ("bel volgende week ma", "call", "Bel", "2026-05-18 09:00"),
    ("next week do the review", "task", "Do the review", "2026-05-18 09:00"),
    ("bel overmorgen half drie", "call", "Bel", "2026-05-15 14:30"),
    ("bel vrijdag kwart over 3", "call", "Bel", "2026-05-15 15:15"),
    ("bel kwart voor vier", "call", "Bel", "2026-05-13 15:45"),
    ("call tomorrow half past 3", "call", "Call", "2026-05-14 15:30"),
    ("call fri quarter to 8 am", "call", "Call", "2026-05-15 07:45"),
    ("call in half an hour", "call", "Call", "2026-05-13 14:40"),
    ("over een half uur bellen", "call", "Bellen", "2026-05-13 14:40"),
    ("call about half a roof tomorrow", "call", "Call about half a roof", "2026-05-14 09:00"),
    ("bel 30-11", "call", "Bel", "2026-11-30 09:00"),
    ("bel 30-11 om 14.30", "call", "Bel", "2026-11-30 14:30"),
    ("bel op 30-11-2027 over het dak", "call", "Bel over het dak", "2027-11-30 09:00"),
    ("order 3-4 panels friday", "task", "Order 3-4 panels", "2026-05-15 09:00"),
    ("in ten days call", "call", "Call", "2026-05-23 09:00"),
    ("email about yesterday’s visit tomorrow", "email", "Email about yesterday’s visit", "2026-05-14 09:00"),
    ("Löse das Problem mañana fri", "task", "Löse das Problem mañana", "2026-05-15 09:00"),
]
SENTENCES = [
    ("", "Write what to do"),
    ("   ", "Write what to do"),
    ("call", "When?"),
    ("bel een keer", "When?"),
    ("call 31 feb", "no such day"),
    ("call 2026-13-40", "no such day"),
    ("call tomorrow 25:00", "no such time"),
    ("call tomorrow 14pm", "no such time"),
    ("call tomorrow 10:75", "no such time"),
    ("call today 9:00", "has passed"),
    ("call 2020-01-01", "has passed"),
    ("call yesterday 3pm", "has passed"),
    ("bel gisteren 15:00", "has passed"),
    ("order 3-4 panels", "When?"),
    ("call in 900 months", "ten years"),
]


@pytest.mark.parametrize(("text", "kind", "subject", "at"), TABLE, ids=lambda value: value)
def test_it_understands(text: str, kind: str, subject: str, at: str) -> None:
    read = parse_line(text, NOW)
    assert (read.kind, read.subject, f"{read.at:%Y-%m-%d %H:%M}") == (kind, subject, at)
    assert read.at.tzinfo is ZONE


@pytest.mark.parametrize(("text", "words"), SENTENCES)
def test_it_says_what_it_cannot_read(text: str, words: str) -> None:
    with pytest.raises(NotUnderstood, match=words):
        parse_line(text, NOW)


def test_days_by_figures_are_read_as_the_country_writes_them() -> None:
    assert parse_line("call 6/12", NOW, month_first=True).at.month == 6
    assert parse_line("call 6/12", NOW, month_first=False).at.month == 12


def test_hours_that_pass_are_not_stretched_by_a_change_of_the_clock() -> None:
    before = datetime(2026, 10, 25, 1, 30, tzinfo=ZONE)
    later = parse_line("call in 3 hours", before).at
    assert later.timestamp() - before.timestamp() == 3 * 3600
    assert later.hour == 3


@given(st.text(max_size=80))
def test_it_reads_or_says_why_not(text: str) -> None:
    try:
        read = parse_line(text, NOW)
    except NotUnderstood as refusal:
        why = str(refusal)
    else:
        why = "."
        assert read.at > NOW
        assert 0 < len(read.subject) <= 120
    assert why.endswith(".")
