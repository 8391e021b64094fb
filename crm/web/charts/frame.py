"""The frame of a chart: its scale with the lines of the grid, and the labels below, as many as have room."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from crm.web.charts.drawing import LEFT, WIDTH, AxisTick, ChartText, LegendEntry
from crm.web.charts.values import Format, Series, series_css

# Steps that a reader can count in.
_STEPS = (1, 2, 2.5, 5, 10)


@dataclass(frozen=True)
class ChartScale:
    """An axis from nought up: its ticks, and the place of a value between two edges of the drawing."""

    ticks: tuple[float, ...]
    bottom: float
    top: float

    @property
    def most(self) -> float:
        return self.ticks[-1]

    def y(self, value: float) -> float:
        """Return where a value lies; what is below nought or above the axis lies on its edge."""
        share = min(max(value / self.most, 0), 1)
        return round(self.bottom - (self.bottom - self.top) * share, 1)


def build_scale(highest: float, *, bottom: float, top: float, lines: int = 3, is_whole: bool = True) -> ChartScale:
    """Make the axis for values up to the highest, in about so many steps of round numbers; whole ones for counts."""
    step = _round_step(max(highest, 0) / lines, is_whole=is_whole)
    count = max(1, math.ceil(round(highest / step, 9)))
    return ChartScale(tuple(round(at * step, 9) for at in range(count + 1)), bottom, top)


def _round_step(least: float, *, is_whole: bool) -> float:
    """Return the round number at or above this one."""
    if least <= 0 or not math.isfinite(least):
        return 1
    power = 10.0 ** math.floor(math.log10(least))
    step: float = next(one for one in _STEPS if one * power >= least * (1 - 1e-9)) * power
    if is_whole:
        return float(max(1, math.ceil(step)))
    return step


TOP = 14
# The width of a letter of a label, and the space between two.
_LETTER = 6.0
_BETWEEN = 10.0


@dataclass(frozen=True)
class ChartFrame:
    """Where the values of a chart lie."""

    axis: ChartScale
    slot: float
    labels: Sequence[str]
    bottom: float

    def middle(self, place: int) -> float:
        """Return the middle of the label at a place."""
        return round(LEFT + self.slot * (place + 0.5), 1)

    def ticks(self, write: Format) -> list[AxisTick]:
        return [AxisTick(self.axis.y(value), write(value)) for value in self.axis.ticks]

    def texts(self) -> list[ChartText]:
        """Return the labels below, every one, or every so many that none runs into the next. The last one stands."""
        widest = max((len(label) for label in self.labels), default=0) * _LETTER + _BETWEEN
        every = max(1, -(-widest // self.slot)) if self.slot else 1
        last = len(self.labels) - 1
        positions = [at for at in range(last + 1) if (last - at) % every == 0]
        return [ChartText(self.middle(at), self.bottom + 16, self.labels[at]) for at in positions]


def build_frame(
    labels: Sequence[str], highest: float, *, height: float, lines: int = 3, is_whole: bool = True
) -> ChartFrame:
    """Make the frame for so many labels and values up to the highest, above a line of labels."""
    bottom = height - 24
    axis = build_scale(highest, bottom=bottom, top=TOP, lines=lines, is_whole=is_whole)
    return ChartFrame(axis, (WIDTH - LEFT) / max(len(labels), 1), labels, bottom)


def highest_of(series: Sequence[Series]) -> float:
    """Return the highest value or edge of a band."""
    numbers = [value.number or 0 for one in series for value in one.values]
    edges = [value.band[1] for one in series for value in one.values if value.band]
    return max([*numbers, *edges, 0])


def legend_of(series: Sequence[Series]) -> list[LegendEntry]:
    """Return the key of several series; one alone is named by the chart's title."""
    if len(series) < 2:
        return []
    return [LegendEntry(series_css(one, place), one.name) for place, one in enumerate(series)]


def describe_mark(label: str, series: Series, place: int, *, names: bool) -> str:
    """Say a mark in words: "Mon 4, Leads: 11"."""
    value = series.values[place]
    if names:
        return f"{label}, {series.name}: {value.said}"
    return f"{label}: {value.said}"
