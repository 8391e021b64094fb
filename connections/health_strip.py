"""The marks of a connection's last 24 hours, one an hour."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from connections.models import Connection, ConnectionHour, first_hour

HOURS = 24
# Width of an hour in the drawing, and the marks: (top, height) by their class.
_STEP = 10
_SHAPES = {"": (6, 10), "slow": (2, 14), "gap": (6, 9), "off": (9, 3)}


@dataclass(frozen=True)
class StripMark:
    """A mark of the drawing."""

    css: str
    x: int
    y: int
    height: int


@dataclass(frozen=True)
class HourStrip:
    """The drawing of 24 hours, and what it shows in words."""

    marks: list[StripMark]
    words: str


def hours_of(connections: Iterable[Connection], now: datetime) -> Mapping[int, tuple[str, ...]]:
    """Return the states of the last 24 hours of connections, the oldest first, by their ids. One query.

    "": it worked, "slow": a record was refused, "gap": it failed, "off": nothing was done.
    """
    ids = [connection.pk for connection in connections]
    first = first_hour(now)
    counts = {
        (row.connection_id, row.hour): row
        for row in ConnectionHour.objects.filter(connection_id__in=ids, hour__gte=first)
    }
    hours = [first + timedelta(hours=place) for place in range(HOURS)]
    return {pk: tuple(_state_of(counts.get((pk, hour))) for hour in hours) for pk in ids}


def _state_of(row: ConnectionHour | None) -> str:
    if row is None:
        return "off"
    if row.failed and not row.done:
        return "gap"
    if row.failed or row.refused:
        return "slow"
    return ""


def build_strip(hours: tuple[str, ...]) -> HourStrip:
    """Return the drawing of the states of 24 hours."""
    marks = [StripMark(css, place * _STEP, *_SHAPES[css]) for place, css in enumerate(hours)]
    facts = {"worked": hours.count(""), "failed": hours.count("gap"), "partly": hours.count("slow")}
    words = _("Last 24 hours: worked in %(worked)s, partly in %(partly)s, failed in %(failed)s.") % facts
    return HourStrip(marks, words)
