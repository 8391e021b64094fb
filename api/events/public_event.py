"""Public form of an event: ids, codes and amounts; no names, addresses or typed texts."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.urls import NoReverseMatch, reverse

from api.events.event_types import EVENT_TYPES, EventType
from api.events.public_records import RECORDS
from crm.jobs.models import Job
from crm.platform.models import Event, Member
from crm.platform.organization.configuration import directory


def public_events(events: Sequence[Event], member: Member) -> list[dict[str, Any]]:
    """Return the public events among these whose record the member may see, in their order."""
    public_pairs = [(event, EVENT_TYPES[event.kind]) for event in events if event.kind in EVENT_TYPES]
    public_ids = _find_records(public_pairs, member)
    numbers = _find_jobs((event for event, _type in public_pairs), member)
    answers = []
    for event, event_type in public_pairs:
        public_id = public_ids.get((event_type.record.kind, _record_key(event, event_type)))
        if public_id is not None:
            answers.append(_public_event(event, event_type, public_id, numbers.get(event.job_id or 0)))
    return answers


def _record_key(event: Event, event_type: EventType) -> int:
    """Return the key of an event's record: of what is about a job, the job, whatever the subject is."""
    if event_type.record.kind == "job":
        return event.job_id or 0
    return event.subject_id


def _find_records(pairs: Iterable[tuple[Event, EventType]], member: Member) -> dict[tuple[str, int], Any]:
    keys: dict[str, set[int]] = defaultdict(set)
    for event, event_type in pairs:
        keys[event_type.record.kind].add(_record_key(event, event_type))
    return {
        (kind, key): public_id
        for kind, wanted in keys.items()
        for key, public_id in RECORDS[kind].find_visible(wanted, member).items()
    }


def _find_jobs(events: Iterable[Event], member: Member) -> dict[int, int]:
    wanted = {event.job_id for event in events if event.job_id}
    if not wanted:
        return {}
    rows = Job.objects.visible_to(member).order_by().filter(pk__in=wanted)
    return dict(rows.values_list("pk", "number"))


def _public_event(event: Event, event_type: EventType, public_id: Any, job: int | None) -> dict[str, Any]:
    actor = None
    if event.actor_id:
        actor = {"id": str(directory().members[event.actor_id].uid)}
    return {
        "id": event.pk,
        "type": event.kind,
        "at": event.at.isoformat(timespec="milliseconds"),
        "actor": actor,
        "record": {
            "kind": event_type.record.kind,
            "id": public_id if isinstance(public_id, int) else str(public_id),
            "url": record_url(event_type.record.resource, public_id),
        },
        "job": job,
        "data": {field.name: field.value_of(event.data) for field in event_type.fields},
        "caused_by": event.caused_by,
    }


def record_url(resource: str, public_id: Any) -> str | None:
    """Return the path of a record in the API; None if it has no such resource."""
    try:
        return reverse(f"api:{resource}-detail", args=[public_id])
    except NoReverseMatch:
        return None
