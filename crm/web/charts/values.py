"""Values of charts: numbers that link to lists, series of them, and the equivalent table."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from crm.kernel import formats

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
        """The number formatted for display."""
        return self.text or ("–" if self.number is None else formats.plain_number(self.number))


@dataclass(frozen=True)
class Series:
    """Values of one kind, one for each label of the chart; `css` replaces its place's colour."""

    name: str
    values: Sequence[ChartValue]
    css: str = ""


@dataclass(frozen=True)
class ChartCell:
    """A table cell: its text, and the URL of the list it counts."""

    text: str
    url: str = ""


@dataclass(frozen=True)
class ChartRow:
    """A table row: its heading and its cells."""

    name: str
    cells: list[ChartCell]


@dataclass(frozen=True)
class ChartTable:
    """The numbers of a chart as a table: column headings and rows."""

    headings: list[str] = field(default_factory=list)
    rows: list[ChartRow] = field(default_factory=list)


Format = Callable[[float], str]


def series_css(series: Series, place: int) -> str:
    """Return the CSS class of a series: its own, or that of its index."""
    return series.css or f"k{place % COLOURS + 1}"


def table_of(labels: Sequence[str], series: Sequence[Series]) -> ChartTable:
    """Return the table of a chart: one row per label, one column per series."""
    rows = [
        ChartRow(label, [ChartCell(one.values[at].said, one.values[at].url) for one in series])
        for at, label in enumerate(labels)
    ]
    return ChartTable([one.name for one in series], rows)
