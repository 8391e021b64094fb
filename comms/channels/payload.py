"""Parse the content of a provider's request, forms and JSON, without trusting its shape."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

from comms.channels.interface import RawRequest, UnreadableRequest
from crm.kernel.whole_numbers import read_number

# More fields than any provider sends.
MOST_FIELDS = 2000


def form(request: RawRequest) -> dict[str, str]:
    """Return the fields of form and query; the first of a repeated one. Raises UnreadableRequest."""
    fields: dict[str, str] = {}
    for name, values in [*form_of_body(request).items(), *_parse_fields(request.query).items()]:
        fields.setdefault(name, values[0])
    return fields


def form_of_body(request: RawRequest) -> "Fields":
    """Return the fields of a form with all their values. Raises UnreadableRequest."""
    return _parse_fields(request.body.decode("utf-8", "replace") if _is_form(request) else "")


class Fields(dict[str, list[str]]):
    """Fields of a form with all their values in order."""

    def getall(self, name: str) -> list[str]:
        return self[name]


def _parse_fields(text: str) -> Fields:
    fields = Fields()
    try:
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError as error:
        raise UnreadableRequest("It has more fields than a form can have") from error
    for name, value in pairs:
        fields.setdefault(name, []).append(value)
    return fields


def _is_form(request: RawRequest) -> bool:
    return header(request, "Content-Type").startswith("application/x-www-form-urlencoded")


def header(request: RawRequest, name: str) -> str:
    """Return a header, case-insensitive; empty if missing."""
    wanted = name.lower()
    return next((value for key, value in request.headers.items() if key.lower() == wanted), "")


def json_object(request: RawRequest) -> dict[str, Any]:
    """Return the JSON object of a request. Raises UnreadableRequest for anything else."""
    try:
        payload = json.loads(request.body.decode("utf-8", "replace"))
    except (ValueError, RecursionError) as error:
        raise UnreadableRequest("It is no JSON") from error
    if not isinstance(payload, dict):
        raise UnreadableRequest("It is JSON, but no object")
    return payload


def part(value: Any, *path: str | int) -> Any:
    """Return the JSON value at a path of keys and positions; None if missing or of another type."""
    for step in path:
        if isinstance(step, int):
            if isinstance(value, list) and len(value) > step:
                value = value[step]
            else:
                value = None
        else:
            if isinstance(value, dict):
                value = value.get(step)
            else:
                value = None
    return value


def text(value: Any, *path: str | int) -> str:
    """Return the text or number at a path of JSON as text; empty for anything else."""
    data = part(value, *path)
    if isinstance(data, str | int | float) and not isinstance(data, bool):
        return str(data)
    return ""


def objects(value: Any, *path: str | int) -> Iterator[dict[str, Any]]:
    """Yield the objects of the list at a path of JSON."""
    data = part(value, *path)
    if isinstance(data, list):
        yield from (each for each in data if isinstance(each, dict))


def instant(value: str) -> datetime | None:
    """Return the instant of Unix seconds or an ISO text; None for anything else."""
    try:
        if (seconds := read_number(value)) is not None:
            return datetime.fromtimestamp(seconds, UTC)
        at = datetime.fromisoformat(value)
        # By UTC: Postgres takes no zone beyond sixteen hours.
        if at.tzinfo:
            return at.astimezone(UTC)
        return at.replace(tzinfo=UTC)
    except (ValueError, OverflowError, OSError):
        return None


def whole(value: str) -> int:
    """Return a whole number, 0 for anything else."""
    return read_number(value, most=999_999_999) or 0


def number(value: str) -> str:
    """Return a phone number in E.164 if it is one; a short code or name unchanged."""
    value = value.removeprefix("whatsapp:").strip()
    digits = "".join(character for character in value if character.isdigit())
    if value.startswith("+") or (len(digits) > 8 and len(digits) == len(value)):
        return f"+{digits}"
    return value[:64]
