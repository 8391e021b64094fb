"""The question about the labels of one message, and which labels of the answer can be used. No database.

A model sees the sentences that the word lists read, numbered: neither quotations nor sentences that talk to a program.
A label other than the usual one is used only if it names one of these sentences, so that its reason can be shown. One
message is asked about at a time: what stands in it can change its own labels alone.
"""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any, NamedTuple

from assistant.models.message_labels import SURE
from assistant.reading.sentences import MessageSentence, read_sentences
from assistant.reading.vocabulary import (
    CALM,
    CATEGORY,
    FEELING,
    INTENT,
    NO,
    NORMAL,
    OTHER,
    PERSON,
    URGENCY,
    VALUES,
    Label,
    feeling_of,
)

HELPER = "labels"
# Labels that say that there is nothing special, which no sentence can show.
_USUAL = {INTENT: OTHER, CATEGORY: OTHER, FEELING: CALM, URGENCY: NORMAL, PERSON: NO}
# A model is often too sure; no label of a machine is certain.
_MOST_SURE = 0.95
# Tokens of the answer at most.
LONGEST_ANSWER = 400
INSTRUCTIONS = """\
Label the customer's message. Its sentences are numbered by line.
"intent": what the customer wants. "category": what the message is about. "urgency": how soon it must be handled.
"person": "yes" if they ask to speak to a person. "sentiment": from -1 (angry) to 1 (happy); 0 is neutral.
Give for each how sure you are from 0 to 1, and the number of the sentence that shows it; 0 if none does.
"""


class AnsweredLabels(NamedTuple):
    """The usable labels of an answer by facet, and the sentiment from -1 to 1; None if the rules' one stays."""

    labels: Mapping[str, Label]
    sentiment: float | None


def _schema_of(value: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["value", "sure", "sentence"],
        "properties": {"value": dict(value), "sure": {"type": "number"}, "sentence": {"type": "integer"}},
    }


_FIELDS: dict[str, dict[str, Any]] = {
    **{facet: {"type": "string", "enum": list(VALUES[facet])} for facet in (INTENT, CATEGORY, URGENCY, PERSON)},
    "sentiment": {"type": "number"},
}
SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": list(_FIELDS),
    "properties": {name: _schema_of(value) for name, value in _FIELDS.items()},
}


def number_sentences(text: str) -> str:
    """Return the sentences of a message as they are sent: a numbered line each; blank if it has none."""
    return "\n".join(f"{number}. {sentence.written}" for number, sentence in enumerate(read_sentences(text), 1))


def question_key(message_id: int, text: str) -> str:
    """Return the key of the question about a message; another one after an edit."""
    return f"{message_id}:{sha256(text.encode()).hexdigest()[:16]}"


def read_labels(answer: Mapping[str, Any], text: str) -> AnsweredLabels:
    """Return the labels of a valid answer that can be used: sure enough, and resting on a sentence of the message."""
    sentences = read_sentences(text)
    labels = {}
    for facet in (INTENT, CATEGORY, URGENCY, PERSON):
        if label := _usable_label(facet, str(answer[facet]["value"]), answer[facet], sentences):
            labels[facet] = label
    number = float(answer["sentiment"]["value"])
    if not -1 <= number <= 1:
        return AnsweredLabels(labels, None)
    label = _usable_label(FEELING, feeling_of(number), answer["sentiment"], sentences)
    if label is None:
        return AnsweredLabels(labels, None)
    return AnsweredLabels({**labels, FEELING: label}, number)


def _usable_label(
    facet: str, value: str, field: Mapping[str, Any], sentences: Sequence[MessageSentence]
) -> Label | None:
    sure = min(float(field["sure"]), _MOST_SURE)
    # Not "sure < SURE": JSON has NaN in Python.
    if not sure >= SURE:
        return None
    if value == _USUAL[facet]:
        return Label(value, round(sure, 3))
    number = int(field["sentence"])
    if not 1 <= number <= len(sentences):
        return None
    return Label(value, round(sure, 3), sentences[number - 1].written)
