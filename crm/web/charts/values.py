"""What charts are made of: values with the list each counts, series of them, and the table that says the same."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

# Series are told apart by a class of the design (k1 to k6) and by name.
COLOURS = 6


@dataclass(frozen=True)
class ChartValue:
    """A number with its text, the URL of the list it counts, and its usual range. None: not measured."""

    number: float | None
    url: str = ""
    text: str = ""
    # From and to what is usual for it; drawn behind.
    band: tuple[float, float] | None = None
    is_odd: bool = False
    # Of a time that has not ended.
    is_partial: bool = False

    @property
    def said(self) -> str:
        """The number as a person reads it."""
        return self.text or ("–" if self.number is None else f"{self.number:,.10g}")


@dataclass(frozen=True)
class Series:
    """Values of one kind, one for each label of the chart; `css` replaces its place's colour."""

    name: str
    values: Sequence[ChartValue]
    css: str = ""


@dataclass(frozen=True)
class ChartCell:
    """A cell of a table: its text, and the address of the list it counts."""

    text: str
    url: str = ""


@dataclass(frozen=True)
class ChartRow:
    """A line of a table: what it is of, and its cells."""

    name: str
    cells: list[ChartCell]


@dataclass(frozen=True)
class ChartTable:
    """The same numbers as a chart: the names of its columns, and its lines."""

    headings: list[str] = field(default_factory=list)
    rows: list[ChartRow] = field(default_factory=list)


Format = Callable[[float], str]


def format_number(number: float) -> str:
    """Write a number of an axis: "1,200", "0.5"."""
    return f"{number:,.10g}"


def series_css(series: Series, place: int) -> str:
    """Return the class of a series: its own, or that of its place."""
    return series.css or f"k{place % COLOURS + 1}"


def table_of(labels: Sequence[str], series: Sequence[Series]) -> ChartTable:
    """Make the table of a chart: a line a label, a column a series."""
    rows = [
        ChartRow(label, [ChartCell(one.values[at].said, one.values[at].url) for one in series])
        for at, label in enumerate(labels)
    ]
    return ChartTable([one.name for one in series], rows)
