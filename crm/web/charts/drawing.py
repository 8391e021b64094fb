"""The geometry of a chart for its template, with its legend and a table of the same numbers."""

from dataclasses import dataclass, field

from crm.web.charts.values import ChartTable

# The drawing's own units; it takes the width of its place on the page.
WIDTH = 520
LEFT = 44


@dataclass(frozen=True)
class ChartMark:
    """A bar, or a point of a line: where, how big, what it says, and the list it opens."""

    x: float
    y: float
    width: float
    height: float
    css: str
    said: str
    url: str = ""


@dataclass(frozen=True)
class ChartText:
    """Words in the drawing; `anchor` as SVG has it."""

    x: float
    y: float
    words: str
    anchor: str = "middle"
    css: str = ""


@dataclass(frozen=True)
class AxisTick:
    """A line of the grid, and its number."""

    y: float
    words: str


@dataclass(frozen=True)
class LegendEntry:
    """An entry of the legend."""

    css: str
    name: str


@dataclass(frozen=True)
class ChartDrawing:
    """A chart to draw. `key` is unique on its page; `description` says in words what is to be seen."""

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
    def is_empty(self) -> bool:
        """Whether there is nothing to draw: no label, or nothing measured at all."""
        return not any(cell.text != "–" for row in self.table.rows for cell in row.cells)
