"""How good the labels are for this organization: measured by what its members said of them."""

from collections import defaultdict
from typing import NamedTuple

from assistant.labels.label_words import FACET_WORDS, label_words, source_words
from assistant.labels.labelling import MODEL, RULES, TRAINED
from assistant.models import LabelReview, TrainedLabels
from assistant.reading.measures import JudgedLabel, LabelMeasure, measure_labels
from assistant.reading.vocabulary import FACETS, VALUES

# The newest so many reviews are counted.
MOST = 5_000
# A precision of so much is needed before a label can be trusted, and so many reviews before it can be judged.
NEEDED = 0.8
ENOUGH = 10


class RangeDrawing(NamedTuple):
    """Places on a scale of 50 to 100 percent, from 0 to 100: an interval's start and width, its value, the need."""

    start: int
    width: int
    value: int
    needed: int


def _place(percent: int) -> int:
    return min(100, max(0, 2 * (percent - 50)))


class LabelQuality(NamedTuple):
    """A label with its figures."""

    facet_name: str
    name: str
    measure: LabelMeasure

    @property
    def precision(self) -> int | None:
        return _percent(self.measure.precision)

    @property
    def recall(self) -> int | None:
        return _percent(self.measure.recall)

    @property
    def low(self) -> int:
        return round(100 * self.measure.interval[0])

    @property
    def high(self) -> int:
        return round(100 * self.measure.interval[1])

    @property
    def range(self) -> "RangeDrawing | None":
        """The drawing of precision and interval; None if the label was never given."""
        if self.precision is None:
            return None
        start = _place(self.low)
        width = max(1, _place(self.high) - start)
        return RangeDrawing(start, width, _place(self.precision), _place(round(100 * NEEDED)))

    @property
    def state(self) -> str:
        """ "few", "good" or "poor"."""
        if self.measure.given < ENOUGH:
            return "few"
        if (self.measure.precision or 0) >= NEEDED:
            return "good"
        return "poor"


class TrainedQuality(NamedTuple):
    """A trained facet: how often it and the rules were right, in percent, on messages it had not seen."""

    name: str
    examples: int
    rules_right: int
    trained_right: int
    is_used: bool


def label_qualities() -> list[LabelQuality]:
    """Return the figures of every label that was reviewed. One query."""
    rows = LabelReview.objects.order_by("-at", "-pk").values_list("facet", "proposed", "right")[:MOST]
    judged: dict[str, list[JudgedLabel]] = defaultdict(list)
    for facet, proposed, right in rows:
        judged[facet].append(JudgedLabel(proposed, 1.0, right))
    return [
        LabelQuality(str(FACET_WORDS[facet]), label_words(facet, measure.label), measure)
        for facet in FACETS
        for measure in measure_labels(judged[facet], VALUES[facet])
    ]


class ProposerQuality(NamedTuple):
    """How often labels of one origin were right, of those that were reviewed: the words', the learnt or the model's."""

    name: str
    right: int
    reviewed: int

    @property
    def percent(self) -> int:
        return round(100 * self.right / self.reviewed)


def proposer_qualities() -> list[ProposerQuality]:
    """Return the figures of each origin of labels that was reviewed. One query."""
    newest = LabelReview.objects.order_by("-at", "-pk").values_list("proposed_by", "proposed", "right")[:MOST]
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for proposed_by, proposed, right in newest:
        counts[proposed_by][0] += proposed == right
        counts[proposed_by][1] += 1
    return [
        ProposerQuality(source_words(proposed_by), *counts[proposed_by])
        for proposed_by in (RULES, TRAINED, MODEL)
        if proposed_by in counts
    ]


def trained_qualities() -> list[TrainedQuality]:
    """Return the trained facets."""
    rows = {row.facet: row for row in TrainedLabels.objects.all()}
    return [
        TrainedQuality(
            str(FACET_WORDS[facet]),
            rows[facet].examples,
            round(rows[facet].rules_right / 10),
            round(rows[facet].trained_right / 10),
            rows[facet].is_used,
        )
        for facet in FACETS
        if facet in rows
    ]


def _percent(share: float | None) -> int | None:
    if share is None:
        return None
    return round(100 * share)
