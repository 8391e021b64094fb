"""Parse the fields of a post by any program: nested JSON, a form, or a form with files. Pure functions.

`fields_of` returns labels and texts. A pair of label and value is one field, however a tool writes it: Meta's
`{"name": …, "values": […]}`, Google's `{"column_id": …, "string_value": …}`, Typeform's answers with their questions.
"""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl

from django.utils.translation import gettext as _

from comms.channels.interface import UnreadableRequest as NoForm
from comms.channels.mail_webhooks.form_parts import parts_in
from comms.inbound.text_cleaning import clean_text

MOST_FIELDS = 200
DEEPEST = 8
LONGEST = 4000
LONGEST_LABEL = 200
_LABELS = ("label", "question", "title", "column_id", "column_name", "field", "name", "key")
_CONTACT = frozenset({"email", "phone", "phone_number", "first_name", "last_name"})
_VALUES = ("value", "string_value", "answer", "values", "text")


class UnreadablePayload(Exception):
    """The bytes cannot be parsed; the message says why, for a person."""


def fields_of(body: bytes, content_type: str) -> dict[str, str]:
    """Return the fields of a post, in its order; a repeated label gets a number. Raises Unreadable."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        return _number_labels(_of_parts(body, content_type))
    # Also where a program names no type, which many an HTTP client then calls a form.
    if kind == "application/x-www-form-urlencoded" and not body.lstrip().startswith((b"{", b"[")):
        return _number_labels(_of_form(body))
    return _number_labels(_of_json(body))


def _of_json(body: bytes) -> Iterator[tuple[str, str]]:
    try:
        payload = json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise UnreadablePayload(_("It is not valid JSON.")) from None
    if not isinstance(payload, dict | list):
        raise UnreadablePayload(_("The JSON is not an object with fields."))
    yield from _flatten("", payload, 0)


def _of_form(body: bytes) -> Iterator[tuple[str, str]]:
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        raise UnreadablePayload(_("The form can’t be read, or has too many fields.")) from None
    yield from _of_pairs(pairs)


def _of_parts(body: bytes, content_type: str) -> Iterator[tuple[str, str]]:
    try:
        parts = parts_in(body, content_type)
    except NoForm:
        raise UnreadablePayload(_("The form can’t be read, or has too many fields.")) from None
    pairs = [(name, part.text()) for name, part in parts if not part.filename]
    yield from _of_pairs(pairs[:MOST_FIELDS])


def _of_pairs(pairs: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    for name, value in pairs:
        # JotForm sends the whole form again as JSON in one field.
        if name == "rawRequest" and value.lstrip().startswith("{"):
            yield from _of_json(value.encode())
        else:
            yield name, value


def _flatten(path: str, value: Any, depth: int) -> Iterator[tuple[str, str]]:
    if depth > DEEPEST:
        return
    if isinstance(value, dict):
        if "form_response" in value:
            yield from _of_typeform(value["form_response"])
        elif depth and (pair := _label_and_value(value)):
            yield pair
        else:
            for name, each in value.items():
                yield from _flatten(f"{path}.{name}" if path else str(name), each, depth + 1)
    elif isinstance(value, list) and any(isinstance(each, dict | list) for each in value):
        for at, each in enumerate(value[:MOST_FIELDS]):
            is_pair = isinstance(each, dict) and _label_and_value(each)
            yield from _flatten(path if is_pair or len(value) == 1 else f"{path}.{at}", each, depth + 1)
    else:
        yield path or "value", _format_value(value)


def _label_and_value(value: dict[str, Any]) -> tuple[str, str] | None:
    """Return the label and value if an entry is such a pair, and not a record with a name."""
    label = next((value[name] for name in _LABELS if isinstance(value.get(name), str) and value[name]), None)
    value_name = next((name for name in _VALUES if name in value), None)
    is_record = len(value) > 6 or not _CONTACT.isdisjoint(value)
    if label is None or value_name is None or is_record or isinstance(value[value_name], dict):
        return None
    return label, _format_value(value[value_name])


def _of_typeform(response: Any) -> Iterator[tuple[str, str]]:
    if not isinstance(response, dict):
        return
    definition = response.get("definition")
    listed = None
    if isinstance(definition, dict):
        listed = definition.get("fields")
    titles = {each.get("id"): each.get("title") for each in listed or () if isinstance(each, dict)}
    hidden = response.get("hidden")
    for name, value in (hidden if isinstance(hidden, dict) else {}).items():
        yield str(name), _format_value(value)
    answers = response.get("answers")
    for answer in answers if isinstance(answers, list) else ():
        if isinstance(answer, dict) and isinstance(field := answer.get("field"), dict):
            answer_value = answer.get(str(answer.get("type")))
            if isinstance(answer_value, dict):
                answer_value = answer_value.get("label", answer_value.get("labels", ""))
            yield str(titles.get(field.get("id")) or field.get("ref") or field.get("id")), _format_value(answer_value)


def _format_value(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        if value:
            return "yes"
        return "no"
    if isinstance(value, list):
        return ", ".join(_format_value(each) for each in value[:MOST_FIELDS])[:LONGEST]
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)[:LONGEST]
    return str(value)[:LONGEST]


def _number_labels(pairs: Iterator[tuple[str, str]]) -> dict[str, str]:
    labels: dict[str, str] = {}
    for name, value in pairs:
        label = plain = clean_text(" ".join(str(name).split()), LONGEST_LABEL) or "?"
        again = 2
        while label in labels and again <= MOST_FIELDS:
            label = f"{plain} {again}"
            again = again + 1
        if len(labels) >= MOST_FIELDS:
            break
        labels[label] = clean_text(value, LONGEST)
    return labels
