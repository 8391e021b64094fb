"""Make the calls of a webhook: note the start of a batch, send it, note the results.

What is noted before the calls tells what a worker that died in the midst of them had begun. Whoever is called knows a
second try by its id, which stays the same. A webhook that does not work is left alone for a while, and then asked with
one call: what waits for it costs the others nothing.
"""

import json
from collections.abc import Sequence
from datetime import timedelta

from django.db.models import Min
from django.utils.translation import gettext as _

from crm.automation.models import CallState, Webhook, WebhookCall, WebhookHealth
from crm.automation.models.webhook_call import LONGEST_ANSWER, TOPIC, schedule_forgetting, wake_webhook
from crm.automation.webhooks.retry_times import asked_wait, pause_after, probe_after
from crm.automation.webhooks.sending import CallRequest, CallResult, send_all, signed_headers
from crm.kernel import clock
from crm.platform.database import bulk_write
from crm.platform.events import events, hints
from crm.platform.http.outgoing import OutgoingResponse
from crm.platform.http.public_address import ForbiddenAddress
from crm.platform.tenancy.context import use_tenant

# Calls of one webhook in a row; then it is the turn of others.
BATCH = 256
# Answers to a rule's call that may be better another time. Calls of events are tried again after any.
_PASSING = (408, 409, 425, 429)
# A webhook that has not answered for so long is switched off.
DISABLED_AFTER = timedelta(days=5)
_WRITTEN = ("state", "attempts", "status", "error", "answer", "duration_ms", "next_at")


def make_calls(tenant_id: int, webhook_id: int) -> None:
    """Make the calls of a webhook that are due. Running it twice makes each call once."""
    with use_tenant(tenant_id):
        requests = _claim_batch(webhook_id)
    results = []
    if requests:
        results = send_all(requests)
    with use_tenant(tenant_id):
        reason = _record_results(webhook_id, results)
    if reason:
        with use_tenant(tenant_id):
            Webhook.objects.get(pk=webhook_id).disable(reason, by=None)


def _claim_batch(webhook_id: int) -> list[CallRequest]:
    """Mark the calls that are due as being sent. None of a webhook that is to be left alone."""
    _settle_interrupted(webhook_id)
    webhook = Webhook.objects.filter(pk=webhook_id).first()
    if webhook is None:
        return []
    if not webhook.is_live:
        _fail_waiting(webhook)
        return []
    now = clock.now()
    health = WebhookHealth.objects.filter(webhook_id=webhook_id).first()
    size = BATCH
    if health and health.failures:
        if health.paused_until and health.paused_until > now:
            return []
        size = 1
        _give_up_old(webhook_id)
    waiting = WebhookCall.objects.filter(webhook_id=webhook_id, state=CallState.QUEUED, next_at__lte=now)
    rows = list(waiting.order_by("next_at", "pk").select_for_update(skip_locked=True)[:size])
    for row in rows:
        row.attempts += 1
        row.state = CallState.SENDING
        row.called_at = now
    bulk_write.save_all(rows, ["state", "attempts", "called_at"])
    keys = webhook.keys_at(now)
    requests = []
    for row in rows:
        body = json.dumps(row.body, sort_keys=True).encode()
        headers = signed_headers(str(row.uid), body, keys, now)
        requests.append(CallRequest(row.pk, row.attempts, webhook.url, body, headers, row.may_repeat))
    return requests


def _settle_interrupted(webhook_id: int) -> None:
    """Settle the calls of a worker that died: calls of events are made again, those of rules left to a person."""
    sending = WebhookCall.objects.filter(webhook_id=webhook_id, state=CallState.SENDING)
    if not sending.exists():
        return
    sending.filter(may_repeat=True).update(state=CallState.QUEUED, next_at=clock.now())
    for row in sending.filter(may_repeat=False).select_for_update():
        row.state = CallState.UNKNOWN
        row.next_at = None
        row.error = _("The connection was lost during the call.")
        row.save(update_fields=["state", "next_at", "error"])
        _record_event(row, "webhook.call_unknown")


def _fail_waiting(webhook: Webhook) -> None:
    """Fail what waits for a webhook that is switched off or archived. Of the latter, events are not kept."""
    why = _("The webhook is switched off.")
    waiting = WebhookCall.objects.filter(webhook=webhook, state=CallState.QUEUED)
    if webhook.archived_at:
        why = _("The webhook was archived.")
        waiting.filter(may_repeat=True).delete()
    waiting.filter(may_repeat=True).update(state=CallState.FAILED, error=why, next_at=None)
    for row in waiting.filter(may_repeat=False).select_for_update():
        _fail_call(row, why)
        row.save(update_fields=_WRITTEN)


def _give_up_old(webhook_id: int) -> None:
    """Fail the calls whose time is over, whether or not it was their turn to find out."""
    over = WebhookCall.objects.filter(webhook_id=webhook_id, state=CallState.QUEUED, ends_at__lte=clock.now())
    why = _("It did not answer for three days.")
    over.filter(may_repeat=True, error="").update(error=why)
    over.filter(may_repeat=True).update(state=CallState.FAILED, next_at=None)


