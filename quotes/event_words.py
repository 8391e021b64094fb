"""Descriptions of quote events: "sent quote Q-2318 for $18,400"."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.kernel import formats
from crm.platform.organization.configuration import directory
from crm.web.timeline.event_words import EventWords, Words
from quotes.models.quote_state import DeclineReason


def quote_values(data: dict[str, Any]) -> dict[str, str]:
    """Return what the words of an event name: the number of the quote, its version and its total."""
    total = ""
    if data.get("currency"):
        total = formats.money(data.get("total", 0), data["currency"], directory().tenant.country)
    return {"quote": f"Q-{data.get('quote', '')}", "version": str(data.get("version", "")), "total": total}


def _words(text: Any) -> Words:
    return lambda data: str(text) % quote_values(data)


def _describe_declined(data: dict[str, Any]) -> str:
    values = quote_values(data) | {"reason": ""}
    if data.get("reason") in DeclineReason.values:
        values["reason"] = str(DeclineReason(data["reason"]).label)
    if data.get("by"):
        return _("noted that the customer declined quote %(quote)s: %(reason)s") % values
    return _("The customer declined quote %(quote)s: %(reason)s") % values


def _describe_viewed(data: dict[str, Any]) -> str:
    if data.get("visit", 1) > 1:
        return _("The customer opened quote %(quote)s again") % quote_values(data)
    return _("The customer opened quote %(quote)s") % quote_values(data)


def _quote_event(kind: str, icon: str, text: Any, mark: str = "") -> EventWords:
    return EventWords(f"quote.{kind}", icon, _words(text), mark=mark)


EVENT_WORDS = [
    _quote_event("created", "file-text", gettext_lazy("wrote quote %(quote)s")),
    EventWords("quote.edited", "pencil", gettext_lazy("edited a quote")),
    _quote_event("sent", "send", gettext_lazy("sent quote %(quote)s, version %(version)s, for %(total)s")),
    _quote_event("revised", "pencil", gettext_lazy("began version %(version)s of quote %(quote)s")),
    _quote_event("draft_dropped", "x", gettext_lazy("dropped the new version of quote %(quote)s")),
    _quote_event("discarded", "x", gettext_lazy("deleted the draft of quote %(quote)s")),
    _quote_event("withdrawn", "undo-2", gettext_lazy("withdrew quote %(quote)s")),
    _quote_event("undone", "undo-2", gettext_lazy("undid a change to quote %(quote)s")),
    _quote_event("compared", "banknote", gettext_lazy("noted another price next to quote %(quote)s")),
    _quote_event("expired", "calendar-clock", gettext_lazy("Quote %(quote)s expired"), "auto"),
    _quote_event("approval_requested", "hand", gettext_lazy("asked for approval of quote %(quote)s")),
    _quote_event("approval_overdue", "clock-alert", gettext_lazy("Quote %(quote)s waits for approval"), "auto"),
    _quote_event("approved", "circle-check", gettext_lazy("approved quote %(quote)s")),
    _quote_event("approval_refused", "circle-x", gettext_lazy("did not approve quote %(quote)s")),
    _quote_event("review_requested", "hand", gettext_lazy("The contract of quote %(quote)s waits for review"), "auto"),
    _quote_event("review_overdue", "clock-alert", gettext_lazy("Nobody has reviewed quote %(quote)s in time"), "auto"),
    _quote_event("contract_approved", "circle-check", gettext_lazy("approved the contract of quote %(quote)s")),
    _quote_event("contract_returned", "undo-2", gettext_lazy("returned the contract of quote %(quote)s")),
    EventWords("quote.viewed", "eye", _describe_viewed, mark="in"),
    _quote_event(
        "forwarded", "eye", gettext_lazy("Quote %(quote)s was opened on another device: it looks forwarded"), "in"
    ),
    _quote_event("asked", "message-square", gettext_lazy("The customer has a question about quote %(quote)s"), "in"),
    _quote_event(
        "change_requested", "message-square", gettext_lazy("The customer wants a change of quote %(quote)s"), "in"
    ),
    EventWords("quote.declined", "circle-x", _describe_declined, mark="in"),
    _quote_event("accepted", "circle-check", gettext_lazy("The customer accepted quote %(quote)s for %(total)s"), "in"),
    EventWords("quote_terms.set", "settings", gettext_lazy("changed what new quotes begin with")),
    EventWords("discount_limit.set", "percent", gettext_lazy("changed a discount limit")),
    EventWords("quote_template.added", "plus", gettext_lazy("added a quote template")),
    EventWords("quote_template.edited", "pencil", gettext_lazy("edited a quote template")),
    EventWords("quote_template.archived", "archive", gettext_lazy("archived a quote template")),
    EventWords("quote_template.restored", "undo-2", gettext_lazy("restored a quote template")),
]
