"""The examples of RFC 5545, section 3.8.5.3: New York, 1997-09-02 09:00, unless they say otherwise."""

from datetime import datetime
from itertools import islice
from zoneinfo import ZoneInfo

import pytest

from libs.recurrence import expand_rule, parse_rule

NEW_YORK = ZoneInfo("America/New_York")
# Rule; start; the days of each year and offset, and whether there are more of them.
EXAMPLES = [
    ("FREQ=DAILY;COUNT=10", "0902", "1997-04:00 0902 0903 0904 0905 0906 0907 0908 0909 0910 0911", "end"),
    ("FREQ=DAILY;INTERVAL=2", "0902", "1997-04:00 0902 0904 0906 0908 0910 0912", "more"),
    ("FREQ=DAILY;INTERVAL=10;COUNT=5", "0902", "1997-04:00 0902 0912 0922 1002 1012", "end"),
    (
        "FREQ=WEEKLY;COUNT=10",
        "0902",
        "1997-04:00 0902 0909 0916 0923 0930 1007 1014 1021 1997-05:00 1028 1104",
        "end",
    ),
    (
        "FREQ=WEEKLY;UNTIL=19971224T000000Z",
        "0902",
        "1997-04:00 0902 0909 0916 0923 0930 1007 1014 1021 1997-05:00 1028 1104 1111 1118 1125 1202 1209 1216 1223",
        "end",
    ),
    (
        "FREQ=WEEKLY;INTERVAL=2;WKST=SU",
        "0902",
        "1997-04:00 0902 0916 0930 1014 1997-05:00 1028 1111 1125 1209 1223 1998-05:00 0106 0120 0203 0217",
        "more",
    ),
    (
        "FREQ=WEEKLY;UNTIL=19971007T000000Z;WKST=SU;BYDAY=TU,TH",
        "0902",
        "1997-04:00 0902 0904 0909 0911 0916 0918 0923 0925 0930 1002",
        "end",
    ),
    (
        "FREQ=WEEKLY;COUNT=10;WKST=SU;BYDAY=TU,TH",
        "0902",
        "1997-04:00 0902 0904 0909 0911 0916 0918 0923 0925 0930 1002",
        "end",
    ),
    (
        "FREQ=WEEKLY;INTERVAL=2;UNTIL=19971224T000000Z;WKST=SU;BYDAY=MO,WE,FR",
        "0901",
        "1997-04:00 0901 0903 0905 0915 0917 0919 0929 1001 1003 1013 1015 1017 "
        "1997-05:00 1027 1029 1031 1110 1112 1114 1124 1126 1128 1208 1210 1212 1222",
        "end",
    ),
    (
        "FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH",
        "0902",
        "1997-04:00 0902 0904 0916 0918 0930 1002 1014 1016",
        "end",
    ),
    (
        "FREQ=MONTHLY;COUNT=10;BYDAY=1FR",
        "0905",
        "1997-04:00 0905 1003 1997-05:00 1107 1205 1998-05:00 0102 0206 0306 0403 1998-04:00 0501 0605",
        "end",
    ),
    (
        "FREQ=MONTHLY;UNTIL=19971224T000000Z;BYDAY=1FR",
        "0905",
        "1997-04:00 0905 1003 1997-05:00 1107 1205",
        "end",
    ),
    (
        "FREQ=MONTHLY;INTERVAL=2;COUNT=10;BYDAY=1SU,-1SU",
        "0907",
        "1997-04:00 0907 0928 1997-05:00 1102 1130 1998-05:00 0104 0125 0301 0329 1998-04:00 0503 0531",
        "end",
    ),
    (
        "FREQ=MONTHLY;COUNT=6;BYDAY=-2MO",
        "0922",
        "1997-04:00 0922 1020 1997-05:00 1117 1222 1998-05:00 0119 0216",
        "end",
    ),
    (
        "FREQ=MONTHLY;BYMONTHDAY=-3",
        "0928",
        "1997-04:00 0928 1997-05:00 1029 1128 1229 1998-05:00 0129 0226",
        "more",
    ),
    (
        "FREQ=MONTHLY;COUNT=10;BYMONTHDAY=2,15",
        "0902",
        "1997-04:00 0902 0915 1002 1015 1997-05:00 1102 1115 1202 1215 1998-05:00 0102 0115",
        "end",
    ),
    (
        "FREQ=MONTHLY;COUNT=10;BYMONTHDAY=1,-1",
        "0930",
        "1997-04:00 0930 1001 1997-05:00 1031 1101 1130 1201 1231 1998-05:00 0101 0131 0201",
        "end",
    ),
    (
        "FREQ=MONTHLY;INTERVAL=18;COUNT=10;BYMONTHDAY=10,11,12,13,14,15",
        "0910",
        "1997-04:00 0910 0911 0912 0913 0914 0915 1999-05:00 0310 0311 0312 0313",
        "end",
    ),
    (
        "FREQ=MONTHLY;INTERVAL=2;BYDAY=TU",
        "0902",
        "1997-04:00 0902 0909 0916 0923 0930 1997-05:00 1104 1111 1118 1125 "
        "1998-05:00 0106 0113 0120 0127 0303 0310 0317 0324 0331",
        "more",
    ),
    (
        "FREQ=YEARLY;COUNT=10;BYMONTH=6,7",
        "0610",
        "1997-04:00 0610 0710 1998-04:00 0610 0710 1999-04:00 0610 0710 2000-04:00 0610 0710 2001-04:00 0610 0710",
        "end",
    ),
    (
        "FREQ=YEARLY;INTERVAL=2;COUNT=10;BYMONTH=1,2,3",
        "0310",
        "1997-05:00 0310 1999-05:00 0110 0210 0310 2001-05:00 0110 0210 0310 2003-05:00 0110 0210 0310",
        "end",
    ),
    (
        "FREQ=YEARLY;INTERVAL=3;COUNT=10;BYYEARDAY=1,100,200",
        "0101",
        "1997-05:00 0101 1997-04:00 0410 0719 2000-05:00 0101 2000-04:00 0409 0718 2003-05:00 0101 "
        "2003-04:00 0410 0719 2006-05:00 0101",
        "end",
    ),
    ("FREQ=YEARLY;BYDAY=20MO", "0519", "1997-04:00 0519 1998-04:00 0518 1999-04:00 0517", "more"),
    ("FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", "0512", "1997-04:00 0512 1998-04:00 0511 1999-04:00 0517", "more"),
    (
        "FREQ=YEARLY;BYMONTH=3;BYDAY=TH",
        "0313",
        "1997-05:00 0313 0320 0327 1998-05:00 0305 0312 0319 0326 1999-05:00 0304 0311 0318 0325",
        "more",
    ),
    (
        "FREQ=YEARLY;BYDAY=TH;BYMONTH=6,7,8",
        "0605",
        "1997-04:00 0605 0612 0619 0626 0703 0710 0717 0724 0731 0807 0814 0821 0828 1998-04:00 0604 0611",
        "more",
    ),
    (
        "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13",
        "0902",
        "1998-05:00 0213 0313 1998-05:00 1113 1999-04:00 0813 2000-04:00 1013",
        "more",
    ),
    (
        "FREQ=MONTHLY;BYDAY=SA;BYMONTHDAY=7,8,9,10,11,12,13",
        "0913",
        "1997-04:00 0913 1011 1997-05:00 1108 1213 1998-05:00 0110 0207 0307 1998-04:00 0411 0509 0613",
        "more",
    ),
    (
        "FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3",
        "0904",
        "1997-04:00 0904 1007 1997-05:00 1106",
        "end",
    ),
    (
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2",
        "0929",
        "1997-04:00 0929 1997-05:00 1030 1127 1230 1998-05:00 0129 0226 0330",
        "more",
    ),
    (
        "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO",
        "0805",
        "1997-04:00 0805 0810 0819 0824",
        "end",
    ),
    (
        "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU",
        "0805",
        "1997-04:00 0805 0817 0819 0831",
        "end",
    ),
]


