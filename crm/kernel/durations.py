"""Format and parse durations: short for rows and bars ("8d 2h"), exact for forms, and parsed from what people type."""

import re
from functools import lru_cache

from django.utils.translation import get_language
from django.utils.translation import gettext as _

MINUTE = 60
HOUR = 3600
DAY = 86400


def short_duration(seconds: float, day: int = DAY, language: str = "") -> str:
    """Format a duration in at most two units, translated: "52m", "5h 36m", "1d 2h", "17d"; under a minute "0m".

    `day` is what counts as a day, in seconds: for working time the length of a working day. `language` is the one in
    use; asking Django for it costs more than all the rest, so that a list passes it.
    """
    return _cached_short_duration(
        max(0, int(seconds)) // MINUTE, max(1, day // MINUTE), language or get_language() or ""
    )


@lru_cache(maxsize=8192)
def _cached_short_duration(minutes: int, day: int, language: str) -> str:
    days, minutes_of_day = divmod(minutes, day)
    hours, rest = divmod(minutes_of_day, 60)
    if days >= 10 or (days and not hours):
        return _("%(days)sd") % {"days": days}
    if days:
        return _("%(days)sd %(hours)sh") % {"days": days, "hours": hours}
    if hours and rest:
        return _("%(hours)sh %(minutes)sm") % {"hours": hours, "minutes": rest}
    if hours:
        return _("%(hours)sh") % {"hours": hours}
    return _("%(minutes)sm") % {"minutes": rest}


def clock_duration(seconds: float, workday: int | None, language: str = "") -> str:
    """Format the elapsed time of a clock: "1d 2h"; with `workday`, marked as working time: "1d 2h working time".

    `workday`: how long a working day is, in seconds; None for a clock that counts day and night.
    """
    if workday is None:
        return short_duration(seconds, DAY, language)
    return _mark_as_work(short_duration(seconds, workday, language), language or get_language() or "")


@lru_cache(maxsize=8192)
def _mark_as_work(time: str, _language: str) -> str:
    return _("%(time)s working time") % {"time": time}


def exact_duration(seconds: int, day: int = DAY) -> str:
    """Format a duration in all its units, for a form: "1d 2h 5m"; `parse` reads it back as the same seconds."""
    days, rest = divmod(seconds, max(MINUTE, day))
    hours = rest // HOUR
    minutes = rest % HOUR // MINUTE
    parts = [
        _("%(days)sd") % {"days": days} if days else "",
        _("%(hours)sh") % {"hours": hours} if hours else "",
        _("%(minutes)sm") % {"minutes": minutes} if minutes or not (days or hours) else "",
    ]
    return " ".join(filter(None, parts))


# As people write them, in English and Dutch; a bare "m" is a minute, for months are no allowance.
_UNITS = {
    "w": "w wk wks week weeks weken",
    "d": "d day days dag dagen werkdag werkdagen",
    "h": "h hr hrs hour hours u uur uren",
    "m": "m min mins minute minutes minuut minuten",
}
_UNIT_OF = {name: unit for unit, names in _UNITS.items() for name in names.split()}
_PART = re.compile(r"(\d{1,5}(?:[.,]\d{1,2})?)\s*([a-z]+)\.?", re.ASCII)
_CLOCK = re.compile(r"(\d{1,4}):([0-5]\d)", re.ASCII)


def parse_duration(text: str, day: int = DAY, week: int = 7) -> int:
    """Parse a duration a person typed into seconds: "2d 4h", "90 min", "1:30", "1,5 uur", "3 werkdagen".

    `day` is what counts as a day, in seconds, and `week` as a week, in days. Whole minutes; ValueError for anything
    else, a number without a unit too: nobody knows whether 2 are hours or days.
    """
    words = " ".join(text.lower().replace("\u00a0", " ").split())
    if clock := _CLOCK.fullmatch(words):
        return int(clock[1]) * HOUR + int(clock[2]) * MINUTE
    lengths = {"w": week * day, "d": day, "h": HOUR, "m": MINUTE}
    seconds = 0.0
    left = re.sub(r"\b(and|en)\b|[,;+](?!\d)", " ", words).strip()
    while left:
        part = _PART.match(left)
        if part is None or part[2] not in _UNIT_OF:
            raise ValueError(f"no duration: {text!r}")
        seconds += float(part[1].replace(",", ".")) * lengths[_UNIT_OF[part[2]]]
        left = left[part.end() :].strip()
    if not words:
        raise ValueError("no duration")
    return round(seconds / MINUTE) * MINUTE
