"""What an event did, in words: "moved it from New to Quote sent". Upper apps add the words of their own events."""

from collections.abc import Callable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.jobs.models import Priority, Side
from crm.jobs.next_step.description import step_name
from crm.jobs.pipelines import stage_archive
from crm.jobs.pipelines.setup import line
from crm.platform.organization.configuration import directory

# Of the event's data, and `by`: the id of who did it.
Words = Callable[[dict[str, Any]], str]

# The ways a customer writes or is answered, as a sentence names them.
CHANNELS = {
    "email": gettext_lazy("email"),
    "sms": gettext_lazy("text message"),
    "whatsapp": gettext_lazy("WhatsApp"),
    "phone": gettext_lazy("phone"),
}


def told(kind: str, data: dict[str, Any], actor_id: int | None) -> tuple[str, str, str]:
    """Icon, mark when nobody of us did it, and what was done. An event nobody has words for is called by its kind."""
    icon, mark, words = _WORDS.get(kind, ("info", "auto", lambda _data: kind.replace(".", ": ")))
    return icon, mark, words({**data, "by": actor_id})


def name_of(member_id: int | None) -> str:
    """A colleague's name; blank for nobody."""
    member = directory().members.get(member_id) if member_id else None
    return member.name if member else ""


def _step(stage_id: Any) -> str:
    stage = line().stages.get(stage_id) if stage_id else None
    return stage.name if stage else _("no status")


def _because(words: str, data: dict[str, Any]) -> str:
    cause = _("the step was archived") if data.get("cause") == stage_archive.CAUSE else data.get("cause")
    return f"{words} · {cause}" if cause else words


def _opened(data: dict[str, Any]) -> str:
    return _("brought it in with an import") if "import" in data else _because(_("came in"), data)


def _clock_moved(data: dict[str, Any]) -> str:
    if data.get("cause") == "target":
        return _("The due date moved: the target of the step was edited")
    if data.get("cause") == "levels":
        return _("The due date moved: the default of the organization was edited")
    return _("The due date moved: the business calendar was edited")


def _moved(data: dict[str, Any]) -> str:
    steps = {"old": _step(data.get("from")), "new": _step(data.get("to"))}
    return _because(_("moved it from %(old)s to %(new)s") % steps, data)


def _turned(data: dict[str, Any]) -> str:
    return _("made it their move") if data.get("side") == Side.CUSTOMER else _("made it our move")


def _assigned(data: dict[str, Any]) -> str:
    new = name_of(data.get("to"))
    if new and data["to"] == data.get("by"):
        return _("took it")
    return _("gave it to %(name)s") % {"name": new} if new else _("gave it back to nobody")


def _prioritized(data: dict[str, Any]) -> str:
    return _("set the priority to %(priority)s") % {"priority": Priority(data["to"]).label}


def _planned(data: dict[str, Any]) -> str:
    kind = data.get("kind")
    return _("planned the next step: %(kind)s") % {"kind": step_name(kind)} if kind else _("took the next step off")


def _reopened(data: dict[str, Any]) -> str:
    if not data.get("to"):
        return _("opened it again")
    return _("opened it again in %(new)s, because %(old)s was archived") % {
        "new": _step(data["to"]),
        "old": _step(data["from"]),
    }


def _lost(data: dict[str, Any]) -> str:
    return _("marked it as lost: %(reason)s") % {"reason": data.get("reason", "")}


def _dropped(data: dict[str, Any]) -> str:
    return _("dropped it: %(reason)s") % {"reason": data.get("reason", "")}


def _heard(data: dict[str, Any]) -> str:
    return _by(_("noted that the customer wrote") if data.get("noted") else _("The customer wrote"), data)


def _answered(data: dict[str, Any]) -> str:
    return _by(_("answered, so it is their move") if data.get("side") == Side.CUSTOMER else _("answered"), data)


def _by(words: str, data: dict[str, Any]) -> str:
    channel = CHANNELS.get(data.get("channel", ""))
    return f"{words} · {channel}" if channel else words


def _crossed(in_step: Promise, without: Promise) -> Words:
    """What a clock crossed, in a step or without a status."""
    return lambda data: in_step % {"step": _step(data["stage"])} if data.get("stage") else str(without)


_due_soon = _crossed(gettext_lazy("Due soon in %(step)s"), gettext_lazy("Due soon, without a status"))
_overdue = _crossed(
    gettext_lazy("Over the allowed time in %(step)s"), gettext_lazy("Over the allowed time, without a status")
)
_far_overdue = _crossed(
    gettext_lazy("Over twice the allowed time in %(step)s"), gettext_lazy("Over twice the time, without a status")
)

# By kind of event: icon, mark when nobody of us did it, and the words.
_WORDS: dict[str, tuple[str, str, Words]] = {
    "job.opened": ("plus", "in", _opened),
    "job.moved": ("arrow-right", "", _moved),
    "job.turned": ("arrow-right-left", "", _turned),
    "job.paused": ("pause", "", lambda data: _("put it on hold")),
    "job.resumed": ("play", "", lambda data: _("took it up again")),
    "job.finished": ("check", "", lambda data: _("finished it")),
    "job.lost": ("circle-x", "", _lost),
    "job.dropped": ("circle-x", "", _dropped),
    "job.reopened": ("undo-2", "", _reopened),
    "job.assigned": ("user-plus", "", _assigned),
    "job.prioritized": ("flag", "", _prioritized),
    "job.next_step_planned": ("calendar-clock", "", _planned),
    "job.heard": ("message-square-more", "in", _heard),
    "job.answered": ("mail", "", _answered),
    "job.undone": ("undo-2", "", lambda data: _("took the last change back")),
    "note.pinned": ("pin", "", lambda data: _("pinned a note")),
    "note.unpinned": ("pin-off", "", lambda data: _("took a note off the pin board")),
    "job.due_soon": ("clock", "auto", _due_soon),
    "job.overdue": ("clock-alert", "auto", _overdue),
    "job.far_overdue": ("triangle-alert", "auto", _far_overdue),
    "job.clock_moved": ("calendar", "auto", _clock_moved),
    "job.corrected": ("file-text", "", lambda data: _("corrected what is known of it")),
    "job.filled_in": ("file-text", "", lambda data: _("filled in what was missing")),
    "lead.filled_in": ("file-text", "", lambda data: _("filled in what was missing of the sale")),
    "lead.won": ("trophy", "", lambda data: _("won it")),
}


def register(kind: str, icon: str, mark: str, words: Words) -> None:
    """Words for an upper app's events, from its `AppConfig.ready()`."""
    _WORDS[kind] = (icon, mark, words)
