"""Hours as a person types them."""

import pytest
from django.core.exceptions import ValidationError

from crm.kernel.opening_hours import format_day, parse_day


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [
        ("", []),
        ("closed", []),
        ("24h", [[0, 1440]]),
        ("24 u", [[0, 1440]]),
        ("0:00-24:00", [[0, 1440]]),
        ("8-17", [[480, 1020]]),
        ("8:00–12:00, 13:00–17:30", [[480, 720], [780, 1050]]),
        ("13.00 - 17.00; 08h30-12", [[510, 720], [780, 1020]]),
        ("9am-5pm", [[540, 1020]]),
        ("9 to 5", [[540, 1020]]),
        ("8:00-4:30, 6-8", [[360, 480], [480, 990]]),
        ("12am-12pm", [[0, 720]]),
        ("18:00-0:00", [[1080, 1440]]),
        ("8 to 12 / 12-13", [[480, 720], [720, 780]]),
    ],
)
def test_it_is_read(typed: str, minutes: list[list[int]]) -> None:
    assert parse_day(typed) == minutes
    assert parse_day(format_day(minutes)) == minutes


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("8", "is not a time span"),
        ("open", "is not a time span"),
        ("22:00-6:00", "ends before it begins"),
        ("8-8", "ends before it begins"),
        ("8-12, 11-17", "8:00–12:00 and 11:00–17:00 overlap"),
        ("8-25", "A day ends at 24:00"),
        ("8:75-9", "is not a time span"),
    ],
)
def test_nonsense_is_a_sentence(typed: str, why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        parse_day(typed)
