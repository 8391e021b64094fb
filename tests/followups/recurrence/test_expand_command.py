"""`manage.py expand_recurrence` prints instants, or one sentence about what it can't read."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command


def _expand(**options: str) -> list[str]:
    output = StringIO()
    given = {"rule": "FREQ=DAILY", "start": "1997-09-02T09:00:00", "zone": "America/New_York", "count": "2"} | options
    call_command("expand_recurrence", *(f"--{name}={value}" for name, value in given.items()), stdout=output)
    return output.getvalue().splitlines()


def test_it_prints_one_instant_a_line() -> None:
    assert _expand(rule="RRULE:FREQ=DAILY;COUNT=10") == ["1997-09-02T09:00:00-04:00", "1997-09-03T09:00:00-04:00"]


def test_it_adds_and_leaves_out_times() -> None:
    lines = _expand(exdate="1997-09-02T09:00:00", rdate="19970903T120000", count="2")
    assert lines == ["1997-09-03T09:00:00-04:00", "1997-09-03T12:00:00-04:00"]


@pytest.mark.parametrize(
    "bad",
    [
        {"rule": "FREQ=NEVER"},
        {"start": "soon"},
        {"start": "9999-12-31T09:00"},
        {"zone": "Mars/Base"},
        {"zone": "America"},
        {"count": "0"},
        {"count": "many"},
        {"exdate": "x"},
    ],
)
def test_what_it_cannot_read_is_one_sentence(bad: dict[str, str]) -> None:
    with pytest.raises(CommandError, match=r"\.$"):
        _expand(**bad)
