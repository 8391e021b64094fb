"""Describe the events of sequences in words."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.web.timeline.event_words import EventWords
from followups.sequences.models import EndReason, PauseReason
from followups.sequences.models.sequence import sequences_by_id


def _name_of(data: dict[str, Any]) -> str:
    sequence = sequences_by_id().get(data.get("sequence", 0))
    if sequence:
        return sequence.name
    return "—"


def _describe_entered(data: dict[str, Any]) -> str:
    return _("started the sequence “%(name)s”") % {"name": _name_of(data)}


def _describe_ended(data: dict[str, Any]) -> str:
    words = _("The sequence “%(name)s” ended") % {"name": _name_of(data)}
    if data.get("reason") in EndReason.values:
        return f"{words} · {EndReason(data['reason']).label}"
    return words


def _describe_paused(data: dict[str, Any]) -> str:
    words = _("The sequence “%(name)s” rests") % {"name": _name_of(data)}
    if data.get("reason") in PauseReason.values:
        return f"{words} · {PauseReason(data['reason']).label}"
    return words


def _describe_resumed(data: dict[str, Any]) -> str:
    return _("The sequence “%(name)s” goes on") % {"name": _name_of(data)}


def _describe_skipped(data: dict[str, Any]) -> str:
    return _("skipped a wait of the sequence “%(name)s”") % {"name": _name_of(data)}


def _describe_moved(data: dict[str, Any]) -> str:
    words = _("moved the sequence “%(name)s” on to version %(number)s")
    return words % {"name": _name_of(data), "number": data.get("version", "—")}


EVENT_WORDS = [
    EventWords("sequence.version_moved", "workflow", _describe_moved),
    EventWords("sequence.entered", "workflow", _describe_entered),
    EventWords("sequence.ended", "circle-x", _describe_ended),
    EventWords("sequence.paused", "pause", _describe_paused),
    EventWords("sequence.wait_skipped", "arrow-right", _describe_skipped),
    EventWords("sequence.resumed", "play", _describe_resumed),
    EventWords("sequence.added", "workflow", gettext_lazy("added a sequence")),
    EventWords("sequence.edited", "pencil", gettext_lazy("edited a sequence")),
    EventWords("sequence.renamed", "pencil", gettext_lazy("renamed a sequence")),
    EventWords("sequence.rules_set", "sliders-horizontal", gettext_lazy("changed the rules of a sequence")),
    EventWords("sequence.switched", "zap", gettext_lazy("turned a sequence on or off")),
    EventWords("sequence.moved", "arrow-up", gettext_lazy("changed which sequence goes first")),
    EventWords("sequence.archived", "archive", gettext_lazy("archived a sequence")),
    EventWords("sequence.restored", "undo-2", gettext_lazy("restored a sequence")),
]
