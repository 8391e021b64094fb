"""Parsing a rule: what RFC 5545 forbids is refused, and a rule is written as it was read."""

import pytest

from libs.recurrence import InvalidRule, parse_rule


@pytest.mark.parametrize(
    "text",
    [
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO",
        "FREQ=MONTHLY;COUNT=10;BYDAY=1SU,-1SU",
        "FREQ=DAILY;UNTIL=19971224T000000Z",
        "FREQ=DAILY;UNTIL=20261231",
        "FREQ=YEARLY;UNTIL=20261231T120000;BYMONTH=1;BYHOUR=9;WKST=SU",
    ],
)
def test_a_rule_is_written_as_it_was_read(text: str) -> None:
    assert str(parse_rule(text)) == text


def test_name_case_and_spaces_do_not_matter() -> None:
    assert str(parse_rule(" rrule:freq=daily; interval = 2 ;")) == "FREQ=DAILY;INTERVAL=2"


def test_a_leap_second_is_the_second_before_it() -> None:
    assert parse_rule("FREQ=MINUTELY;BYSECOND=59,60").by_second == (59,)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "every monday",
        "BYDAY=MO",
        "FREQ=FORTNIGHTLY",
        "FREQ=DAILY;FREQ=WEEKLY",
        "FREQ=DAILY;COUNT=2;UNTIL=20261231",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;INTERVAL=²",
        "FREQ=DAILY;COUNT=0",
        "FREQ=DAILY;COUNT=-1",
        "FREQ=DAILY;COUNT=99999999999",
        "FREQ=DAILY;BYDAY=1MO",
        "FREQ=YEARLY;BYWEEKNO=20;BYDAY=1MO",
        "FREQ=MONTHLY;BYDAY=0MO",
        "FREQ=MONTHLY;BYDAY=XX",
        "FREQ=MONTHLY;BYDAY=",
        "FREQ=MONTHLY;BYMONTHDAY=0",
        "FREQ=MONTHLY;BYMONTHDAY=32",
        "FREQ=MONTHLY;BYMONTHDAY=1,,2",
        "FREQ=WEEKLY;BYMONTHDAY=1",
        "FREQ=MONTHLY;BYYEARDAY=1",
        "FREQ=MONTHLY;BYWEEKNO=1",
        "FREQ=MONTHLY;BYSETPOS=1",
        "FREQ=MONTHLY;BYHOUR=24",
        "FREQ=DAILY;UNTIL=20260230",
        "FREQ=DAILY;UNTIL=tomorrow",
        "FREQ=DAILY;WKST=1",
        "FREQ=DAILY;X-COLOR=RED",
        "FREQ=DAILY;BYMONTH=" + "1," * 2000,
    ],
)
def test_what_is_no_rule_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(InvalidRule) as refusal:
        parse_rule(text)
    assert refusal.value.sentence.endswith(".")
