"""The frame of a chart: its scale with the lines of the grid, and the labels below, as many as have room."""

from collections.abc import Sequence
from dataclasses import dataclass

from crm.web.charts.drawing import LEFT, WIDTH, KeyEntry, Text, Tick
from crm.web.charts.scale import Scale, scale
from crm.web.charts.values import Format, Series, colour

TOP = 14
# The width of a letter of a label, and the space between two.
_LETTER, _BETWEEN = 6.0, 10.0


@dataclass(frozen=True)
class Frame:
    """Where the values of a chart lie."""

    axis: Scale
    slot: float
    labels: Sequence[str]
    bottom: float

    def middle(self, place: int) -> float:
        """Return the middle of the label at a place."""
        return round(LEFT + self.slot * (place + 0.5), 1)

    def ticks(self, write: Format) -> list[Tick]:
        return [Tick(self.axis.y(value), write(value)) for value in self.axis.ticks]

    def texts(self) -> list[Text]:
        """Return the labels below, every one, or every so many that none runs into the next. The last one stands."""
        widest = max((len(label) for label in self.labels), default=0) * _LETTER + _BETWEEN
        every = max(1, -(-widest // self.slot)) if self.slot else 1
        last = len(self.labels) - 1
        shown = [at for at in range(last + 1) if (last - at) % every == 0]
        return [Text(self.middle(at), self.bottom + 16, self.labels[at]) for at in shown]


def frame_of(labels: Sequence[str], highest: float, *, height: float, lines: int = 3, is_whole: bool = True) -> Frame:
    """Make the frame for so many labels and values up to the highest, above a line of labels."""
    bottom = height - 24
    axis = scale(highest, bottom=bottom, top=TOP, lines=lines, is_whole=is_whole)
    return Frame(axis, (WIDTH - LEFT) / max(len(labels), 1), labels, bottom)


def highest_of(series: Sequence[Series]) -> float:
    """Return the highest value or edge of a band."""
    numbers = [value.number or 0 for one in series for value in one.values]
    edges = [value.band[1] for one in series for value in one.values if value.band]
    return max([*numbers, *edges, 0])


def legend_of(series: Sequence[Series]) -> list[KeyEntry]:
    """Return the key of several series; one alone is named by the chart's title."""
    if len(series) < 2:
        return []
    return [KeyEntry(colour(one, place), one.name) for place, one in enumerate(series)]


def said(label: str, series: Series, place: int, *, names: bool) -> str:
    """Say a mark in words: "Mon 4, Leads: 11"."""
    value = series.values[place]
    return f"{label}, {series.name}: {value.said}" if names else f"{label}: {value.said}"
