"""Durations in words: short for rows and bars ("8d 2h"), the same everywhere."""

from functools import lru_cache

from django.utils.translation import get_language
from django.utils.translation import gettext as _

MINUTE, HOUR, DAY = 60, 3600, 86400


def short(seconds: float, day: int = DAY, language: str = "") -> str:
    """Two units at most, in the language in use: "52m", "5h 36m", "1d 2h", "17d"; under a minute "0m".

    `day` is what counts as a day, in seconds: for working time the length of a working day. `language` is the one in
    use; asking Django for it costs more than all the rest, so that a list passes it.
    """
    return _short(max(0, int(seconds)) // MINUTE, max(1, day // MINUTE), language or get_language() or "")


@lru_cache(maxsize=8192)
def _short(minutes: int, day: int, language: str) -> str:
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
