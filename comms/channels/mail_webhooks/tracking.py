"""Read delivery reports of mail through anymail's views, of which only the reading of one event is used."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from anymail.signals import AnymailTrackingEvent, EventType
from django.utils.translation import gettext as _

from comms.channels.interface import Received, Report, Unreadable
from comms.models import DeliveryReport

_Kind = DeliveryReport.Kind
KINDS: Mapping[str, _Kind] = {
    EventType.SENT: _Kind.SENT,
    EventType.DELIVERED: _Kind.DELIVERED,
    EventType.DEFERRED: _Kind.DEFERRED,
    EventType.OPENED: _Kind.OPENED,
    EventType.CLICKED: _Kind.CLICKED,
    EventType.BOUNCED: _Kind.BOUNCED,
    EventType.REJECTED: _Kind.FAILED,
    EventType.FAILED: _Kind.FAILED,
    EventType.COMPLAINED: _Kind.COMPLAINED,
    EventType.UNSUBSCRIBED: _Kind.UNSUBSCRIBED,
}
IsPermanent = Callable[[Mapping[str, Any], AnymailTrackingEvent], bool]


def reports(
    read: Callable[[Any], Iterable[AnymailTrackingEvent]], said: Any, is_permanent: IsPermanent
) -> list[Received]:
    """Return the reports of one event. Raises Unreadable, whatever the library raises."""
    if not isinstance(said, dict):
        raise Unreadable(_("It is no event."))
    try:
        events = list(read(said))
        return [_report(event, said, is_permanent) for event in events if event.event_type in KINDS]
    except (LookupError, TypeError, ValueError, AttributeError, OverflowError, ArithmeticError) as error:
        raise Unreadable(_("It is an event of an unknown form.")) from error


def _report(event: AnymailTrackingEvent, said: Mapping[str, Any], is_permanent: IsPermanent) -> Report:
    detail = " · ".join(str(part) for part in (event.description, event.mta_response) if part)
    return Report(
        provider_id=str(event.message_id or "")[:200],
        kind=KINDS[event.event_type],
        event_id=str(event.event_id or _fingerprint(said))[:200],
        at=event.timestamp,
        is_permanent=is_permanent(said, event),
        code=str(said.get("status") or said.get("reason_code") or "")[:40],
        detail=detail[:300],
        recipient=str(event.recipient or "").lower()[:254],
        user_agent=str(event.user_agent or "")[:300],
        key=str(event.metadata.get("key", "") if isinstance(event.metadata, Mapping) else "")[:64],
    )


def _fingerprint(said: Mapping[str, Any]) -> str:
    """Return an id of an event that has none: the same event delivered twice is one."""
    return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()[:40]
