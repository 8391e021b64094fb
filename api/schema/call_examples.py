"""Examples of a call in the reference: its body, and the call in curl, Python and JavaScript."""

import json
from collections.abc import Callable
from typing import Any

from django.conf import settings

# What a value of a schema looks like in an example: by the name of its field, by its format, by its type.
NAMED = {
    "name": "Luz Okafor",
    "email": "luz@okafor.example",
    "phone": "+18135550193",
    "company": "Bayside Storage",
    "title": "New roof",
    "subject": "Your roof",
    "text": "We come on Monday.",
    "note": "She asked for a call after five.",
    "street": "41 Cedar Ln",
    "city": "Lutz",
    "region": "FL",
    "postcode": "33548",
    "stage": "New",
    "source": "Website",
    "reason": "Price",
    "quantity": "28.5",
    "unit_price": 42000,
    "value": 1250000,
}
FORMATS = {
    "uuid": "01982b5e-7c1a-7d90-8f55-0242ac120002",
    "date": "2027-05-12",
    "date-time": "2027-05-12T14:20:11Z",
}
SAMPLES = {"string": "text", "integer": 1, "number": 1.5, "boolean": True}
# Bodies of calls that need no field, by their operation.
BODIES: dict[str, Any] = {
    "people_partial_update": {
        "language": "nl",
        "add_contact_points": [{"kind": "phone", "value": "+18135550193", "note": "work"}],
    },
    "jobs_create": {
        "name": "Luz Okafor",
        "email": "luz@okafor.example",
        "place": {"street": "41 Cedar Ln", "city": "Lutz", "region": "FL", "postcode": "33548"},
        "value": 1250000,
    },
    "jobs_partial_update": {"value": 1250000, "expected_on": "2027-05-12"},
    "jobs_plan": {"kind": "call", "label": "Ask for the decision", "at": "2027-05-12T14:20:11Z"},
    "properties_partial_update": {"own_fields": {}},
    "tickets_assign": {"member": None},
    "tickets_tag": {"add": ["Storm"]},
    "messages_create": {"ticket": 88, "text": "We come on Monday.", "solve": True},
}
# Schemas are nested less deeply than this.
DEEPEST = 6
KEY = "form-8821-1"

Resolve = Callable[[dict[str, Any]], dict[str, Any]]


def sample_of(schema: dict[str, Any], resolve: Resolve, name: str = "", depth: int = 0) -> Any:
    """Return an example of what a schema takes. `resolve` returns the schema that a reference leads to."""
    schema = resolve(schema)
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema.get("type", "object")
    if isinstance(kind, list):
        kind = kind[0]
    if kind == "array":
        return [sample_of(schema["items"], resolve, name, depth + 1)] if depth < DEEPEST else []
    if kind == "object":
        values = schema.get("properties", {})
        return {key: sample_of(value, resolve, key, depth + 1) for key, value in values.items()}
    if "format" in schema and schema["format"] in FORMATS:
        return FORMATS[schema["format"]]
    return NAMED.get(name, SAMPLES.get(kind))


def body_sample(key: str, schema: dict[str, Any], resolve: Resolve) -> str:
    """Return an example of the body of a call as JSON: what it needs, or else all of it; "" without a body."""
    sample = BODIES.get(key) or sample_of(schema, resolve)
    if not sample:
        return ""
    needed = {name: value for name, value in sample.items() if name in schema.get("required", [])}
    if needed and key not in BODIES:
        sample = needed
    return json.dumps(sample, indent=2, ensure_ascii=False)


def build_examples(method: str, path: str, sample: str) -> list[tuple[str, str, str]]:
    """Return (key, language, text) of an example of a call in each language."""
    url = settings.SITE_URL + path.replace("{id}", "$ID")
    return [
        ("curl", "curl", _curl(method, url, sample)),
        ("python", "Python", _python(method, url.replace("$ID", "{ID}"), sample)),
        ("js", "JavaScript", _javascript(method, url.replace("$ID", "${ID}"), sample)),
    ]


def _curl(method: str, url: str, sample: str) -> str:
    lines = [f'curl -X {method} "{url}"', '-H "Authorization: Bearer $TOKEN"']
    if method != "GET":
        lines.append(f'-H "Idempotency-Key: {KEY}"')
        lines.append('-H "Content-Type: application/json"')
        lines.append(f"-d '{sample or '{}'}'")
    return " \\\n  ".join(lines)


def _python(method: str, url: str, sample: str) -> str:
    prefix = ""
    if "{ID}" in url:
        prefix = "f"
    values = (sample or "{}").replace(": true", ": True").replace(": false", ": False").replace(": null", ": None")
    arguments = [f'{prefix}"{url}"', 'headers={"Authorization": f"Bearer {TOKEN}"}']
    if method != "GET":
        arguments[1] = f'headers={{"Authorization": f"Bearer {{TOKEN}}", "Idempotency-Key": "{KEY}"}}'
        arguments.append("json=" + values.replace("\n", "\n    "))
    lines = [f"    {argument}," for argument in arguments]
    return "\n".join(["import httpx", "", f"httpx.{method.lower()}(", *lines, ").raise_for_status().json()"])


def _javascript(method: str, url: str, sample: str) -> str:
    headers = ["Authorization: `Bearer ${TOKEN}`"]
    options = []
    if method != "GET":
        headers += [f'"Idempotency-Key": "{KEY}"', '"Content-Type": "application/json"']
        options = [f'  method: "{method}",']
        body = (sample or "{}").replace("\n", "\n  ")
        options.append(f"  body: JSON.stringify({body}),")
    header_lines = [f"    {header}," for header in headers]
    lines = [
        f"const answer = await fetch(`{url}`, {{",
        *options[:1],
        "  headers: {",
        *header_lines,
        "  },",
        *options[1:],
        "});",
    ]
    return "\n".join([*lines, "await answer.json();"])
