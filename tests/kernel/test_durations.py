"""Durations as people type them, in English and Dutch, and as forms show them."""

import pytest
from django.utils import translation

from crm.kernel import durations

M, H, D = 60, 3600, 86_400


@pytest.mark.parametrize(
    ("typed", "seconds"),
    [
        ("2d 4h", 2 * D + 4 * H),
        ("90 min", 90 * M),
        ("1:30", 90 * M),
        ("0:05", 5 * M),
        ("15m", 15 * M),
        ("1.5h", 90 * M),
        ("1,5 uur", 90 * M),
        ("2 dagen en 4 uur", 2 * D + 4 * H),
        ("2 days, 4 hours", 2 * D + 4 * H),
        ("1 week", 7 * D),
        ("  3 D ", 3 * D),
        ("1u30m", 90 * M),
        ("2 hrs.", 2 * H),
    ],
)
def test_what_people_type(typed: str, seconds: int) -> None:
    assert durations.parse_duration(typed) == seconds


@pytest.mark.parametrize(
    "typed", ["", "  ", "2", "soon", "2 moons", "-2h", "1:75", "2d 4", "2d x", "1e3h", "٣h", "999999h"]
)
def test_what_says_no_duration(typed: str) -> None:
    with pytest.raises(ValueError, match="no duration"):
        durations.parse_duration(typed)


def test_nothing_is_read_as_nothing() -> None:
    assert durations.parse_duration("0h") == 0


def test_a_day_of_work_is_as_long_as_the_day_is_open() -> None:
    nine = 9 * H
    assert durations.parse_duration("3 werkdagen", nine) == 27 * H
    assert durations.exact_duration(27 * H, nine) == "3d"
    assert durations.exact_duration(27 * H) == "1d 3h"


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize("seconds", [0, M, 15 * M, H, 90 * M, D, D + 5 * M, 17 * D + 3 * H + 59 * M])
def test_a_form_reads_back_what_it_showed(language: str, seconds: int) -> None:
    with translation.override(language):
        assert durations.parse_duration(durations.exact_duration(seconds)) == seconds
        assert durations.parse_duration(durations.exact_duration(seconds, 9 * H), 9 * H) == seconds


def test_working_time_is_marked_as_such_and_the_calendar_s_is_not() -> None:
    assert durations.clock_duration(26 * H, None) == "1d 2h"
    assert durations.clock_duration(26 * H, 8 * H) == "3d 2h working time"
    assert durations.clock_duration(26 * H, D) == "1d 2h working time", "of a calendar that is open day and night too"
