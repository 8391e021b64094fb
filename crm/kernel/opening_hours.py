"""Parse and format a day's opening hours as people type them ("8:00–12:00, 13–17"), in minutes since midnight."""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

DAY = 24 * 60
_TIME = r"(\d{1,2})(?:[:.h]?([0-5]\d))?(?: ?(am|pm))?"
_SPAN = re.compile(rf"{_TIME} ?(?:[-–—‑]|to|tot) ?{_TIME}", re.IGNORECASE)
_CLOSED = {"", "-", "–", "closed", "gesloten"}
_WHOLE = {"24h", "24 h", "24u", "24 u", "24 uur", "24", "24/7"}


def parse_day(text: str) -> list[list[int]]:
    """Parse the intervals of one day, in order; none when it is closed. Raises ValidationError with what is wrong."""
    plain = " ".join(text.lower().split())
    if plain in _CLOSED:
        return []
    if plain in _WHOLE:
        return [[0, DAY]]
    intervals = sorted(_parse_span(part.strip()) for part in re.split(r"[,;/+]", plain) if part.strip())
    for before, after in pairwise(intervals):
        if after[0] < before[1]:
            raise ValidationError(
                _("%(one)s and %(other)s overlap.")
                % {"one": _format_interval(before), "other": _format_interval(after)}
            )
    return intervals


def format_day(intervals: Iterable[Sequence[int]]) -> str:
    """Format a day's intervals the way `parse_day` reads them."""
    return ", ".join(_format_interval(interval) for interval in intervals)


def _parse_span(text: str) -> list[int]:
    match = _SPAN.fullmatch(text)
    if match is None:
        raise ValidationError(_("“%(text)s” is not a time span such as 8:00–17:00.") % {"text": text})
    start = _parse_minutes(*match.groups()[:3])
    end = _parse_minutes(*match.groups()[3:])
    end = end or DAY  # midnight, where a day ends
    if end < start < DAY // 2 and not (match[3] or match[6]):
        end += DAY // 2  # "9 to 5" is a day at work
    if not 0 <= start < end <= DAY:
        raise ValidationError(
            _(
                "%(span)s ends before it begins. For hours past midnight, enter two: up to "
                "24:00, and from 0:00 on the next day."
            )
            % {"span": _format_interval([start, end])}
        )
    return [start, end]


def _parse_minutes(hour: str, minute: str | None, half: str | None) -> int:
    number = int(hour)
    if half:
        number = number % 12 + (12 if half == "pm" else 0)
    at = number * 60 + int(minute or 0)
    if at > DAY:
        raise ValidationError(_("A day ends at 24:00."))
    return at


def _format_interval(interval: Sequence[int]) -> str:
    return "–".join(f"{at // 60}:{at % 60:02d}" for at in interval)
