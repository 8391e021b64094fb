"""Describe the events of a follow-up in words."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.jobs.models import Priority
from crm.platform.organization.configuration import directory
from crm.web.timeline.event_words import EventWords
from followups.automation.discussed_topics import said_words
from followups.models import CustomerAct, FollowUpOutcome
from followups.models.kind_setup import kinds
from followups.next_step import customer_acts


def _kind_label(data: dict[str, Any]) -> str:
    return kinds().of(data.get("kind", "")).label


def _describe_planned(data: dict[str, Any]) -> str:
    return _("planned a follow-up: %(kind)s") % {"kind": _kind_label(data)}


def _describe_completed(data: dict[str, Any]) -> str:
    outcome = ""
    if data.get("outcome") in FollowUpOutcome.values:
        outcome = str(FollowUpOutcome(data["outcome"]).label)
    words = _("completed a follow-up: %(kind)s · %(outcome)s") % {"kind": _kind_label(data), "outcome": outcome}
    cause = customer_acts.CAUSES.get(data.get("cause", ""))
    if cause:
        return f"{words} · {cause}"
    return words


def _describe_completion_set(data: dict[str, Any]) -> str:
    if data.get("act") in CustomerAct.values:
        return _("set a follow-up to be done %(when)s") % {"when": CustomerAct(data["act"]).label}
    return _("set a follow-up to be completed by hand")


def _describe_assigned(data: dict[str, Any]) -> str:
    member = directory().members.get(data.get("to") or 0)
    if member is None:
        return _("unassigned a follow-up")
    return _("assigned a follow-up to %(name)s") % {"name": member.name}


# What closed a follow-up that nobody cancelled by hand, by the event it closed with.
_CAUSES = {
    "job.lost": gettext_lazy("the lead was lost"),
    "job.dropped": gettext_lazy("the lead was dropped"),
    "job.contacted": gettext_lazy("the contact was undone"),
    "rule": gettext_lazy("it is no longer needed"),
    "document": gettext_lazy("the document is in order again"),
    "series": gettext_lazy("by its series"),
    "date": gettext_lazy("its date was cleared"),
}
_MOVED_BY = {
    "customer.away": gettext_lazy("the customer is away until then"),
    "series": gettext_lazy("by its series"),
    "date": gettext_lazy("its date has moved"),
}


def _describe_cancelled(data: dict[str, Any]) -> str:
    words = _("cancelled a follow-up: %(kind)s") % {"kind": _kind_label(data)}
    cause = _CAUSES.get(data.get("cause", ""))
    if cause:
        return f"{words} · {cause}"
    return words


def _describe_rescheduled(data: dict[str, Any]) -> str:
    words = _("rescheduled a follow-up")
    cause = _MOVED_BY.get(data.get("cause", ""))
    if cause:
        return f"{words} · {cause}"
    return words


def _describe_prioritized(data: dict[str, Any]) -> str:
    return _("set the priority of a follow-up to %(priority)s") % {"priority": Priority(data["to"]).label}


def _describe_reopened(data: dict[str, Any]) -> str:
    return _("reopened a follow-up: %(kind)s") % {"kind": _kind_label(data)}


def _describe_missed(data: dict[str, Any]) -> str:
    return _("A follow-up was missed: %(kind)s") % {"kind": _kind_label(data)}


def _describe_discussed(data: dict[str, Any]) -> str:
    return _("discussed at the appointment: %(topics)s") % {"topics": said_words(data)}


def _describe_series_started(data: dict[str, Any]) -> str:
    if data.get("continues"):
        return _("changed a recurring follow-up from a day on")
    return _("planned a recurring follow-up")


EVENT_WORDS = [
    EventWords("job.discussed", "message-square-more", _describe_discussed),
    EventWords(
        "followup.planned", "calendar-clock", _describe_planned, many=gettext_lazy("planned a follow-up for each")
    ),
    EventWords(
        "followup.started", "play", gettext_lazy("started a follow-up"), many=gettext_lazy("started follow-ups")
    ),
    EventWords("followup.stopped", "undo-2", gettext_lazy("set a follow-up back to planned")),
    EventWords(
        "followup.prioritized", "flag", _describe_prioritized, many=gettext_lazy("set the priority of follow-ups")
    ),
    EventWords("followup_template.added", "plus", gettext_lazy("added a template of follow-ups")),
    EventWords("followup_template.edited", "pencil", gettext_lazy("changed a template of follow-ups")),
    EventWords("followup_template.archived", "archive", gettext_lazy("archived a template of follow-ups")),
    EventWords("followup_template.restored", "undo-2", gettext_lazy("restored a template of follow-ups")),
    EventWords("followup.completed", "check", _describe_completed, many=gettext_lazy("completed follow-ups")),
    EventWords("followup.cancelled", "x", _describe_cancelled, many=gettext_lazy("cancelled follow-ups")),
    EventWords("followup.reopened", "undo-2", _describe_reopened, many=gettext_lazy("reopened follow-ups")),
    EventWords(
        "followup.rescheduled", "calendar-clock", _describe_rescheduled, many=gettext_lazy("rescheduled follow-ups")
    ),
    # Of the saved undo alone: its two events say what it changed.
    EventWords(
        "followup.moved",
        "calendar-clock",
        gettext_lazy("moved a follow-up to another day and member"),
        many=gettext_lazy("moved a follow-up to another day and member"),
    ),
    EventWords("followup.assigned", "user-plus", _describe_assigned, many=gettext_lazy("assigned follow-ups")),
    EventWords("followup.reminders_set", "clock", gettext_lazy("changed the reminders of a follow-up")),
    EventWords("followup.completion_set", "message-square-more", _describe_completion_set),
    EventWords("reminders.changed", "clock", gettext_lazy("changed the reminders of follow-ups")),
    EventWords(
        "followup.imported", "file-up", gettext_lazy("imported follow-ups"), many=gettext_lazy("imported follow-ups")
    ),
    EventWords("followup.edited", "pencil", gettext_lazy("changed what a follow-up says")),
    EventWords("followup.noted", "sticky-note", gettext_lazy("added a note to a follow-up")),
    EventWords("followup.note_edited", "pencil", gettext_lazy("changed a note on a follow-up")),
    EventWords("followup.note_deleted", "x", gettext_lazy("deleted a note on a follow-up")),
    EventWords("followup.note_restored", "undo-2", gettext_lazy("restored a note on a follow-up")),
    EventWords("series.started", "repeat", _describe_series_started),
    EventWords("series.edited", "repeat", gettext_lazy("edited a recurring follow-up")),
    EventWords("series.cut", "repeat", gettext_lazy("changed a recurring follow-up from a day on")),
    EventWords("series.ended", "x", gettext_lazy("ended a recurring follow-up")),
    EventWords("series.resumed", "undo-2", gettext_lazy("continued a recurring follow-up")),
    EventWords("series.skipped", "x", gettext_lazy("left out a day of a recurring follow-up")),
    EventWords("series.brought_back", "undo-2", gettext_lazy("brought back a day of a recurring follow-up")),
    EventWords("series.moved", "calendar-clock", gettext_lazy("moved a day of a recurring follow-up")),
    EventWords("series.put_back", "undo-2", gettext_lazy("put back a day of a recurring follow-up")),
    EventWords("followup.missed", "clock-alert", _describe_missed, mark="auto"),
]
