"""ShownLikelihood: how likely an answer or the success of a follow-up is, with its reasons; None below the floor."""

from collections.abc import Mapping
from typing import NamedTuple

from assistant.models import LikelihoodModel
from assistant.reading.likelihood import BINS, percent_for, total_weight
from assistant.reading.measures import wilson_interval
from assistant.reading.naive_bayes import Calibration
from assistant.timing.signals import signal_words

MOST_REASONS = 3


class LikelihoodReason(NamedTuple):
    """A signal in words, and by how many points of percent it changes the likelihood."""

    words: str
    points: int


class LikelihoodBin(NamedTuple):
    """Contacts that would have been said to be as likely: from `low` to `high` percent; how many came true."""

    low: int
    high: int
    contacts: int
    came_true: int

    @property
    def percent(self) -> int:
        return round(100 * self.came_true / self.contacts) if self.contacts else 0

    @property
    def between(self) -> tuple[int, int]:
        """The 95 % interval of the share that came true, in percent."""
        low, high = wilson_interval(self.came_true, self.contacts)
        return round(100 * low), round(100 * high)


class ShownLikelihood(NamedTuple):
    """A likelihood in percent, its reasons, and the outcomes of others with the same."""

    percent: int
    reasons: list[LikelihoodReason]
    bin: LikelihoodBin


def likelihood_models() -> dict[str, LikelihoodModel]:
    """Return what was learnt, by subject. One query."""
    return {model.subject: model for model in LikelihoodModel.objects.all()}


def explain_likelihood(model: LikelihoodModel | None, signals: Mapping[str, str]) -> ShownLikelihood | None:
    """Return the likelihood for signals with the strongest reasons; None while too little was learnt."""
    if model is None:
        return None
    calibration = Calibration(model.slope, model.offset)
    total = total_weight(model.weights, signals)
    percent = percent_for(calibration, total)
    reasons = []
    for name, value in signals.items():
        weight = model.weights["signals"].get(name, {}).get(value, 0.0)
        points = percent - percent_for(calibration, total - weight)
        if points:
            reasons.append(LikelihoodReason(signal_words(name, value), points))
    reasons.sort(key=lambda reason: -abs(reason.points))
    return ShownLikelihood(percent, reasons[:MOST_REASONS], likelihood_bins(model)[min(percent // BINS, BINS - 1)])


def likelihood_bins(model: LikelihoodModel) -> list[LikelihoodBin]:
    """Return the ten bins of the calibration."""
    width = 100 // BINS
    return [
        LikelihoodBin(at * width, (at + 1) * width - (1 if at < BINS - 1 else 0), contacts, came_true)
        for at, (contacts, came_true, _sum) in enumerate(model.bins)
    ]
