"""The words and the bar of a ticket: what a row of the inbox says, without a database."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from crm.jobs.models import Side
from crm.web.reader import Reader
from tickets.models import Status, Ticket
from tickets.sla.words import TicketWords

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def words(minutes: int, **columns: object) -> TicketWords:
    """A ticket with a clock of four calendar hours, so many minutes after its start."""
    running = {"warn_at": START + 3 * HOUR, "due_at": START + 4 * HOUR, "far_at": START + 8 * HOUR}
    given = {"status": Status.OPEN, "past": "1:late", "clock_started_at": START, "allowed": 4 * 3600} | running
    now = START + timedelta(minutes=minutes)
    return TicketWords(Ticket(**(given | columns)), Reader(now, ZoneInfo("UTC"), "US", "en"))


@pytest.mark.parametrize(
    ("minutes", "age", "css"),
    [(60, "3h left", "ok"), (200, "40m left", "soon"), (300, "1h late", "late"), (600, "6h late", "crit")],
)
def test_a_clock_says_what_is_left_or_how_far_it_is_late(minutes: int, age: str, css: str) -> None:
    assert (words(minutes).age, words(minutes).css) == (age, css)


def test_the_bar_has_the_statuses_as_its_steps() -> None:
    assert words(300).bar() == (
        '<span class="plb" role="img" aria-label="Open, step 2 of 6. 1h late. Was late at New."><b><i class="late"></i>'
        '</b><b><i class="now late p20"><u>Open</u></i></b><b><i></i></b>'
        "<b><i></i></b><b><i></i></b><b><i></i></b></span>"
    )
    theirs = words(60, status=Status.PENDING, side=Side.CUSTOMER)
    assert 'class="now ok cust p5"' in theirs.bar(micro=True)
    assert "Their move." in theirs.sentence
    stopped = {"warn_at": None, "due_at": None, "far_at": None}
    assert 'class="now won p0"' in words(600, status=Status.SOLVED, **stopped).bar()
    held = words(600, status=Status.ON_HOLD, side=Side.PAUSED, pause_reason="Waits for a part", **stopped)
    assert held.sentence == "On hold: Waits for a part."


@pytest.mark.parametrize(
    ("minutes", "columns", "said"),
    [
        (200, {"clock_metric": "first_reply"}, "First reply due in 40m"),
        (360, {"clock_metric": "next_reply"}, "Reply 2h late"),
        (360, {"clock_metric": "theirs", "side": Side.CUSTOMER}, "No reply, nudge 2h late"),
        (
            60,
            {"clock_metric": "theirs", "side": Side.CUSTOMER, "late_seconds": 7200},
            ("Waiting on the customer, nudge in 3h"),
        ),
        (600, {"status": Status.SOLVED, "late_seconds": 7200, "late_metric": "first_reply"}, "Answered 2h late"),
        (600, {"status": Status.SOLVED}, ""),
    ],
)
def test_a_row_says_what_is_due_and_how_late_it_was_kept(minutes: int, columns: dict, said: str) -> None:
    told = words(minutes, **columns)
    assert told.promise == said
    assert said in told.told
