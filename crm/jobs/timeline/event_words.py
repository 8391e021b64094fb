"""Describe the events of a job and its notes: "moved it from New to Quote sent"."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.jobs.assignment.engine import UNANSWERED
from crm.jobs.creation.job_creation import BY_HAND
from crm.jobs.models import ContactOutcome, Priority, Side
from crm.jobs.next_step.kinds import step_name
from crm.jobs.pipeline_settings import stage_archive
from crm.jobs.pipelines import exit_criteria
from crm.jobs.pipelines.setup import pipeline_setup
from crm.web.timeline.event_words import EventWords, Words, name_of

# The ways a customer writes or is answered, as a sentence names them.
CHANNELS = {
    "email": gettext_lazy("email"),
    "sms": gettext_lazy("text message"),
    "whatsapp": gettext_lazy("WhatsApp"),
    "phone": gettext_lazy("phone"),
    "portal": gettext_lazy("portal"),
}


def _step_name(stage_id: Any) -> str:
    stage = None
    if stage_id:
        stage = pipeline_setup().stages.get(stage_id)
    if stage:
        return stage.name
    return _("no status")


def _with_cause(words: str, data: dict[str, Any]) -> str:
    cause = _("the step was archived") if data.get("cause") == stage_archive.CAUSE else data.get("cause")
    return f"{words} · {cause}" if cause else words


def _opened_words(data: dict[str, Any]) -> str:
    if data.get("cause") == BY_HAND:
        return _("created the lead")
    if "import" in data:
        return _("imported it")
    return _with_cause(_("came in"), data)


def _clock_moved(data: dict[str, Any]) -> str:
    if data.get("cause") == "target":
        return _("New due date: the target of the step was changed")
    if data.get("cause") == "levels":
        return _("New due date: the default of the organization was changed")
    return _("New due date: the business calendar was changed")


def _moved_words(data: dict[str, Any]) -> str:
    steps = {"old": _step_name(data.get("from")), "new": _step_name(data.get("to"))}
    words = _with_cause(_("moved it from %(old)s to %(new)s") % steps, data)
    gone_past = exit_criteria.passed_warnings(data.get("despite", ()))
    if gone_past:
        return _("%(moved)s · despite: %(missing)s") % {"moved": words, "missing": gone_past}
    return words


def _turned_words(data: dict[str, Any]) -> str:
    if data.get("side") == Side.CUSTOMER:
        return _("made it their move")
    return _("made it our move")


def _assigned_words(data: dict[str, Any]) -> str:
    new = name_of(data.get("to"))
    if new and data["to"] == data.get("by"):
        words = _("claimed it")
    else:
        words = _("assigned it to %(name)s") % {"name": new} if new else _("released it")
    reason = _("nobody was in touch") if data.get("cause") == UNANSWERED else data.get("reason")
    return f"{words} · {reason}" if reason else words


def _prioritized_words(data: dict[str, Any]) -> str:
    return _("set the priority to %(priority)s") % {"priority": Priority(data["to"]).label}


def _planned_words(data: dict[str, Any]) -> str:
    kind = data.get("kind")
    if kind:
        return _("planned the next step: %(kind)s") % {"kind": step_name(kind)}
    return _("removed the next step")


def _reopened_words(data: dict[str, Any]) -> str:
    if not data.get("to"):
        return _("reopened it")
    return _("reopened it in %(new)s, because %(old)s was archived") % {
        "new": _step_name(data["to"]),
        "old": _step_name(data["from"]),
    }


def _lost_words(data: dict[str, Any]) -> str:
    return _("marked it as lost: %(reason)s") % {"reason": data.get("reason", "")}


def _dropped_words(data: dict[str, Any]) -> str:
    return _("dropped it: %(reason)s") % {"reason": data.get("reason", "")}


def _heard_words(data: dict[str, Any]) -> str:
    return _with_channel(_("noted that the customer wrote") if data.get("noted") else _("The customer wrote"), data)


def _answered_words(data: dict[str, Any]) -> str:
    return _with_channel(
        _("answered, so it is their move") if data.get("side") == Side.CUSTOMER else _("answered"), data
    )


# What somebody did who was in touch, by the kinds of contact.
_DID = {
    "call": gettext_lazy("called"),
    "text": gettext_lazy("texted"),
    "email": gettext_lazy("emailed"),
    "whatsapp": gettext_lazy("wrote on WhatsApp"),
    "video": gettext_lazy("called by video"),
    "meeting": gettext_lazy("met them"),
    "visit": gettext_lazy("visited"),
}


def contact_words(kind: str, outcome: str) -> str:
    """Describe a contact: "called · no answer"; sent messages need no outcome."""
    did = str(_DID.get(kind, kind))
    ended = "" if outcome == ContactOutcome.SENT else ContactOutcome(outcome).label
    return f"{did} · {ended}" if ended else did


def _contacted_words(data: dict[str, Any]) -> str:
    return contact_words(data["kind"], data["outcome"])


def _with_channel(words: str, data: dict[str, Any]) -> str:
    channel = CHANNELS.get(data.get("channel", ""))
    if channel:
        return f"{words} · {channel}"
    return words


def _crossed_words(in_step: Promise, without: Promise) -> Words:
    """Describe which instant a clock crossed, in a step or without a status."""
    return lambda data: in_step % {"step": _step_name(data["stage"])} if data.get("stage") else str(without)


_due_soon = _crossed_words(gettext_lazy("Due soon in %(step)s"), gettext_lazy("Due soon, without a status"))
_overdue = _crossed_words(gettext_lazy("Late in %(step)s"), gettext_lazy("Late, without a status"))
_far_overdue = _crossed_words(gettext_lazy("Very late in %(step)s"), gettext_lazy("Very late, without a status"))


def _corrected_words(data: dict[str, Any]) -> str:
    if data.get("cause"):
        return _("The value follows the quotes that the customer has accepted")
    return _("edited the details")


EVENT_WORDS = [
    EventWords("job.opened", "plus", _opened_words, mark="in"),
    EventWords("job.moved", "arrow-right", _moved_words, many=gettext_lazy("moved them")),
    EventWords("job.turned", "arrow-right-left", _turned_words),
    EventWords("job.paused", "pause", gettext_lazy("put it on hold")),
    EventWords("job.resumed", "play", gettext_lazy("resumed it")),
    EventWords("job.finished", "check", gettext_lazy("finished it")),
    EventWords("job.lost", "circle-x", _lost_words),
    EventWords("job.dropped", "circle-x", _dropped_words),
    EventWords("job.reopened", "undo-2", _reopened_words),
    EventWords("job.party_added", "user-plus", gettext_lazy("added a contact")),
    EventWords("job.party_removed", "user", gettext_lazy("removed a contact")),
    EventWords("job.assigned", "user-plus", _assigned_words, many=gettext_lazy("reassigned them")),
    EventWords("job.prioritized", "flag", _prioritized_words, many=gettext_lazy("changed their priority")),
    EventWords("job.next_step_planned", "calendar-clock", _planned_words),
    EventWords("job.heard", "message-square-more", _heard_words, mark="in"),
    EventWords("job.answered", "mail", _answered_words),
    EventWords("job.contacted", "phone", _contacted_words),
    EventWords("job.contact_withdrawn", "undo-2", gettext_lazy("undid the last contact")),
    EventWords("job.undone", "undo-2", gettext_lazy("undid the last change")),
    EventWords("note.pinned", "pin", gettext_lazy("pinned a note")),
    EventWords("note.unpinned", "pin-off", gettext_lazy("unpinned a note")),
    EventWords("job.due_soon", "clock", _due_soon, mark="auto"),
    EventWords("job.overdue", "clock-alert", _overdue, mark="auto"),
    EventWords("job.far_overdue", "triangle-alert", _far_overdue, mark="auto"),
    EventWords("job.clock_moved", "calendar", _clock_moved, mark="auto"),
    EventWords("job.corrected", "file-text", _corrected_words, mark="auto", many=gettext_lazy("edited the details")),
    EventWords("job.filled_in", "file-text", gettext_lazy("added missing details")),
]
