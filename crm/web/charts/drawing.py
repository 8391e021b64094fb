"""What a template draws: places and sizes of everything, the key, and the table with the same numbers."""

from dataclasses import dataclass, field

from crm.web.charts.values import Table

# The drawing's own units; it takes the width of its place on the page.
WIDTH = 520
LEFT = 44


@dataclass(frozen=True)
class Mark:
    """A bar, or a point of a line: where, how big, what it says, and the list it opens."""

    x: float
    y: float
    width: float
    height: float
    css: str
    said: str
    url: str = ""


@dataclass(frozen=True)
class Text:
    """Words in the drawing; `anchor` as SVG has it."""

    x: float
    y: float
    words: str
    anchor: str = "middle"
    css: str = ""


@dataclass(frozen=True)
class Tick:
    """A line of the grid, and its number."""

    y: float
    words: str


@dataclass(frozen=True)
class KeyEntry:
    """What a colour means."""

    css: str
    name: str


@dataclass(frozen=True)
class Drawing:
    """A chart to draw. `key` is unique on its page; `description` says in words what is to be seen."""

    key: str
    title: str
    description: str
    height: float
    ticks: list[Tick]
    marks: list[Mark]
    table: Table
    bands: list[Mark] = field(default_factory=list)
    # Each the class of a line and its `d`.
    paths: list[tuple[str, str]] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    legend: list[KeyEntry] = field(default_factory=list)
    # What the labels are of: "Day", "Step".
    of: str = ""

    width: int = WIDTH
    left: int = LEFT

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw: no label, or nothing measured at all."""
        return not any(cell.text != "–" for row in self.table.rows for cell in row.cells)
