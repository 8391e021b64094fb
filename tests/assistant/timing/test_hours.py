"""Attempts, hours and shares: one call once, an answer within 48 hours, own calls drawn to those of the segment."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from assistant.timing.attempts import ContactAttempt, LoggedMessage, build_attempts, match_replies, merge_calls
from assistant.timing.best_time import find_best_time
from assistant.timing.hour_table import WEEKEND, WORKDAY, best_span, count_calls, empty_cells, shrunk_share
from assistant.timing.writing_hours import find_writing_hours
from comms.gate.hours import SendingHours
from crm.kernel.zones import PossibleZone

ZONE = ZoneInfo("America/New_York")
# A Monday, ten o'clock in New York.
MONDAY = datetime(2026, 11, 23, 15, tzinfo=UTC)
ALLOWED = {WORKDAY: (time(9), time(20)), WEEKEND: (time(9), time(20))}


def calls(*answers: bool, hours: int = 0) -> list[ContactAttempt]:
    return [ContactAttempt(MONDAY + timedelta(hours=hours, minutes=at), "call", one) for at, one in enumerate(answers)]


def test_one_call_with_two_records_is_one() -> None:
    call = ContactAttempt(MONDAY, "call", False)
    later = ContactAttempt(MONDAY + timedelta(minutes=5), "call", True)
    assert merge_calls([later, call]) == [ContactAttempt(MONDAY, "call", True)]


def test_messages_without_an_answer_between_count_once_and_late_answers_not() -> None:
    rows = [
        LoggedMessage(MONDAY, "email", False, 0),
        LoggedMessage(MONDAY + timedelta(hours=20), "sms", False, 0),
        LoggedMessage(MONDAY + timedelta(hours=30), "sms", True, 0),
        LoggedMessage(MONDAY + timedelta(days=5), "email", False, 0),
        LoggedMessage(MONDAY + timedelta(days=8), "email", True, 0),
    ]
    attempts = match_replies(rows, MONDAY + timedelta(days=30))
    assert [(one.medium, one.is_answered) for one in attempts] == [("sms", True), ("email", False)]


def test_a_message_of_today_is_not_unanswered_yet() -> None:
    rows = [LoggedMessage(MONDAY, "email", False, 0)]
    assert match_replies(rows, MONDAY + timedelta(hours=47)) == []
    assert match_replies(rows, MONDAY + timedelta(hours=49)) == [ContactAttempt(MONDAY, "email", False)]


def test_a_call_of_theirs_is_no_attempt_of_ours() -> None:
    assert build_attempts([LoggedMessage(MONDAY, "call", True, 60)], [], MONDAY) == []


def test_the_segment_counts_as_four_calls() -> None:
    assert shrunk_share(3, 4, 0.5, 4) == 5 / 8
    assert shrunk_share(0, 0, 0.3, 4) == pytest.approx(0.3)


def test_own_answers_win_over_the_segment_in_the_end() -> None:
    segment = count_calls([*calls(*[True] * 40), *calls(*[False] * 40, hours=6)], ZONE)
    assert best_span(empty_cells(), segment, ALLOWED).first in (9, 10)  # type: ignore[union-attr]
    own = count_calls([*calls(*[False] * 6), *calls(*[True] * 6, hours=6)], ZONE)
    span = best_span(own, segment, ALLOWED)
    assert span is not None
    assert (span.day, span.first, span.answered, span.tried) == (WORKDAY, 15, 6, 6)


def test_no_hour_outside_the_permitted_ones_is_named() -> None:
    own = count_calls(calls(*[True] * 6, hours=12), ZONE)
    span = best_span(own, empty_cells(), {WORKDAY: (time(9, 30), time(17)), WEEKEND: (time(12), time(12))})
    assert span is not None
    assert 10 <= span.first <= 15
    assert best_span(own, empty_cells(), {WORKDAY: (time(9), time(10))}) is None


def test_the_hours_are_those_of_the_customer_and_of_their_law() -> None:
    """Texas: no calls before noon on a Sunday; Friday evening the next workday is Monday."""
    zone = ZoneInfo("America/Chicago")
    own = count_calls(calls(*[True] * 6), zone)
    assert own[WORKDAY][9] == [6, 6]
    hours = SendingHours("call", time(8), time(20), frozenset({PossibleZone("America/Chicago", "US", "TX")}))
    friday = datetime(2026, 11, 28, 2, tzinfo=UTC)
    best = find_best_time(own, empty_cells(), hours, zone, friday)
    assert best is not None
    assert best.begins.astimezone(zone).date().isoformat() == "2026-11-30"
    assert hours.allow(best.begins)


def test_within_the_best_hours_it_is_now() -> None:
    own = count_calls(calls(*[True] * 6), ZONE)
    best = find_best_time(own, empty_cells(), None, ZONE, MONDAY + timedelta(days=1, minutes=7))
    assert best is not None
    assert best.begins == MONDAY + timedelta(days=1, minutes=15)


def test_messages_at_all_hours_name_no_writing_hours() -> None:
    assert find_writing_hours([MONDAY + timedelta(hours=4 * at) for at in range(6)], ZONE) is None
    assert find_writing_hours([MONDAY + timedelta(days=at) for at in range(4)], ZONE) in ((9, 4), (10, 4))
