"""Frame of a chart: its scale with grid lines, and as many labels as fit below."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from crm.web.charts.drawing import LEFT, LETTER, WIDTH, AxisTick, ChartText, LegendEntry
from crm.web.charts.values import Format, Series, series_css

# Steps that a reader can count in.
_STEPS = (1, 2, 2.5, 5, 10)


@dataclass(frozen=True)
class ChartScale:
    """An axis from zero: its ticks, and the position of a value between two edges of the drawing."""

    ticks: tuple[float, ...]
    bottom: float
    top: float

    @property
    def most(self) -> float:
        return self.ticks[-1]

    def y(self, value: float) -> float:
        """Return the y position of a value, clamped to the axis."""
        share = min(max(value / self.most, 0), 1)
        return round(self.bottom - (self.bottom - self.top) * share, 1)


def build_scale(highest: float, *, bottom: float, top: float, lines: int = 3, is_whole: bool = True) -> ChartScale:
    """Return the axis for values up to the highest, with about `lines` round steps; whole numbers for counts."""
    step = _round_step(max(highest, 0) / lines, is_whole=is_whole)
    count = max(1, math.ceil(round(highest / step, 9)))
    return ChartScale(tuple(round(at * step, 9) for at in range(count + 1)), bottom, top)


def _round_step(least: float, *, is_whole: bool) -> float:
    """Return the next round number at or above a value."""
    if least <= 0 or not math.isfinite(least):
        return 1
    power = 10.0 ** math.floor(math.log10(least))
    step: float = next(one for one in _STEPS if one * power >= least * (1 - 1e-9)) * power
    if is_whole:
        return float(max(1, math.ceil(step)))
    return step


TOP = 14
# The space between two labels.
_BETWEEN = 10.0


@dataclass(frozen=True)
class ChartFrame:
    """The plotting area of a chart."""

    axis: ChartScale
    slot: float
    labels: Sequence[str]
    bottom: float

    def middle(self, place: int) -> float:
        """Return the x position of the middle of a label."""
        return round(LEFT + self.slot * (place + 0.5), 1)

    def ticks(self, write: Format) -> list[AxisTick]:
        return [AxisTick(self.axis.y(value), write(value)) for value in self.axis.ticks]

    def texts(self) -> list[ChartText]:
        """Return the labels below the axis, leaving some out if they would overlap. The last one is always shown."""
        widest = max((len(label) for label in self.labels), default=0) * LETTER + _BETWEEN
        last = len(self.labels) - 1
        # The last label may end at the edge, which is nearer to the one before it.
        widest += self._overhang(last)
        every = max(1, -(-widest // self.slot)) if self.slot else 1
        positions = [at for at in range(last + 1) if (last - at) % every == 0]
        return [self._label(at) for at in positions]

    def _label(self, place: int) -> ChartText:
        """Return a label in the middle of its slot; at the right edge it ends there, so that it is not cut off."""
        words = self.labels[place]
        if self._overhang(place):
            return ChartText(WIDTH, self.bottom + 16, words, anchor="end")
        return ChartText(self.middle(place), self.bottom + 16, words)

    def _overhang(self, place: int) -> float:
        """Return by how much a label in the middle of its slot would stand over the right edge."""
        if place < 0:
            return 0.0
        return max(0.0, self.middle(place) + len(self.labels[place]) * LETTER / 2 - WIDTH)


def build_frame(
    labels: Sequence[str], highest: float, *, height: float, lines: int = 3, is_whole: bool = True
) -> ChartFrame:
    """Return the frame for a number of labels and a highest value."""
    bottom = height - 24
    axis = build_scale(highest, bottom=bottom, top=TOP, lines=lines, is_whole=is_whole)
    return ChartFrame(axis, (WIDTH - LEFT) / max(len(labels), 1), labels, bottom)


def highest_of(series: Sequence[Series]) -> float:
    """Return the highest value or band edge."""
    numbers = [value.number or 0 for one in series for value in one.values]
    edges = [value.band[1] for one in series for value in one.values if value.band]
    return max([*numbers, *edges, 0])


def legend_of(series: Sequence[Series]) -> list[LegendEntry]:
    """Return the legend of several series; none for a single one, which the chart's title names."""
    if len(series) < 2:
        return []
    return [LegendEntry(series_css(one, place), one.name) for place, one in enumerate(series)]


def describe_mark(label: str, series: Series, place: int, *, names: bool) -> str:
    """Return the text of a mark: "Mon 4, Leads: 11"."""
    value = series.values[place]
    if names:
        return f"{label}, {series.name}: {value.said}"
    return f"{label}: {value.said}"
