"""A calibrated likelihood learnt from examples that came true or did not: naive Bayes over named signals. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from assistant.reading.naive_bayes import Calibration, fit_calibration, prior_weight, value_weights

FOLDS = 5
BINS = 10


class LikelihoodExample(NamedTuple):
    """The signals before an outcome, and whether it came true. `group`: those of a group are left out together."""

    group: int
    is_true: bool
    signals: Mapping[str, str]


class LearntLikelihood(NamedTuple):
    """Weights, calibration, and ten bins of [examples, true ones, sum of percent] of examples that were left out."""

    good: int
    bad: int
    weights: dict[str, Any]
    calibration: Calibration
    bins: list[list[int]]


def learn_likelihood(examples: Sequence[LikelihoodExample], floor: int) -> LearntLikelihood | None:
    """Learn from examples; None with fewer than `floor` that came true, or as many that did not."""
    good = sum(example.is_true for example in examples)
    bad = len(examples) - good
    if good < floor or bad < floor:
        return None
    left_out: list[tuple[float, bool]] = []
    for fold in range(FOLDS):
        weights = _count_weights(example for example in examples if example.group % FOLDS != fold)
        left_out += [
            (total_weight(weights, example.signals), example.is_true)
            for example in examples
            if example.group % FOLDS == fold
        ]
    calibration = fit_calibration(left_out)
    return LearntLikelihood(good, bad, _count_weights(examples), calibration, _bins(left_out, calibration))


def _count_weights(examples: Iterable[LikelihoodExample]) -> dict[str, Any]:
    counts: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    totals = [0, 0]
    for example in examples:
        column = int(not example.is_true)
        totals[column] += 1
        for name, value in example.signals.items():
            counts[name][value][column] += 1
    signals = {name: value_weights(values, *totals) for name, values in counts.items()}
    return {"prior": prior_weight(*totals), "signals": signals}


def total_weight(weights: Mapping[str, Any], signals: Mapping[str, str]) -> float:
    """Return the sum of the weights of signals; one that was never seen weighs nothing."""
    own = sum(weights["signals"].get(name, {}).get(value, 0.0) for name, value in signals.items())
    return float(weights["prior"] + own)


def percent_for(calibration: Calibration, total: float) -> int:
    """Return the likelihood for a sum of weights, in whole percent from 1 to 99."""
    return max(1, min(99, round(100 * calibration.share(total))))


def _bins(left_out: Iterable[tuple[float, bool]], calibration: Calibration) -> list[list[int]]:
    bins = [[0, 0, 0] for _bin in range(BINS)]
    for total, is_true in left_out:
        percent = percent_for(calibration, total)
        row = bins[min(percent // BINS, BINS - 1)]
        row[0] += 1
        row[1] += is_true
        row[2] += percent
    return bins
