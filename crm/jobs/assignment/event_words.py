"""Describe the events of assignment: rules, skills, territories, limits, absences and pauses."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.web.timeline.event_words import EventWords, name_of


def _words_about(words: Any) -> Any:
    """Return words about the member an event names."""
    return lambda data: str(words) % {"name": name_of(data.get("member"))}


def _limit_words(data: dict[str, Any]) -> str:
    if data.get("to") is None:
        return _("reset the limit to the default")
    return _("set the limit to %(limit)s") % {"limit": data["to"]}


EVENT_WORDS = [
    EventWords("assignment_rule.added", "plus", gettext_lazy("added an assignment rule")),
    EventWords("assignment_rule.edited", "pencil", gettext_lazy("edited an assignment rule")),
    EventWords("assignment_rule.moved", "arrow-up-down", gettext_lazy("moved an assignment rule")),
    EventWords("assignment_rule.archived", "archive", gettext_lazy("switched an assignment rule off")),
    EventWords("assignment_rule.restored", "undo-2", gettext_lazy("switched an assignment rule on")),
    EventWords("assignment_policy.changed", "gauge", gettext_lazy("changed the capacity of a member")),
    EventWords("capacity.set", "gauge", _limit_words),
    EventWords("skill.added", "plus", gettext_lazy("added a skill")),
    EventWords("skill.renamed", "pencil", gettext_lazy("renamed a skill")),
    EventWords("skill.given", "users", gettext_lazy("changed who has a skill")),
    EventWords("skill.archived", "archive", gettext_lazy("archived a skill")),
    EventWords("skill.restored", "undo-2", gettext_lazy("restored a skill")),
    EventWords("territory.added", "plus", gettext_lazy("added a territory")),
    EventWords("territory.edited", "map-pin", gettext_lazy("edited a territory")),
    EventWords("territory.archived", "archive", gettext_lazy("archived a territory")),
    EventWords("territory.restored", "undo-2", gettext_lazy("restored a territory")),
    EventWords("absence.planned", "calendar", _words_about(gettext_lazy("added an absence of %(name)s"))),
    EventWords("absence.changed", "calendar", _words_about(gettext_lazy("changed an absence of %(name)s"))),
    EventWords("absence.ended", "calendar", _words_about(gettext_lazy("ended an absence of %(name)s"))),
    EventWords("member.paused", "pause", gettext_lazy("paused new work")),
    EventWords("member.resumed", "play", gettext_lazy("resumed new work")),
    EventWords("member.hours_set", "clock", gettext_lazy("changed the working hours")),
]
