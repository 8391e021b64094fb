"""Describe the events of a ticket: "gave it to Sam Service", "solved it"."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from crm.jobs.models import Priority, Side
from crm.jobs.tags.event_words import tagged_words
from crm.platform.organization.configuration import directory
from crm.web.timeline.event_words import EventWords, name_of
from tickets.models.participant import Role

# Why a rule did it, where its cause is a code.
_CAUSES = {"upset": gettext_lazy("the customer sounds upset")}


def _with_cause(words: str, data: dict[str, Any]) -> str:
    cause = data.get("cause")
    if cause:
        return f"{words} · {_CAUSES.get(cause, cause)}"
    return words


def _for_a_reason(words: str, data: dict[str, Any]) -> str:
    if data.get("reason"):
        return f"{words}: {data['reason']}"
    return words


def _assigned_words(data: dict[str, Any]) -> str:
    new = name_of(data.get("to"))
    if new and data["to"] == data.get("by"):
        return _("claimed the conversation")
    return _for_a_reason(_("assigned it to %(name)s") % {"name": new} if new else _("released the conversation"), data)


def _team_changed(data: dict[str, Any]) -> str:
    team = None
    if data.get("to"):
        team = directory().teams.get(data["to"])
    if team:
        words = _("assigned it to team %(name)s") % {"name": team.name}
    else:
        words = _("removed it from its team")
    return _for_a_reason(words, data)


def _taken_over(data: dict[str, Any]) -> str:
    name = name_of(data.get("from"))
    return _("took over the private conversation of %(name)s: %(reason)s") % {"name": name, "reason": data["reason"]}


def _priority_words(data: dict[str, Any]) -> str:
    return _with_cause(_("set the priority to %(priority)s") % {"priority": Priority(data["to"]).label}, data)


def _turned_words(data: dict[str, Any]) -> str:
    if data.get("side") == Side.CUSTOMER:
        return _("made it their move")
    return _("made it our move")


def _received_words(data: dict[str, Any]) -> str:
    if data.get("confirms"):
        return _("The customer confirmed the appointment")
    if data.get("thanks"):
        return _("The customer said thanks, so it stays solved")
    return _("They wrote")


def _upset_words(data: dict[str, Any]) -> str:
    if not data.get("word"):
        return _("The customer sounds upset")
    return _("The customer sounds upset: “%(word)s”") % {"word": data["word"]}


def _role_name(data: dict[str, Any]) -> str:
    return str(dict(Role.choices).get(data.get("role", data.get("to", "")), ""))


def _participant_added(data: dict[str, Any]) -> str:
    return _("added a participant: %(role)s") % {"role": _role_name(data)}


def _participant_removed(data: dict[str, Any]) -> str:
    return _("removed a participant: %(role)s") % {"role": _role_name(data)}


def _role_changed(data: dict[str, Any]) -> str:
    return _("changed a participant’s role: %(role)s") % {"role": _role_name(data)}


def _closed_words(data: dict[str, Any]) -> str:
    if data.get("cause") == "merge":
        return _("closed it after merging")
    if data.get("cause") == "spam":
        return _("closed it as spam")
    if data.get("cause") == "auto":
        return _("closed automatically after it was solved")
    return _("closed it")


def _end_moved(data: dict[str, Any]) -> str:
    days = data.get("days", 0)
    words = ngettext(
        "closes %(days)s day after it was solved (settings changed)",
        "closes %(days)s days after it was solved (settings changed)",
        days,
    )
    return words % {"days": days}


def _merged_words(data: dict[str, Any]) -> str:
    return _("merged it into #%(number)s") % {"number": data["number"]}


def _received_merge(data: dict[str, Any]) -> str:
    return _("merged #%(number)s into it") % {"number": data["number"]}


def _split_words(data: dict[str, Any]) -> str:
    words = ngettext(
        "split off %(count)s message to #%(number)s", "split off %(count)s messages to #%(number)s", data["entries"]
    )
    return words % {"count": data["entries"], "number": data["number"]}


EVENT_WORDS = [
    EventWords("ticket.created", "inbox", gettext_lazy("Conversation started"), mark="auto"),
    EventWords("ticket.received", "message-square", _received_words),
    EventWords("ticket.upset", "triangle-alert", _upset_words, mark="auto"),
    EventWords("ticket.replied", "reply", gettext_lazy("answered")),
    EventWords("ticket.answered_privately", "reply", gettext_lazy("answered from their own mailbox")),
    EventWords("ticket.notified", "workflow", gettext_lazy("A message was sent automatically"), mark="auto"),
    EventWords("ticket.assigned", "user-plus", _assigned_words),
    EventWords("ticket.team_changed", "users", _team_changed),
    EventWords("ticket.prioritized", "flag", _priority_words),
    EventWords("ticket.tagged", "tag", tagged_words),
    EventWords("ticket.turned", "arrow-right-left", _turned_words),
    EventWords("ticket.paused", "pause", gettext_lazy("put it on hold")),
    EventWords("ticket.resumed", "play", gettext_lazy("took it off hold")),
    EventWords("ticket.snoozed", "clock", gettext_lazy("snoozed it")),
    EventWords("ticket.woken", "clock", gettext_lazy("snooze ended")),
    EventWords("ticket.solved", "check", gettext_lazy("solved it")),
    EventWords("ticket.closed", "lock", _closed_words),
    EventWords("ticket.reopened", "undo-2", gettext_lazy("reopened the conversation")),
    EventWords("ticket.end_moved", "calendar", _end_moved, mark="auto"),
    EventWords("life_policy.edited", "sliders-horizontal", gettext_lazy("changed when conversations close")),
    EventWords("ticket.archived", "archive", gettext_lazy("archived automatically"), mark="auto"),
    EventWords("ticket.hold_placed", "lock", gettext_lazy("placed a legal hold")),
    EventWords("ticket.hold_lifted", "lock", gettext_lazy("lifted the legal hold")),
    EventWords("ticket.shared", "users", gettext_lazy("shared the private conversation with colleagues")),
    EventWords("ticket.taken_over", "users", _taken_over),
    EventWords("ticket.attached", "link", gettext_lazy("linked it to a lead")),
    EventWords("ticket.person_changed", "user", gettext_lazy("changed the customer")),
    EventWords("ticket.participant_added", "user-plus", _participant_added),
    EventWords("ticket.participant_confirmed", "user", gettext_lazy("confirmed a participant")),
    EventWords("ticket.participant_removed", "x", _participant_removed),
    EventWords("ticket.role_changed", "users", _role_changed),
    EventWords("ticket.merged", "merge", _merged_words),
    EventWords("ticket.received_merge", "merge", _received_merge),
    EventWords("ticket.split", "split", _split_words),
    EventWords("ticket.undone", "undo-2", gettext_lazy("undid it")),
    EventWords(
        "entry.joined", "message-square-more", gettext_lazy("moved a message to the conversation it replies to")
    ),
    EventWords("entry.kept_together", "mail", gettext_lazy("kept a message in its conversation")),
    EventWords("entry.kept", "mail", gettext_lazy("kept a possible reply as a separate conversation")),
]