def _record_results(webhook_id: int, results: Sequence[CallResult]) -> str:
    """Record the results of the requests, and have a worker go on when the next call is due.

    Returns why the webhook is to be switched off; blank if it is not.
    """
    reason = ""
    now = clock.now()
    paused_until = None
    if results:
        health = _lock_health(webhook_id)
        _judge_webhook(health, results)
        health.save()
        paused_until = health.paused_until
        reason = _reason_to_disable(health, results)
        by_call = {result.call_id: result for result in results}
        rows = list(WebhookCall.objects.filter(pk__in=by_call).order_by("pk").select_for_update())
        settled = [row for row in rows if _settle_call(row, by_call[row.pk])]
        bulk_write.save_all(settled, _WRITTEN)
        hints.touch(TOPIC)
    waiting = WebhookCall.objects.filter(webhook_id=webhook_id, state=CallState.QUEUED)
    next_at = waiting.aggregate(at=Min("next_at"))["at"]
    if next_at:
        if paused_until is None:
            paused_until = (
                WebhookHealth.objects.filter(webhook_id=webhook_id).values_list("paused_until", flat=True).first()
            )
        wake_webhook(webhook_id, max(next_at, paused_until or now, now))
    return reason


def _lock_health(webhook_id: int) -> WebhookHealth:
    locked = WebhookHealth.objects.select_for_update()
    health: WebhookHealth | None = locked.filter(webhook_id=webhook_id).first()
    if health is None:
        WebhookHealth.objects.bulk_create([WebhookHealth(webhook_id=webhook_id)], ignore_conflicts=True)
        health = locked.get(webhook_id=webhook_id)
    return health


def _judge_webhook(health: WebhookHealth, results: Sequence[CallResult]) -> None:
    now = clock.now()
    troubles = [result for result in results if result.is_trouble]
    if any(result.is_accepted for result in results):
        health.answered_at = now
        health.failures = 0
        health.failing_since = None
        health.paused_until = None
    if troubles:
        health.failures += 1
        health.failing_since = health.failing_since or now
        wait = max(asked_wait(result) for result in troubles)
        health.paused_until = now + max(wait, probe_after(health.failures))


def _reason_to_disable(health: WebhookHealth, results: Sequence[CallResult]) -> str:
    if any(result.status == 410 for result in results):
        return _("It answered 410: it is gone.")
    if health.failing_since and clock.now() - health.failing_since >= DISABLED_AFTER:
        return _("It did not answer for %(days)s days.") % {"days": DISABLED_AFTER.days}
    return ""


def _settle_call(row: WebhookCall, result: CallResult) -> bool:
    """Give a call its new state. Returns False if the result is not of its last attempt."""
    if row.attempts != result.attempt or row.state not in (CallState.SENDING, CallState.UNKNOWN):
        return False
    if result.answer is None:
        row.state = CallState.QUEUED
        row.attempts -= 1
        return True
    row.status = result.status
    row.duration_ms = result.milliseconds
    row.answer = ""
    row.next_at = None
    if isinstance(result.answer, OutgoingResponse):
        row.answer = result.answer.body.decode(errors="replace").replace("\0", "")[:LONGEST_ANSWER]
    if result.is_accepted:
        row.state = CallState.SENT
        row.error = ""
        return True
    if result.status:
        words = _("It answered %(status)s.") % {"status": result.status}
    else:
        words = str(result.answer)
    next_at = clock.now() + max(pause_after(row.attempts), asked_wait(result))
    if _may_pass(row, result) and (row.ends_at is None or next_at < row.ends_at):
        row.state = CallState.QUEUED
        row.error = words[:200]
        row.next_at = next_at
    else:
        _fail_call(row, words)
    return True


def _may_pass(row: WebhookCall, result: CallResult) -> bool:
    if result.status is None:
        return row.may_repeat or not isinstance(result.answer, ForbiddenAddress)
    return row.may_repeat or result.status >= 500 or result.status in _PASSING


def _fail_call(row: WebhookCall, words: str) -> None:
    row.state = CallState.FAILED
    row.error = words[:200]
    row.next_at = None
    if not row.may_repeat:
        _record_event(row, "webhook.call_failed")


def _record_event(row: WebhookCall, kind: str) -> None:
    events.record(kind, subject=row, by=None, data={"webhook": row.webhook_id, "reason": row.error})


def forget_calls(_subjects: Sequence[int]) -> None:
    """Delete old calls, and go on each day for as long as there are webhooks."""
    WebhookCall.forget_old()
    if Webhook.objects.exists():
        schedule_forgetting()


def give_up(webhook_id: int) -> None:
    """Fail the calls of a webhook after repeated errors before they could be made."""
    for row in WebhookCall.objects.select_for_update().filter(webhook_id=webhook_id, state=CallState.QUEUED):
        _fail_call(row, _("Something went wrong before the call was made."))
        row.save(update_fields=_WRITTEN)
