"""Sparklines: small inline charts of a number over time, with its usual band and a marked last point."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 88
HEIGHT = 28
EDGE = 4


@dataclass(frozen=True)
class Sparkline:
    """The geometry of a sparkline; blank without values. The adjacent text has the same content."""

    path: str
    # Top and height of the band; None: nothing is known to be usual.
    band: tuple[float, float] | None
    last: tuple[float, float] | None


def build_sparkline(values: Sequence[float], band: tuple[float, float] | None = None) -> Sparkline:
    """Draw values, oldest first."""
    if not values:
        return Sparkline("", None, None)
    edges = [*values, *(band or ())]
    low = min(edges)
    high = max(edges)

    def y(value: float) -> float:
        share = 0.5
        if high > low:
            share = (value - low) / (high - low)
        return round(HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * share, 1)

    step = (WIDTH - 2 * EDGE) / max(len(values) - 1, 1)
    points = [(round(EDGE + step * at, 1), y(value)) for at, value in enumerate(values)]
    if len(points) == 1:
        points = [(WIDTH / 2, points[0][1])]
    drawn = None
    if band:
        drawn = (y(band[1]), max(round(y(band[0]) - y(band[1]), 1), 2))
    return Sparkline("M" + "L".join(f"{x} {at}" for x, at in points), drawn, points[-1])
