"""What was measured, what was promised, and whether it holds: one table at the end."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """A line of the table. `most`/`least`: the promise; neither: told for comparison."""

    name: str
    value: float
    unit: str = ""
    most: float | None = None
    least: float | None = None
    note: str = ""

    @property
    def holds(self) -> bool:
        return (self.most is None or self.value <= self.most) and (self.least is None or self.value >= self.least)

    @property
    def promise(self) -> str:
        if self.most is not None:
            return f"≤ {_number(self.most)}"
        return f"≥ {_number(self.least)}" if self.least is not None else ""

    @property
    def verdict(self) -> str:
        return "" if not self.promise else "ok" if self.holds else "OVER" if self.most is not None else "UNDER"


def _number(value: float) -> str:
    if value == int(value) and abs(value) >= 10:
        return f"{int(value):,}"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:,.2f}"


def table(figures: Sequence[Figure]) -> str:
    """The figures as text."""
    rows = [("figure", "value", "", "promise", "", "")]
    rows += [(row.name, _number(row.value), row.unit, row.promise, row.verdict, row.note) for row in figures]
    widths = [max(len(row[column]) for row in rows) for column in range(6)]
    name, value, unit, promise, _, _ = widths
    shape = f"{{:<{name}}}  {{:>{value}}} {{:<{unit}}}  {{:>{promise}}}  {{:<5}} {{}}"
    return "\n".join(shape.format(*row).rstrip() for row in rows)


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which a share of them lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
