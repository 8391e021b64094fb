"""Samples of what webhooks are sent: of a type, with values as they are."""

from typing import Any

from api.events.event_types import EVENT_TYPES, EventType
from api.events.public_event import record_url

_SAMPLES: dict[str, Any] = {
    "integer": 1840000,
    "boolean": False,
    "date-time": "2026-05-12T14:00:00+00:00",
    "uuid": "01982b5e-6c1f-7a53-9d0c-5b1f0a7c2e11",
    "text": "code",
}
_BY_NAME = {
    "currency": "USD",
    "channel": "email",
    "medium": "email",
    "stage": "Quote sent",
    "from": "New",
    "to": "Quote sent",
    "method": "card",
    "version": 2,
    "quote": 512,
    "number": 2,
    "visit": 1,
    "days": 7,
}


def sample_event(name: str) -> dict[str, Any]:
    """Return what a webhook is sent for an event of a type."""
    event_type = EVENT_TYPES[name]
    record = event_type.record
    public_id: Any = _SAMPLES["uuid"]
    if record.key == "number":
        public_id = 2318
    return {
        "id": 51204,
        "type": name,
        "at": "2026-05-12T14:20:11.482+00:00",
        "actor": {"id": "01982b5e-0d3a-7c44-8a02-3f4e5d6c7b8a"},
        "record": {"kind": record.kind, "id": public_id, "url": record_url(record.resource, public_id)},
        "job": 2318,
        "data": {field.name: _sample_value(event_type, field.name, field.kind) for field in event_type.fields},
        "caused_by": None,
    }


def _sample_value(event_type: EventType, name: str, kind: str) -> Any:
    if kind == "text" and event_type.name.endswith("prioritized"):
        return {"from": "normal", "to": "urgent"}[name]
    if kind in ("date-time", "uuid", "boolean"):
        return _SAMPLES[kind]
    return _BY_NAME.get(name, _SAMPLES[kind])
