"""Parse delivery reports of email with anymail's views, of which only the parsing of one event is used."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from anymail.signals import AnymailTrackingEvent, EventType

from comms.channels.interface import ProviderReport, Received, UnreadableRequest
from comms.models import DeliveryReport
from comms.stored_words import stored_gettext as _
from libs.inbound_mail import MailRefusal, refusal_of

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
_RETURNED = frozenset({_Kind.BOUNCED, _Kind.FAILED, _Kind.DEFERRED})


def _no_status(_said: Mapping[str, Any], _event: AnymailTrackingEvent) -> str:
    return ""


def _not_known(_said: Mapping[str, Any], _event: AnymailTrackingEvent) -> bool:
    return False


@dataclass(frozen=True)
class BounceFields:
    """The fields of a provider's event that say an address must not be used again, and why.

    `status`: the enhanced code. `is_no_address`: whether the provider itself says that the address does not exist; it
    counts where the server's answer says nothing else, for a "hard bounce" may be a matter of policy.
    """

    is_permanent: IsPermanent
    status: Callable[[Mapping[str, Any], AnymailTrackingEvent], str] = _no_status
    is_no_address: IsPermanent = _not_known


def reports(read: Callable[[Any], Iterable[AnymailTrackingEvent]], said: Any, fields: BounceFields) -> list[Received]:
    """Return the reports of one event. Raises UnreadableRequest, whatever the library raises."""
    if not isinstance(said, dict):
        raise UnreadableRequest(_("It is not an event."))
    try:
        events = list(read(said))
        return [_build_report(event, said, fields) for event in events if event.event_type in KINDS]
    except (LookupError, TypeError, ValueError, AttributeError, OverflowError, ArithmeticError) as error:
        raise UnreadableRequest(_("It is an unknown kind of event.")) from error


def _build_report(event: AnymailTrackingEvent, said: Mapping[str, Any], fields: BounceFields) -> ProviderReport:
    detail = " · ".join(str(part) for part in (event.description, event.mta_response) if part)
    return ProviderReport(
        provider_id=str(event.message_id or "")[:200],
        kind=KINDS[event.event_type],
        event_id=str(event.event_id or _event_digest(said))[:200],
        at=event.timestamp,
        is_permanent=fields.is_permanent(said, event),
        code=fields.status(said, event)[:40],
        detail=detail[:300],
        recipient=str(event.recipient or "").lower()[:254],
        user_agent=str(event.user_agent or "")[:300],
        key=str(event.metadata.get("key", "") if isinstance(event.metadata, Mapping) else "")[:64],
        refusal=_refusal_reason(event, said, fields),
    )


def _refusal_reason(event: AnymailTrackingEvent, said: Mapping[str, Any], fields: BounceFields) -> MailRefusal | None:
    """Return why an email bounced: the server's reply takes precedence over the provider's category."""
    if KINDS[event.event_type] not in _RETURNED:
        return None
    refusal = refusal_of(fields.status(said, event), str(event.mta_response or ""))
    if refusal == MailRefusal.OTHER and fields.is_no_address(said, event):
        return MailRefusal.NO_ADDRESS
    return refusal


def _event_digest(said: Mapping[str, Any]) -> str:
    """Return an ID for an event without one, so that an event delivered twice is stored once."""
    return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()[:40]
