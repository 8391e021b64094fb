"""Scales of charts: which numbers stand at an axis, and where a value lies on it."""

import math
from dataclasses import dataclass

# Steps that a reader can count in.
_STEPS = (1, 2, 2.5, 5, 10)


@dataclass(frozen=True)
class Scale:
    """An axis from nought up: its ticks, and the place of a value between two edges of the drawing."""

    ticks: tuple[float, ...]
    bottom: float
    top: float

    @property
    def most(self) -> float:
        return self.ticks[-1]

    def y(self, value: float) -> float:
        """Return where a value lies; what is below nought or above the axis lies on its edge."""
        share = min(max(value / self.most, 0), 1)
        return round(self.bottom - (self.bottom - self.top) * share, 1)


def scale(highest: float, *, bottom: float, top: float, lines: int = 3, is_whole: bool = True) -> Scale:
    """Make the axis for values up to the highest, in about so many steps of round numbers; whole ones for counts."""
    step = _step(max(highest, 0) / lines, is_whole=is_whole)
    count = max(1, math.ceil(round(highest / step, 9)))
    return Scale(tuple(round(at * step, 9) for at in range(count + 1)), bottom, top)


def _step(least: float, *, is_whole: bool) -> float:
    """Return the round number at or above this one."""
    if least <= 0 or not math.isfinite(least):
        return 1
    power = 10.0 ** math.floor(math.log10(least))
    step: float = next(one for one in _STEPS if one * power >= least * (1 - 1e-9)) * power
    return float(max(1, math.ceil(step))) if is_whole else step
