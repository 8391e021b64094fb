"""Train the linear model of each facet on the labels that members reviewed; once a night, by a worker.

A model is used only if it was right more often than the rules, on messages it had not seen (cross-validation). What is
learnt is stored as numbers. scikit-learn is imported here, when a worker trains, and nowhere else.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any, NamedTuple

from assistant.models import LabelReview, TrainedLabels
from assistant.reading.linear_model import text_features
from assistant.reading.vocabulary import FACETS
from crm.kernel import clock
from crm.platform.organization.configuration import directory
from crm.platform.work import due

TRAIN = "assistant.train_labels"
# Reviews of a facet before it is trained, and of a label before it is one that can be learnt.
FLOOR = 100
FLOOR_OF_LABEL = 8
# The newest so many are learnt from.
MOST_EXAMPLES = 5_000
MOST_FEATURES = 3_000
FOLDS = 4
NIGHT = time(3)


class TrainingExample(NamedTuple):
    """A reviewed message: its features, what the rules proposed, and what is right."""

    features: list[str]
    rule_label: str
    right: str


def train_tomorrow() -> None:
    """Schedule training for the next night. Idempotent."""
    zone = directory().zone
    day = clock.now().astimezone(zone).date() + timedelta(days=1)
    due.schedule(TRAIN, 0, datetime.combine(day, NIGHT, zone), key=TRAIN)


def train_all(_subjects: Sequence[int]) -> None:
    """Train each facet that has enough reviews. Idempotent."""
    for facet in FACETS:
        examples = reviewed_examples(facet)
        if trained := train_facet(examples):
            TrainedLabels.replace(facet, examples=len(examples), **trained)


def reviewed_examples(facet: str) -> list[TrainingExample]:
    """Return the newest reviewed messages of a facet whose text is still kept."""
    rows = LabelReview.objects.filter(facet=facet).order_by("-at", "-pk")
    values = rows.values_list("labels__message__text", "labels__proposed", "proposed", "right")[:MOST_EXAMPLES]
    examples = []
    for text, proposals, proposed, right in values:
        rule_label = proposals.get(facet, {}).get("rule", proposed)
        if text:
            examples.append(TrainingExample(text_features(text, rule_label), rule_label, right))
    return examples


def train_facet(examples: Sequence[TrainingExample]) -> dict[str, Any] | None:
    """Fit a facet, and return the weights and how it did; None with too few examples, or of one label only."""
    counts = Counter(example.right for example in examples)
    learnt = {label for label, count in counts.items() if count >= FLOOR_OF_LABEL}
    rows = [example for example in examples if example.right in learnt]
    if len(rows) < FLOOR or len(learnt) < 2:
        return None
    return _fit(rows)


def _fit(rows: Sequence[TrainingExample]) -> dict[str, Any]:
    # Heavy: only a worker that trains pays for it.
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold, cross_val_predict
    from sklearn.pipeline import make_pipeline

    features = [row.features for row in rows]
    right = [row.right for row in rows]
    vectorizer = CountVectorizer(analyzer=_identity, binary=True, lowercase=False, min_df=2, max_features=MOST_FEATURES)
    pipeline = make_pipeline(vectorizer, LogisticRegression(C=0.5, max_iter=500))
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
    guesses = cross_val_predict(pipeline, features, right, cv=folds)
    pipeline.fit(features, right)
    hits = sum(guess == label for guess, label in zip(guesses, right, strict=True))
    rule_hits = sum(row.rule_label == row.right for row in rows)
    return {
        "weights": _plain_weights(pipeline),
        "trained_right": round(1000 * hits / len(rows)),
        "rules_right": round(1000 * rule_hits / len(rows)),
    }


def _identity(features: list[str]) -> list[str]:
    return features


def _plain_weights(pipeline: Any) -> dict[str, Any]:
    """Return a fitted pipeline as numbers: of two labels, the first one's weights are those of the second, negated."""
    vectorizer, regression = (step for _name, step in pipeline.steps)
    columns = regression.coef_.T.tolist()
    intercepts = regression.intercept_.tolist()
    if len(intercepts) == 1:
        columns = [[-weight, weight] for (weight,) in columns]
        intercepts = [-intercepts[0], intercepts[0]]
        # A sigmoid of w is a softmax of -w/2 and w/2.
        columns = [[weight / 2 for weight in row] for row in columns]
        intercepts = [weight / 2 for weight in intercepts]
    weights = {feature: [round(weight, 4) for weight in columns[at]] for feature, at in vectorizer.vocabulary_.items()}
    return {
        "labels": regression.classes_.tolist(),
        "intercepts": [round(weight, 4) for weight in intercepts],
        "weights": weights,
    }
