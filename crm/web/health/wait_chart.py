"""Chart of the waiting time of work over a day, as SVG points computed for the template."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from crm.platform.health.heartbeats import WAIT_HERE, WAIT_OUT
from crm.web.health.snapshot import format_span

WIDTH = 414
HEIGHT = 150
LEFT = 34
BOTTOM = 130
DAY = timedelta(days=1)
# What is drawn at least, so that a quiet day is a flat line: seconds.
LEAST = 40


@dataclass(frozen=True)
class WaitGridLine:
    """A grid line and its number."""

    y: float
    label: str


@dataclass(frozen=True)
class WaitChart:
    """The geometry of the chart."""

    here: str
    out: str
    grid: list[WaitGridLine]
    limit: float
    # (time, here, out) of the points, newest last; a wait in words, blank where none was measured.
    table: list[tuple[datetime, str, str]]

    @property
    def is_empty(self) -> bool:
        return not self.table


def build_wait_chart(rows: Mapping[tuple[str, datetime], int], now: datetime, limit: timedelta) -> WaitChart:
    """Return the chart of waiting times by part and half hour, in milliseconds."""
    highest = max([LEAST, *(worst / 1000 for worst in rows.values())])
    times = sorted({at for _part, at in rows})
    table = [(at, _wait_text(rows, WAIT_HERE, at), _wait_text(rows, WAIT_OUT, at)) for at in times]
    grid = [
        WaitGridLine(_y_of_seconds(highest * share, highest), f"{round(highest * share)}")
        for share in (0.25, 0.5, 0.75, 1)
    ]
    lines = [_svg_points(rows, part, now, highest) for part in (WAIT_HERE, WAIT_OUT)]
    return WaitChart(lines[0], lines[1], grid, _y_of_seconds(min(limit.total_seconds(), highest), highest), table)


def _wait_text(rows: Mapping[tuple[str, datetime], int], part: str, at: datetime) -> str:
    worst = rows.get((part, at))
    if worst is None:
        return ""
    return format_span(timedelta(milliseconds=worst))


def _svg_points(rows: Mapping[tuple[str, datetime], int], part: str, now: datetime, highest: float) -> str:
    waits = sorted((at, worst) for (name, at), worst in rows.items() if name == part)
    return " ".join(f"{_x_of_time(at, now)},{_y_of_seconds(worst / 1000, highest)}" for at, worst in waits)


def _x_of_time(at: datetime, now: datetime) -> float:
    share = 1 - min(max((now - at) / DAY, 0), 1)
    return round(LEFT + (WIDTH - LEFT - 4) * share, 1)


def _y_of_seconds(seconds: float, highest: float) -> float:
    return round(BOTTOM - (BOTTOM - 20) * seconds / highest, 1)