@pytest.mark.parametrize(("rule", "start", "days", "then"), EXAMPLES)
def test_example(rule: str, start: str, days: str, then: str) -> None:
    expected = _instants(days)
    first = datetime.fromisoformat(f"1997{start}T090000")
    instants = islice(expand_rule(parse_rule(rule), first, NEW_YORK), len(expected) + 1)
    lines = [instant.isoformat() for instant in instants]
    assert lines[: len(expected)] == expected
    assert (len(lines) > len(expected)) == (then == "more")


def _instants(days: str) -> list[str]:
    instants = []
    for word in days.split():
        if len(word) > 4:
            year, offset = word[:4], word[4:]
        else:
            instants.append(f"{year}-{word[:2]}-{word[2:]}T09:00:00{offset}")
    return instants


def _expand(rule: str, start: str, most: int = 1000) -> list[str]:
    instants = expand_rule(parse_rule(rule), datetime.fromisoformat(start), NEW_YORK)
    return [f"{instant:%Y-%m-%d %H:%M}" for instant in islice(instants, most)]


def test_every_day_until_an_instant() -> None:
    instants = _expand("FREQ=DAILY;UNTIL=19971224T000000Z", "1997-09-02T09:00")
    assert (len(instants), instants[-1]) == (113, "1997-12-23 09:00")


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=YEARLY;UNTIL=20000131T140000Z;BYMONTH=1;BYDAY=SU,MO,TU,WE,TH,FR,SA",
        "FREQ=DAILY;UNTIL=20000131T140000Z;BYMONTH=1",
    ],
)
def test_every_day_in_january_for_three_years(rule: str) -> None:
    instants = _expand(rule, "1998-01-01T09:00")
    assert len(instants) == 93
    assert (instants[0], instants[31], instants[-1]) == ("1998-01-01 09:00", "1999-01-01 09:00", "2000-01-31 09:00")


