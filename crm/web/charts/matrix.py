"""Matrices: numbers by two dimensions, such as phase and age, as a table with cells coloured by level and count."""

from collections.abc import Sequence
from dataclasses import dataclass

# The classes of how much a cell weighs, from heat-1 to heat-5.
HEATS = 5


@dataclass(frozen=True)
class MatrixCell:
    """A number, its value as text, its list, and the worst level among its rows ("ok", "late", "crit").

    `limit`: the allowed time of its row ends before it.
    """

    count: int
    note: str = ""
    url: str = ""
    level: str = "ok"
    limit: bool = False
    said: str = ""
    heat: int = 0

    @property
    def css(self) -> str:
        """The CSS classes of the cell."""
        drawn = []
        if self.count:
            drawn = [self.level, f"heat-{self.heat}"]
        return " ".join([*drawn, *(["limit"] if self.limit else [])])


@dataclass(frozen=True)
class MatrixRow:
    """A row of the matrix and its total."""

    name: str
    cells: list[MatrixCell]
    total: int
    url: str = ""


@dataclass(frozen=True)
class Matrix:
    """A table of numbers by two dimensions. It needs no separate table of its numbers."""

    caption: str
    columns: list[str]
    rows: list[MatrixRow]

    @property
    def is_empty(self) -> bool:
        return not any(row.total for row in self.rows)


def build_matrix(caption: str, columns: Sequence[str], rows: Sequence[MatrixRow]) -> Matrix:
    """Return the matrix. The heat of each cell is its share of the highest count."""
    most = max((cell.count for row in rows for cell in row.cells), default=0)
    heated = [MatrixRow(row.name, [_with_heat(cell, most) for cell in row.cells], row.total, row.url) for row in rows]
    return Matrix(caption, list(columns), heated)


def _with_heat(cell: MatrixCell, most: int) -> MatrixCell:
    heat = 0
    if cell.count and most:
        heat = max(1, -(-cell.count * HEATS // most))
    return MatrixCell(cell.count, cell.note, cell.url, cell.level, cell.limit, cell.said, heat)
