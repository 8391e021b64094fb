"""Dates of an email: when it was sent, in every format in use, and when a server received it."""

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz

_LONGEST = 100
_EARLIEST = datetime(1982, 1, 1, tzinfo=UTC)
# Those RFC 822 has no number for, and the standard library does not know.
_ZONES = {
    "CET": 1, "CEST": 2, "MET": 1, "MEZ": 1, "MEST": 2, "MESZ": 2, "WET": 0, "WEST": 1, "BST": 1, "IST": 5.5, "EET": 2,
    "EEST": 3, "MSK": 3, "MSD": 4, "JST": 9, "KST": 9, "HKT": 8, "SGT": 8, "AEST": 10, "AEDT": 11, "NZST": 12,
    "NZDT": 13, "SAST": 2, "BRT": -3, "ART": -3,
}  # fmt: skip
_MONTHS = {
    "mrt": "Mar", "maa": "Mar", "mei": "May", "okt": "Oct", "mär": "Mar", "mrz": "Mar", "mai": "May", "dez": "Dec",
    "janv": "Jan", "févr": "Feb", "fév": "Feb", "fevr": "Feb", "mars": "Mar", "avr": "Apr", "juin": "Jun",
    "juil": "Jul", "août": "Aug", "aout": "Aug", "déc": "Dec", "ene": "Jan", "abr": "Apr", "ago": "Aug", "dic": "Dec",
    "gen": "Jan", "mag": "May", "giu": "Jun", "lug": "Jul", "set": "Sep", "ott": "Oct", "fev": "Feb", "out": "Oct",
}  # fmt: skip
_WORD = re.compile(r"[A-Za-zÀ-ÿ]{2,12}")
_COMMENT = re.compile(r"\([^()]{0,60}\)")
_ISO = re.compile(r"(\d{4})[-/.](\d\d)[-/.](\d\d)[T ]+(\d\d):(\d\d)(?::(\d\d))?(?:\.\d{1,9})? ?(Z|[+-]\d\d:?\d\d)?")
_WEEKDAY = re.compile(r"^[^\W\d]{1,12}\.?,?\s+(?=\d)")


def read_date(text: str, received_at: datetime) -> datetime | None:
    """Return the aware time; None if invalid, before email existed, or after receipt."""
    date = _parse_date(text[:_LONGEST])
    if date and _EARLIEST <= date <= received_at:
        return date
    return None


def read_receipt(trace: str, stored_at: datetime) -> datetime:
    """Return the time of the topmost Received field; `stored_at` if it has none."""
    return read_date(trace.rpartition(";")[2].strip(), stored_at) or stored_at


def _parse_date(text: str) -> datetime | None:
    text = " ".join(_COMMENT.sub(" ", text).split())
    if iso := _ISO.match(text):
        return _build_datetime(*(int(iso[n] or 0) for n in range(1, 7)), offset=_parse_offset(iso[7] or ""))
    text = _WEEKDAY.sub("", _WORD.sub(lambda word: _MONTHS.get(word[0].lower(), word[0]), text)).replace(". ", " ")
    last = text.rpartition(" ")[2]
    try:
        parts = parsedate_tz(text)
    except (ValueError, IndexError, TypeError, OverflowError):
        return None
    if parts is None:
        return None
    hours = _ZONES.get(last.strip("()").upper())
    if hours is not None:
        offset = timedelta(hours=hours)
    else:
        offset = timedelta(seconds=parts[9] or 0)
    return _build_datetime(*parts[:6], offset=offset)


def _parse_offset(text: str) -> timedelta:
    if not text or text == "Z":
        return timedelta()
    minutes = int(text[1:3]) * 60 + int(text[-2:])
    return timedelta(minutes=-minutes if text[0] == "-" else minutes)


def _build_datetime(*parts: int, offset: timedelta) -> datetime | None:
    try:
        year, month, day, hour, minute, second = parts
        # A leap second; Python has none. A zone beyond a day is rubbish, and the hour is taken for ours.
        if abs(offset) < timedelta(hours=24):
            zone = timezone(offset)
        else:
            zone = UTC
        # By UTC: Postgres takes no zone beyond sixteen hours.
        return datetime(year, month, day, hour, minute, min(second, 59), tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError, TypeError):
        return None