def test_the_day_of_us_presidential_elections() -> None:
    rule = "FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8"
    assert _expand(rule, "1996-11-05T09:00", 3) == ["1996-11-05 09:00", "2000-11-07 09:00", "2004-11-02 09:00"]


def test_every_three_hours_on_one_day() -> None:
    # 17:00 in New York is 21:00 in UTC: the RFC writes 17:00Z, which its own erratum corrects.
    times = _expand("FREQ=HOURLY;INTERVAL=3;UNTIL=19970902T210000Z", "1997-09-02T09:00")
    assert times == ["1997-09-02 09:00", "1997-09-02 12:00", "1997-09-02 15:00"]


def test_every_fifteen_minutes_and_every_hour_and_a_half() -> None:
    quarters = _expand("FREQ=MINUTELY;INTERVAL=15;COUNT=6", "1997-09-02T09:00")
    assert [time[-5:] for time in quarters] == ["09:00", "09:15", "09:30", "09:45", "10:00", "10:15"]
    long = _expand("FREQ=MINUTELY;INTERVAL=90;COUNT=4", "1997-09-02T09:00")
    assert [time[-5:] for time in long] == ["09:00", "10:30", "12:00", "13:30"]


def test_every_twenty_minutes_within_the_day_written_in_two_ways() -> None:
    daily = "FREQ=DAILY;BYHOUR=9,10,11,12,13,14,15,16;BYMINUTE=0,20,40"
    minutely = "FREQ=MINUTELY;INTERVAL=20;BYHOUR=9,10,11,12,13,14,15,16"
    times = _expand(daily, "1997-09-02T09:00", 60)
    assert times == _expand(minutely, "1997-09-02T09:00", 60)
    assert (times[0][-5:], times[23][-5:], times[24]) == ("09:00", "16:40", "1997-09-03 09:00")


def test_an_invalid_date_is_left_out() -> None:
    instants = _expand("FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5", "2007-01-15T09:00")
    assert [instant[:10] for instant in instants] == [
        *("2007-01-15", "2007-01-30", "2007-02-15", "2007-03-15", "2007-03-30")
    ]
