"""Linear model of labels: words and what the rules say, with a weight per label; softmax. Pure, without libraries."""

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from assistant.reading.sentences import MessageSentence, read_sentences

# A feature that says what the rules proposed: the model corrects them more often than it replaces them.
RULE = "=rules:"
MOST_WORDS = 200


class LinearModel(NamedTuple):
    """The weights of a facet, as stored: labels, an intercept each, and for each feature a weight per label."""

    labels: Sequence[str]
    intercepts: Sequence[float]
    weights: Mapping[str, Sequence[float]]

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> "LinearModel":
        """Read a model from its stored form."""
        return cls(stored["labels"], stored["intercepts"], stored["weights"])

    def predict(self, features: Iterable[str]) -> tuple[str, float]:
        """Return the likeliest label and its probability."""
        scores = list(self.intercepts)
        for feature in features:
            row = self.weights.get(feature)
            if row is not None:
                scores = [score + weight for score, weight in zip(scores, row, strict=True)]
        highest = max(scores)
        masses = [math.exp(score - highest) for score in scores]
        best = max(range(len(masses)), key=masses.__getitem__)
        return self.labels[best], masses[best] / sum(masses)


def message_features(sentences: Sequence[MessageSentence], rule_label: str) -> list[str]:
    """Return the features of a message: its words, pairs of words, a question mark, and what the rules proposed."""
    features = {RULE + rule_label}
    for sentence in sentences:
        words = sentence.words[:MOST_WORDS]
        features.update(words)
        features.update(f"{first} {second}" for first, second in pairwise(words))
        if sentence.is_question:
            features.add("?")
    return sorted(features)


def text_features(text: str, rule_label: str) -> list[str]:
    """Return the features of a message's text."""
    return message_features(read_sentences(text), rule_label)
