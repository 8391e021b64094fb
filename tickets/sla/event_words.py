"""Describe events of response times: crossed levels, misses, and changed due dates."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.web.timeline.event_words import EventWords, Words
from tickets.models.metric import OURS, THEIRS, Metric

# What was due, at the head of a sentence.
NAMES = {metric.value: metric.label for metric in Metric} | {
    OURS: gettext_lazy("Our move"),
    THEIRS: gettext_lazy("Their answer"),
}


def _with_promise(text: Any) -> Words:
    def say(data: dict[str, Any]) -> str:
        return str(text) % {"promise": NAMES.get(data.get("metric", ""), NAMES[OURS])}

    return say


def _moved_words(data: dict[str, Any]) -> str:
    name = {"promise": NAMES.get(data.get("metric", ""), NAMES[OURS])}
    if data.get("cause") == "target":
        return _("%(promise)s: new due date after a change to response time targets") % name
    if data.get("cause") == "levels":
        return _("%(promise)s: new due date after a change to the urgency levels") % name
    return _("%(promise)s: new due date after a change to the business calendar") % name


EVENT_WORDS = [
    EventWords("ticket.due_soon", "clock", _with_promise(gettext_lazy("%(promise)s: due soon")), mark="auto"),
    EventWords("ticket.overdue", "clock-alert", _with_promise(gettext_lazy("%(promise)s: late")), mark="auto"),
    EventWords(
        "ticket.far_overdue", "triangle-alert", _with_promise(gettext_lazy("%(promise)s: very late")), mark="auto"
    ),
    EventWords(
        "ticket.missed", "clock-alert", _with_promise(gettext_lazy("%(promise)s: response time missed")), mark="auto"
    ),
    EventWords("ticket.clock_moved", "calendar", _moved_words, mark="auto"),
    EventWords("sla_policy.added", "plus", gettext_lazy("added a response time target")),
    EventWords("sla_policy.edited", "pencil", gettext_lazy("edited a response time target")),
    EventWords("sla_policy.moved", "arrow-up-down", gettext_lazy("changed the order of response time targets")),
    EventWords("sla_policy.archived", "archive", gettext_lazy("archived a response time target")),
    EventWords("sla_policy.restored", "undo-2", gettext_lazy("restored a response time target")),
]
