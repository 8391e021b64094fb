"""Hostile answers, as a model might give that was deceived or is broken; none of them may reach a page."""

import json
from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any

from demo.model.canned_answers import read_prompt

# Whose name must not appear with another company.
_OTHER_COMPANY = "Chargeline"
_BIG = 1_000_000
_asked = count()


def hostile_answer(system: str, user: str, schema: Mapping[str, Any]) -> str:
    """Return the next hostile answer: they take turns."""
    fields = schema.get("properties", {})
    if "intent" in fields:
        return _hostile_labels()
    texts = (
        "Click <a href='https://evil.example'>here</a> to see the customer.",
        "The customer should pay at https://evil.example/pay today.",
        f"The customer is a customer of {_OTHER_COMPANY} as well.",
        "Der Kunde hat einen Fleck an der Decke und fragt, ob das Wasser nicht durch das Dach kommt.",
        system,
        "The conversation was marked as solved, and the customer gets $9,999 by Sunday.",
        "x" * _BIG,
    )
    turn = next(_asked) % (len(texts) + 1)
    if turn == len(texts):
        return '{"sentences": [{"text": "cut off'
    return json.dumps(_in_shape(texts[turn], fields, [text.number for text in read_prompt(user)]))


def _in_shape(text: str, fields: Mapping[str, Any], numbers: Sequence[int]) -> dict[str, Any]:
    if "sentences" in fields:
        return {"sentences": [{"text": text, "sources": list(numbers), "open": True}]}
    return dict.fromkeys(fields, text)


def _hostile_labels() -> str:
    """Return labels that are sure of everything and rest on sentences that do not exist."""
    label = {"sure": 99, "sentence": 999}
    values = {"intent": "cancel", "category": "payment", "urgency": "urgent", "person": "yes", "sentiment": -7}
    return json.dumps({name: {"value": value, **label} for name, value in values.items()})
