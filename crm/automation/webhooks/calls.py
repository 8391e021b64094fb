"""Make webhook calls: record the start, make the call, record the result.

What is noted before the call makes sure that a worker that dies in the midst of it leaves it to a person. Whoever is
called tells a second try by its id, which stays the same.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from crm.automation.models import CallState, WebhookCall
from crm.automation.models.webhook import ATTEMPTS, LONGEST_PAUSE, PAUSE, schedule_call
from crm.kernel import clock
from crm.platform.events import events
from crm.platform.http.outgoing import NoAnswer, OutgoingResponse, post
from crm.platform.http.public_address import ForbiddenAddress
from crm.platform.tenancy.context import use_tenant

# Answers that may be better another time.
_PASSING = (408, 409, 425, 429)


@dataclass(frozen=True)
class _CallRequest:
    url: str
    body: bytes
    headers: Mapping[str, str]
    attempt: int


def make_call(tenant_id: int, call_id: int) -> None:
    """Make a call that is due. Running it twice makes the call once."""
    with use_tenant(tenant_id):
        request = _claim_call(call_id)
    if request is None:
        return
    answer: OutgoingResponse | ForbiddenAddress | NoAnswer
    try:
        answer = post(request.url, request.body, request.headers)
    except (ForbiddenAddress, NoAnswer) as error:
        answer = error
    with use_tenant(tenant_id):
        _record_answer(call_id, request.attempt, answer)


@transaction.atomic
def _claim_call(call_id: int) -> _CallRequest | None:
    row = WebhookCall.objects.select_for_update(of=("self",)).select_related("webhook").filter(pk=call_id).first()
    if row is None or row.state not in (CallState.QUEUED, CallState.SENDING):
        return None
    if row.state == CallState.SENDING:
        row.become(CallState.UNKNOWN, error=_("The connection was lost during the call."))
        _record_event(row, "webhook.call_unknown")
        return None
    if row.webhook.archived_at:
        _fail_call(row, None, _("The webhook was archived."))
        return None
    if row.next_at and row.next_at > clock.now():
        schedule_call(row, row.next_at)
        return None
    row.attempts += 1
    row.become(CallState.SENDING)
    body = json.dumps(row.payload | {"id": str(row.uid)}, sort_keys=True).encode()
    return _CallRequest(
        row.webhook.url, body, signed_headers(str(row.uid), body, row.webhook.key, clock.now()), row.attempts
    )


def signed_headers(call_uid: str, body: bytes, key: bytes, at: datetime) -> dict[str, str]:
    """Return the headers of a call: id, timestamp, and a signature over both and the body."""
    stamp = str(int(at.timestamp()))
    mac = hmac.new(key, b".".join((call_uid.encode(), stamp.encode(), body)), hashlib.sha256).digest()
    return {
        "Content-Type": "application/json",
        "webhook-id": call_uid,
        "webhook-timestamp": stamp,
        "webhook-signature": f"v1,{base64.b64encode(mac).decode()}",
    }


@transaction.atomic
def _record_answer(call_id: int, attempt: int, answer: OutgoingResponse | ForbiddenAddress | NoAnswer) -> None:
    row = WebhookCall.objects.select_for_update().filter(pk=call_id).first()
    if row is None or row.attempts != attempt or row.state not in (CallState.SENDING, CallState.UNKNOWN):
        return
    status = None
    if isinstance(answer, OutgoingResponse):
        status = answer.status
    if status is not None and 200 <= status < 300:
        row.become(CallState.SENT, status=status)
        return
    if status:
        words = _("It answered %(status)s.") % {"status": status}
    else:
        words = str(answer)
    is_passing = isinstance(answer, NoAnswer) or (status is not None and (status >= 500 or status in _PASSING))
    if is_passing and attempt < ATTEMPTS:
        at = clock.now() + min(PAUSE * 4 ** (attempt - 1), LONGEST_PAUSE)
        row.become(CallState.QUEUED, status=status, error=words, next_at=at)
        schedule_call(row, at)
    else:
        _fail_call(row, status, words)


def _fail_call(row: WebhookCall, status: int | None, words: str) -> None:
    row.become(CallState.FAILED, status=status, error=words)
    _record_event(row, "webhook.call_failed")


def _record_event(row: WebhookCall, kind: str) -> None:
    events.record(kind, subject=row, by=None, data={"webhook": row.webhook_id, "reason": row.error})


def give_up(call_id: int) -> None:
    """Mark a call as failed after repeated errors before it could be made."""
    row = WebhookCall.objects.select_for_update().filter(pk=call_id).first()
    if row is not None and row.state == CallState.QUEUED:
        _fail_call(row, None, _("Something went wrong before the call was made."))
