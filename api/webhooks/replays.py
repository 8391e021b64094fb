"""Deliver again what failed, and send a test."""

import uuid
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.utils.translation import gettext as _

from api.webhooks.deliveries import PING
from crm.automation.models import Webhook, WebhookCall
from crm.automation.models.webhook import webhooks
from crm.automation.models.webhook_call import LOST, CallDraft
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.events import events
from crm.platform.models import Member

# Deliveries that are made again with one request.
MOST = 5000


def free_name(url: str) -> str:
    """Return a name for a webhook that no other has: the host of its URL, with a number if need be."""
    host = (urlsplit(url).hostname or "webhook")[:50]
    taken = {row.name.casefold() for row in webhooks().values() if row.archived_at is None}
    name = host
    number = 1
    while name.casefold() in taken:
        number += 1
        name = f"{host} {number}"
    return name


def queue_ping(webhook: Webhook) -> None:
    """Send a test, once. Raises Refused if the webhook is switched off."""
    _expect_live(webhook)
    payload = {"type": PING, "at": clock.now().isoformat(timespec="milliseconds"), "data": {}}
    draft = CallDraft(webhook.pk, payload, f"ping:{uuid.uuid4()}")
    WebhookCall.queue_all([draft], tried_for=timedelta(0))


def replay_delivery(call: WebhookCall, *, by: Member) -> int:
    """Deliver one again; return 1. Raises Refused if it was answered, or its webhook is switched off."""
    call.retry(by=by)
    return 1


@transaction.atomic
def replay_failed(webhook: Webhook, *, by: Member) -> int:
    """Deliver again all that failed, the oldest first, and return how many. Raises Refused if it is switched off."""
    _expect_live(webhook)
    rows: Any = WebhookCall.objects.filter(webhook=webhook, state__in=LOST).order_by("pk")
    calls = list(rows.select_for_update(of=("self",))[:MOST])
    if calls:
        WebhookCall.requeue_all(calls)
        data = {"webhook": webhook.pk, "count": len(calls)}
        events.record("webhook.calls_replayed", subject=webhook, by=by, data=data)
    return len(calls)


def _expect_live(webhook: Webhook) -> None:
    if not webhook.is_live:
        raise Refused(_("The webhook is switched off. Switch it on first."))
