"""The log of calls for its page: who asked about which record, and the result."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from assistant.calls.assistant_helper import helper_named
from assistant.calls.hidden_words import hidden_words
from assistant.calls.spend import minor_units
from assistant.models import AssistantCall, CallVerdict
from assistant.summaries.subjects import SUBJECT_LABELS, find_subjects
from crm.kernel import formats
from crm.kernel.formats import whole_number
from crm.platform.organization.configuration import directory
from crm.web.reader import Reader
from crm.web.shell.record_pages import record_url
from crm.web.timeline.event_words import name_of

MOST = 100
_GOOD = (CallVerdict.USED, CallVerdict.PUT_IN)
_NEUTRAL = (CallVerdict.NOTHING, CallVerdict.THROWN_AWAY, CallVerdict.SWITCHED_OFF)


@dataclass(frozen=True)
class AskedCallRow:
    """A call in the log. `look`: the mark of its verdict."""

    call: AssistantCall
    at: datetime
    when: str
    who: str
    helper: str
    about: str
    url: str
    hidden: str
    hidden_count: int
    words: str
    tokens: str
    cost: str
    verdict: str
    look: str


def call_rows(reader: Reader, slug: str, most: int = MOST) -> list[AskedCallRow]:
    """Return the newest calls. A constant number of queries."""
    calls = list(AssistantCall.objects.order_by("-created_at", "-pk").defer("sealed_text")[:most])
    records = find_subjects((call.subject_kind, call.subject_id) for call in calls)
    return [_row(call, records.get((call.subject_kind, call.subject_id)), reader, slug) for call in calls]


def _row(call: AssistantCall, record: Any, reader: Reader, slug: str) -> AskedCallRow:
    look = "soon"
    if call.verdict in _GOOD:
        look = "ok"
    elif call.verdict in _NEUTRAL or not call.verdict:
        look = "hold"
    verdict = call.get_stage_display()
    if call.verdict:
        verdict = call.get_verdict_display()
    helper = helper_named(call.helper)
    about, url = _about(call, record, slug)
    return AskedCallRow(
        call,
        call.created_at,
        reader.moment(call.created_at),
        name_of(call.member_id) or "–",
        str(helper.label) if helper else call.helper,
        about,
        url,
        ", ".join(hidden_words(call.hidden)),
        sum(call.hidden.values()),
        whole_number(call.words) if call.words else "–",
        _token_words(call),
        cost_words(call.cost, call.currency),
        verdict,
        look,
    )


def _token_words(call: AssistantCall) -> str:
    if call.tokens_in:
        return f"{whole_number(call.tokens_in)} + {whole_number(call.tokens_out)}"
    return "–"


def _about(call: AssistantCall, record: Any, slug: str) -> tuple[str, str]:
    """Return the name of a call's record, without names of people, and its page; blank for none."""
    label = str(SUBJECT_LABELS.get(call.subject_kind, ""))
    if record is None or not label:
        return label, ""
    number = getattr(record, "number", None)
    if number:
        label = f"{label} #{number}"
    return label, record_url(record, slug)


def cost_words(cost: int, currency: str) -> str:
    """Return what a call cost, in the organization's currency; blank for nothing."""
    if not cost or not currency:
        return ""
    return formats.money(minor_units(cost), currency, directory().tenant.country)


def total_words(costs: Sequence[int], currency: str) -> str:
    """Return the sum of costs; zero as an amount."""
    return formats.money(minor_units(sum(costs)), currency, directory().tenant.country)
