"""The deliveries of a webhook for its page: what was sent when, and what came back."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.automation.models import CallState, Webhook, WebhookCall
from crm.automation.models.webhook_call import LOST
from crm.kernel.formats import one_decimal
from crm.kernel.whole_numbers import read_number
from crm.web.reader import Reader

LOG_ROWS = 50
_CSS = {
    CallState.QUEUED: "soon",
    CallState.SENDING: "soon",
    CallState.SENT: "ok",
    CallState.FAILED: "crit",
    CallState.UNKNOWN: "late",
}
_WORDS = {
    CallState.QUEUED: gettext_lazy("waits"),
    CallState.SENDING: gettext_lazy("under way"),
    CallState.SENT: gettext_lazy("delivered"),
    CallState.FAILED: gettext_lazy("failed"),
    CallState.UNKNOWN: gettext_lazy("unclear"),
}


@dataclass(frozen=True)
class DeliveryRow:
    """A line of the log."""

    pk: int
    at: str
    type: str
    uid: str
    css: str
    result: str
    took: str
    attempts: int
    error: str
    next_at: str
    request: str
    answer: str
    may_retry: bool


class DeliveryPage(NamedTuple):
    """A page of the log, the newest first. `older`: what the address of the next page begins after; blank: none."""

    rows: list[DeliveryRow]
    older: str
    is_failed_only: bool
    is_newest: bool = True


def read_log(webhook: Webhook, query: Mapping[str, str], reader: Reader) -> DeliveryPage:
    """Read a page of the log. `before`: the id of a call; `only=failed`: what was not delivered."""
    calls = WebhookCall.objects.filter(webhook=webhook).order_by("-pk")
    is_failed_only = query.get("only") == "failed"
    if is_failed_only:
        calls = calls.filter(state__in=LOST)
    before = read_number(query.get("before"))
    if before:
        calls = calls.filter(pk__lt=before)
    rows = list(calls[: LOG_ROWS + 1])
    older = ""
    if len(rows) > LOG_ROWS:
        older = str(rows[LOG_ROWS - 1].pk)
    return DeliveryPage([_log_row(row, reader) for row in rows[:LOG_ROWS]], older, is_failed_only, not before)


def _log_row(call: WebhookCall, reader: Reader) -> DeliveryRow:
    next_at = ""
    if call.state == CallState.QUEUED and call.attempts and call.next_at:
        next_at = _("next attempt %(when)s") % {"when": reader.moment(call.next_at)}
    result = str(_WORDS[CallState(call.state)])
    if call.status:
        result = f"{call.status} · {result}"
    return DeliveryRow(
        pk=call.pk,
        at=reader.moment(call.at),
        type=call.type,
        uid=str(call.uid),
        css=_CSS[CallState(call.state)],
        result=result,
        took=_duration_words(call.duration_ms),
        attempts=call.attempts,
        error=call.error,
        next_at=next_at,
        request=json.dumps(call.body, indent=2, sort_keys=True, ensure_ascii=False),
        answer=call.answer,
        may_retry=call.state in LOST,
    )


def _duration_words(milliseconds: int | None) -> str:
    if milliseconds is None:
        return ""
    if milliseconds < 1000:
        return _("%(count)s ms") % {"count": milliseconds}
    return _("%(count)s s") % {"count": one_decimal(milliseconds / 1000)}
