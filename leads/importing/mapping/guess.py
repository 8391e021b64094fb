"""What is thought of a file's columns so far: their names, their cells, and the field of each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from leads.importing.mapping.headings import Field


@dataclass
class Guess:
    """The columns of a file, their cells, and what is thought of them so far."""

    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    found: list[Field | None] = field(default_factory=list)
    # Positions that a product, or our own list of names, tells.
    sure: set[int] = field(default_factory=set)
    # Positions of columns without a cell, where others have some: they hold nothing for a field.
    empty: set[int] = field(default_factory=set)

    # The cells of each column.
    columns: list[list[str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.columns = [[row[at] for row in self.rows if at < len(row)] for at in range(len(self.headings))]
        if self.rows:
            self.empty = {at for at, cells in enumerate(self.columns) if not any(map(str.strip, cells))}

    def cells(self, at: int) -> list[str]:
        return self.columns[at]

    def named(self) -> Iterator[tuple[Field | None, str]]:
        """Iterate over what is thought of each column, and its heading."""
        return zip(self.found, self.headings, strict=False)

    def has(self, *fields: Field) -> bool:
        return any(each in fields and at not in self.empty for at, each in enumerate(self.found))
