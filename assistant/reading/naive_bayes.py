"""Naive Bayes with Laplace smoothing over counts of won and lost, and its calibration by two numbers. Pure."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

# How strongly a single signal may speak, as a logarithm of odds: no lead is decided by one of them.
MOST_WEIGHT = 2.5
_STEPS = 60

Counts = Mapping[str, Sequence[int]]


class Calibration(NamedTuple):
    """Makes a probability of a sum of weights: sigmoid(slope * sum + offset)."""

    slope: float = 1.0
    offset: float = 0.0

    def share(self, total: float) -> float:
        """Return the probability for a sum of weights."""
        return sigmoid(self.slope * total + self.offset)


def sigmoid(value: float) -> float:
    """Return 1 / (1 + e^-value) without overflow."""
    if value >= 0:
        return 1 / (1 + math.exp(-value))
    power = math.exp(value)
    return power / (1 + power)


def prior_weight(won: int, lost: int) -> float:
    """Return the logarithm of the odds of winning, before anything is known of a lead."""
    return math.log((won + 1) / (lost + 1))


def value_weights(counts: Counts, won: int, lost: int) -> dict[str, float]:
    """Return the weight of each value of a signal from its [won, lost] counts, smoothed by one each."""
    kinds = len(counts) + 1
    weights = {}
    for value, (wins, losses) in counts.items():
        ratio = ((wins + 1) / (won + kinds)) / ((losses + 1) / (lost + kinds))
        weights[value] = round(max(-MOST_WEIGHT, min(MOST_WEIGHT, math.log(ratio))), 4)
    return weights


def reached_weights(lost_by_step: Mapping[str, int], lost: int) -> dict[str, float]:
    """Return the weight of having come to a step that every won lead passed, and `lost_by_step` of the lost ones."""
    return {
        step: round(min(MOST_WEIGHT, -math.log((count + 1) / (lost + 1))), 4) for step, count in lost_by_step.items()
    }


def fit_calibration(rows: Iterable[tuple[float, bool]]) -> Calibration:
    """Fit slope and offset to sums of weights of leads that were not counted, by Newton's method; Platt scaling."""
    points = list(rows)
    wins = sum(won for _total, won in points)
    # Targets a little inside 0 and 1, so that few leads don't make it certain.
    high = (wins + 1) / (wins + 2)
    low = 1 / (len(points) - wins + 2)
    slope = 1.0
    offset = 0.0
    for _step in range(_STEPS):
        gradient_slope = gradient_offset = 0.0
        curve_slope = curve_both = curve_offset = 1e-9
        for total, won in points:
            share = sigmoid(slope * total + offset)
            gap = share - (high if won else low)
            spread = share * (1 - share)
            gradient_slope += gap * total
            gradient_offset += gap
            curve_slope += spread * total * total
            curve_both += spread * total
            curve_offset += spread
        determinant = curve_slope * curve_offset - curve_both * curve_both
        if abs(determinant) < 1e-12:
            break
        step_slope = (curve_offset * gradient_slope - curve_both * gradient_offset) / determinant
        step_offset = (curve_slope * gradient_offset - curve_both * gradient_slope) / determinant
        slope -= step_slope
        offset -= step_offset
        if abs(step_slope) + abs(step_offset) < 1e-6:
            break
    if not 0.05 <= slope <= 3:
        # Too little to calibrate by: as the counts say.
        return Calibration()
    return Calibration(round(slope, 4), round(offset, 4))
