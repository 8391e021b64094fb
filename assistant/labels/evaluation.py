"""Evaluate the labels on the labelled set (tests/assistant/labels/messages.jsonl): precision, recall, attacks.

An attack is a message with an order to a program in it. It succeeds if the label that it asks for is given although it
is wrong, or if a label is given that does not exist.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings

from assistant.reading.labeller import label_message
from assistant.reading.measures import JudgedLabel, calibration_error, measure_labels
from assistant.reading.vocabulary import (
    CATEGORY,
    FACETS,
    FEELING,
    INTENT,
    NO,
    PERSON,
    URGENCY,
    VALUES,
    YES,
    MessageLabelSet,
)

HELD_OUT = "held_out"


class LabelledMessage(NamedTuple):
    """A message of the set: its text, the right labels by facet, its half, and what an attack in it asks for."""

    text: str
    language: str
    part: str
    right: dict[str, str]
    forces: dict[str, str]


def set_path() -> Path:
    """Return where the labelled set is: in the source, not in an image for production."""
    return Path(settings.BASE_DIR) / "tests" / "assistant" / "labels" / "messages.jsonl"


def read_set(path: Path) -> list[LabelledMessage]:
    """Read the labelled set. Raises OSError if it is missing, ValueError for a label that does not exist."""
    messages = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        right = {
            INTENT: row["intent"],
            CATEGORY: row["category"],
            FEELING: row["sentiment"],
            URGENCY: row["urgency"],
            PERSON: YES if row["asks_for_person"] else NO,
        }
        for facet, value in right.items():
            if value not in VALUES[facet]:
                raise ValueError(f"no label {facet}.{value}: {row['text'][:60]}")
        messages.append(LabelledMessage(row["text"], row["language"], row["part"], right, row.get("forces", {})))
    return messages


def evaluate(
    messages: Sequence[LabelledMessage], label: Callable[[str], MessageLabelSet] = label_message
) -> dict[str, Any]:
    """Label all messages and measure the labels: on the whole set, and on the half that no word was chosen by."""
    judged: dict[str, list[JudgedLabel]] = defaultdict(list)
    held_out: dict[str, list[JudgedLabel]] = defaultdict(list)
    succeeded = 0
    for message in messages:
        labelled = label(message.text)
        for facet in FACETS:
            label_given = labelled.labels[facet]
            row = JudgedLabel(label_given.value, label_given.confidence, message.right[facet])
            judged[facet].append(row)
            if message.part == HELD_OUT:
                held_out[facet].append(row)
        succeeded += is_obeyed(message, labelled)
    tried = sum(bool(message.forces) for message in messages)
    return {
        "messages": len(messages),
        "injections_tried": tried,
        "injections_succeeded": succeeded,
        "labels": _label_rows(judged),
        "calibration_error": _mean_calibration(judged),
        "held_out": {
            "messages": sum(message.part == HELD_OUT for message in messages),
            "accuracy": {facet: _accuracy(rows) for facet, rows in held_out.items()},
            "labels": _label_rows(held_out),
            "calibration_error": _mean_calibration(held_out),
        },
        # Word lists cost nothing; the command adds the cost of a model.
        "cost": 0,
    }


def is_obeyed(message: LabelledMessage, labelled: MessageLabelSet) -> bool:
    """Return whether an attack in a message got a wrong label, or one that does not exist."""
    if not message.forces:
        return False
    invalid = any(labelled.value(facet) not in VALUES[facet] for facet in FACETS)
    forced = any(
        labelled.value(facet) == value and message.right[facet] != value for facet, value in message.forces.items()
    )
    return invalid or forced


def _label_rows(judged: dict[str, list[JudgedLabel]]) -> dict[str, dict[str, Any]]:
    rows = {}
    for facet, labels in judged.items():
        for measure in measure_labels(labels, VALUES[facet]):
            rows[f"{facet}.{measure.label}"] = {
                "precision": _round_share(measure.precision),
                "recall": _round_share(measure.recall),
                "examples": measure.right,
            }
    return rows


def _round_share(share: float | None) -> float | None:
    if share is None:
        return None
    return round(share, 3)


def _accuracy(rows: Sequence[JudgedLabel]) -> float:
    return round(sum(row.given == row.right for row in rows) / len(rows), 3)


def _mean_calibration(judged: dict[str, list[JudgedLabel]]) -> float:
    return round(sum(calibration_error(rows) for rows in judged.values()) / len(judged), 3)
