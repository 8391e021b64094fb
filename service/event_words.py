"""Words of service's events, for timelines."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.platform.features import Feature
from crm.web.timeline.event_words import EventWords
from service.models import ReturnReason


def _words_with_data(words: Any, *names: str) -> Callable[[dict[str, Any]], str]:
    """Return event words that include the event's data."""
    return lambda data: str(words) % {name: data.get(name) or "" for name in names}


def _of_line(words: Any, without: Any) -> Callable[[dict[str, Any]], str]:
    """Return event words that name a checklist item, if it may be named here."""
    return lambda data: str(words) % {"label": data["label"]} if data.get("label") else str(without)


def _returned_words(data: dict[str, Any]) -> str:
    reason = data.get("reason")
    why = ReturnReason(reason).label if reason in ReturnReason.values else ""
    return _("sent it back to sales: %(why)s") % {"why": why}


def _progress_words(data: dict[str, Any]) -> str:
    return _("reported %(percent)s%% done") % {"percent": data.get("to", 0)}


def _crew_late(data: dict[str, Any]) -> str:
    return _("reported that the crew is %(minutes)s minutes late") % {"minutes": data.get("minutes", 0)}


EVENT_WORDS: list[Feature] = [
    EventWords("handoff.opened", "arrow-right-left", gettext_lazy("Sold, waiting for service"), mark="auto"),
    EventWords("handoff.accepted", "check", gettext_lazy("accepted it for service")),
    EventWords("handoff.returned", "reply", _returned_words),
    EventWords("handoff.resubmitted", "arrow-right-left", gettext_lazy("handed it off again")),
    EventWords("handoff.withdrawn", "x", gettext_lazy("No longer waiting for service"), mark="auto"),
    EventWords("handoff.undone", "undo-2", gettext_lazy("undid the answer of service")),
    EventWords(
        "handoff.overdue", "clock-alert", gettext_lazy("Service has not answered for a working day"), mark="auto"
    ),
    EventWords(
        "handoff.far_overdue",
        "clock-alert",
        gettext_lazy("Service has not answered for two working days"),
        mark="auto",
    ),
    EventWords("handoff.asked", "message-square", gettext_lazy("asked sales a question")),
    EventWords("handoff.told", "reply", gettext_lazy("answered service’s question")),
    EventWords("handoff.promise_added", "sticky-note", gettext_lazy("added a promise")),
    EventWords("handoff.promise_answered", "hand", gettext_lazy("recorded whether a promise can be kept")),
    EventWords("handoff.promise_removed", "x", gettext_lazy("removed a promise")),
    EventWords(
        "handoff.item_ticked", "check", _of_line(gettext_lazy("ticked “%(label)s”"), gettext_lazy("ticked an item"))
    ),
    EventWords(
        "handoff.item_unticked",
        "undo-2",
        _of_line(gettext_lazy("unticked “%(label)s”"), gettext_lazy("unticked an item")),
    ),
    EventWords(
        "handoff.item_owed",
        "clock-check",
        _of_line(gettext_lazy("set who will provide “%(label)s”"), gettext_lazy("set who will provide an item")),
    ),
    EventWords(
        "handoff.item_brought",
        "check",
        _of_line(gettext_lazy("provided “%(label)s”"), gettext_lazy("provided a missing item")),
    ),
    EventWords("project.started", "play", gettext_lazy("set up the project")),
    EventWords("project.scheduled", "calendar", _words_with_data(gettext_lazy("planned the work for %(to)s"), "to")),
    EventWords("project.given", "users", gettext_lazy("assigned the work to a crew")),
    EventWords("project.progressed", "gauge", _progress_words),
    EventWords("project.held", "pause", _words_with_data(gettext_lazy("put the work on hold: %(reason)s"), "reason")),
    EventWords("project.resumed", "play", gettext_lazy("resumed the work")),
    EventWords("project.finished", "check", gettext_lazy("finished the work")),
    EventWords("project.reopened", "undo-2", gettext_lazy("reopened the work")),
    EventWords("project.withdrawn", "undo-2", gettext_lazy("undid the project")),
    EventWords("project.undone", "undo-2", gettext_lazy("undid a change to the project")),
    EventWords("milestone.added", "plus", _words_with_data(gettext_lazy("added the milestone “%(name)s”"), "name")),
    EventWords("milestone.completed", "check", _words_with_data(gettext_lazy("reached “%(name)s”"), "name")),
    EventWords("milestone.reopened", "undo-2", _words_with_data(gettext_lazy("reopened “%(name)s”"), "name")),
    EventWords(
        "milestone.described",
        "pencil",
        _words_with_data(gettext_lazy("changed the customer text of the milestone “%(name)s”"), "name"),
    ),
    EventWords(
        "milestone.shown", "eye", _words_with_data(gettext_lazy("showed the customer the milestone “%(name)s”"), "name")
    ),
    EventWords(
        "milestone.hidden",
        "eye-off",
        _words_with_data(gettext_lazy("hid the milestone “%(name)s” from the customer"), "name"),
    ),
    EventWords("milestone.undone", "undo-2", _words_with_data(gettext_lazy("undid “%(name)s”"), "name")),
    EventWords("asset.registered", "house", gettext_lazy("added an installation at the property")),
    EventWords("asset.maintained", "check", gettext_lazy("logged maintenance")),
    EventWords("asset.dated", "calendar-clock", gettext_lazy("changed a date of an installation")),
    EventWords("asset.removed", "x", gettext_lazy("marked an installation as removed")),
    EventWords("asset.undone", "undo-2", gettext_lazy("undid a change to an installation")),
    EventWords("booking.asked", "calendar", gettext_lazy("asked the customer to choose a time")),
    EventWords("booking.chosen", "calendar", gettext_lazy("The customer chose a time"), mark="in"),
    EventWords("booking.withdrawn", "x", gettext_lazy("withdrew the request to choose a time")),
    EventWords("report.drafted", "file-text", gettext_lazy("drafted a progress report")),
    EventWords("report.discarded", "x", gettext_lazy("discarded a draft of a report")),
    EventWords("report.sent", "send", gettext_lazy("sent a progress report")),
    EventWords("project_template.added", "plus", gettext_lazy("added a project template")),
    EventWords("project_template.edited", "pencil", gettext_lazy("edited a project template")),
    EventWords("project_template.archived", "archive", gettext_lazy("archived a project template")),
    EventWords("project_template.restored", "undo-2", gettext_lazy("restored a project template")),
    EventWords("arrival.driving", "truck", gettext_lazy("reported that the crew is on its way")),
    EventWords("arrival.late", "clock-alert", _crew_late),
    EventWords("arrival.here", "check", gettext_lazy("reported that the crew has arrived")),
]
