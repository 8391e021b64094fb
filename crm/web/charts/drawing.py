"""Chart data for its template: geometry, legend, and a table of the same numbers."""

import math
from dataclasses import dataclass, field

from crm.web.charts.values import ChartTable

# The drawing's own units; it takes the width of its place on the page.
WIDTH = 520
LEFT = 44
# The width of a letter of a label; the space between the numbers of the axis and the drawing.
LETTER = 6.0
BESIDE_AXIS = 6


@dataclass(frozen=True)
class ChartMark:
    """A bar or a point of a line: position, size, text, and the URL of the list it opens."""

    x: float
    y: float
    width: float
    height: float
    css: str
    said: str
    url: str = ""


@dataclass(frozen=True)
class ChartText:
    """A text in the chart. `anchor`: the SVG text-anchor."""

    x: float
    y: float
    words: str
    anchor: str = "middle"
    css: str = ""


@dataclass(frozen=True)
class AxisTick:
    """A grid line and its number."""

    y: float
    words: str


@dataclass(frozen=True)
class LegendEntry:
    """An entry of the legend."""

    css: str
    name: str


@dataclass(frozen=True)
class ChartDrawing:
    """A complete chart. `key` is unique on its page; `description` is the text alternative."""

    key: str
    title: str
    description: str
    height: float
    ticks: list[AxisTick]
    marks: list[ChartMark]
    table: ChartTable
    bands: list[ChartMark] = field(default_factory=list)
    # Each the class of a line and its `d`.
    paths: list[tuple[str, str]] = field(default_factory=list)
    texts: list[ChartText] = field(default_factory=list)
    legend: list[LegendEntry] = field(default_factory=list)
    # What the labels are of: "Day", "Step".
    of: str = ""

    width: int = WIDTH
    left: int = LEFT

    @property
    def view_box(self) -> str:
        """The SVG viewBox: wider on the left where a number of the axis, such as "US$ 2 mln.", needs more room."""
        widest = max((len(tick.words) for tick in self.ticks), default=0) * LETTER
        over = max(0, math.ceil(widest) - (self.left - BESIDE_AXIS))
        return f"{-over} 0 {self.width + over} {self.height:g}"

    @property
    def is_empty(self) -> bool:
        """True if there is nothing to draw: no label, or no value."""
        return not any(cell.text != "–" for row in self.table.rows for cell in row.cells)
