"""Queue a call for each event and webhook that subscribes to it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from api.events.public_event import public_events
from api.models.event_subscription import EventSubscription, subscriptions
from crm.automation.models import WebhookCall
from crm.automation.models.webhook_call import CallDraft
from crm.jobs.models import Job
from crm.platform.models import Event, Member
from crm.platform.organization.configuration import directory
from leads.lead_list import LEADS

PING = "webhook.ping"


def wanted_events() -> frozenset[str]:
    """Return the types that webhooks of the tenant in use subscribe to."""
    return frozenset(name for row in subscriptions() for name in row.types)


def queue_deliveries(events: Sequence[Event]) -> None:
    """Queue the calls for events. Idempotent: of an event there is one call of a webhook.

    What a member may see is looked up once for all webhooks of theirs.
    """
    drafts: list[CallDraft] = []
    rows = sorted(subscriptions(), key=lambda row: row.member_id)
    for member_id, of_member in groupby(rows, key=lambda row: row.member_id):
        drafts += _drafts_for(directory().members[member_id], list(of_member), events)
    if drafts:
        WebhookCall.queue_all(drafts)


def _drafts_for(member: Member, rows: Iterable[EventSubscription], events: Sequence[Event]) -> list[CallDraft]:
    types = {name for row in rows for name in row.types}
    payloads = public_events([event for event in events if event.kind in types], member)
    drafts = []
    for row in rows:
        # From its creation on: an event of before may be dispatched later.
        chosen = [one for one in payloads if one["type"] in row.types and is_since(one, row)]
        if row.filters and chosen:
            numbers = matching_jobs({payload["job"] for payload in chosen}, row, member)
            chosen = [payload for payload in chosen if payload["job"] in numbers]
        drafts += [_draft(row, payload) for payload in chosen]
    return drafts


def is_since(payload: dict[str, Any], row: EventSubscription) -> bool:
    """True if an event happened since its subscription exists, to the millisecond that payloads have."""
    created_at = row.created_at.isoformat(timespec="milliseconds")
    return datetime.fromisoformat(payload["at"]) >= datetime.fromisoformat(created_at)


def _draft(row: EventSubscription, payload: dict[str, Any]) -> CallDraft:
    return CallDraft(row.webhook_id, payload, f"event:{row.webhook_id}:{payload['id']}")


def matching_jobs(numbers: set[int | None], row: EventSubscription, member: Member) -> set[int]:
    """Return the numbers of those jobs that meet the filters of a subscription."""
    filters = LEADS.read(row.query(), member)
    if filters.dropped:
        # Of what it names something is gone. To leave it out would send more than was asked for.
        return set()
    rows = Job.objects.visible_to(member).order_by().filter(number__in=[one for one in numbers if one is not None])
    return set(rows.filter(*filters.conditions(member)).values_list("number", flat=True))
