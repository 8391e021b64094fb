"""The timeline of a lead: what happened and what was noted, newest first, by day, in words."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.jobs import archiving
from crm.jobs.line import line
from crm.jobs.models import Note, Priority, Side
from crm.platform import formats
from crm.platform.configuration import directory
from crm.platform.models import Event
from leads.rows import step_name
from leads.wording import Reader

# The ways a customer writes or is answered, as a sentence names them.
CHANNELS = {
    "email": gettext_lazy("email"),
    "sms": gettext_lazy("text message"),
    "whatsapp": gettext_lazy("WhatsApp"),
    "phone": gettext_lazy("phone"),
}
# Events and notes shown; a lead has a few dozen.
MOST = 200


@dataclass(frozen=True)
class Entry:
    """One line: who, what, when. `mark` is the class of its icon: in, auto, note or nothing for a colleague."""

    at: datetime
    time: str
    who: str
    what: str
    icon: str
    mark: str = ""
    body: str = ""
    note: Note | None = None


@dataclass(frozen=True)
class Day:
    """A day of the timeline."""

    name: str
    entries: list[Entry]


def timeline(events: Iterable[Event], notes: Iterable[Note], reader: Reader) -> list[Day]:
    """Events and notes together, by the reader's day."""
    told = [event for event in events if not _is_a_copy(event)]
    undone = _undone(told)
    hidden = {event.pk for event in undone.values()}
    entries = [_of_event(event, reader, undone.get(event.pk)) for event in told if event.pk not in hidden]
    entries += [_of_note(note, reader) for note in notes]
    entries.sort(key=lambda entry: entry.at, reverse=True)
    today = reader.now.astimezone(reader.zone).date()

    def on(entry: Entry) -> date:
        return entry.at.astimezone(reader.zone).date()

    return [Day(_day(day, today, reader), list(found)) for day, found in groupby(entries, key=on)]


def _day(day: date, today: date, reader: Reader) -> str:
    if abs((today - day).days) <= 1:
        return formats.day(day, today, reader.country).capitalize()
    return formats.long_day(day, today, reader.country)


def sentence(event: Event, reader: Reader) -> str:
    """One event in words: "Mona Manager moved it from New to Quote sent"."""
    entry = _of_event(event, reader)
    return f"{entry.who} {entry.what}" if entry.who else capfirst(entry.what)


def _is_a_copy(event: Event) -> bool:
    """A next step that follows something else, or a note: these tell themselves."""
    if event.kind == "job.next_step_planned":
        return bool(event.data.get("cause"))
    return event.kind == "note.written"


def _undone(events: Sequence[Event]) -> dict[int, Event]:
    """By the taking back, the act that was taken back: the pair reads as one calm line."""
    found = {}
    for undone in events:
        if undone.kind != "job.undone":
            continue
        since = datetime.fromisoformat(undone.data["since"])
        acts = [
            event
            for event in events
            if event.kind == undone.data["of"]
            and event.actor_id == undone.actor_id
            and since <= event.at <= undone.at
            and event.pk < undone.pk
        ]
        if acts:
            found[undone.pk] = min(acts, key=lambda event: event.pk)
    return found


def _of_note(note: Note, reader: Reader) -> Entry:
    who = _name(note.author_id)
    return Entry(note.at, reader.time(note.at), who, _("left a note"), "sticky-note", "note", note.body, note)


def _of_event(event: Event, reader: Reader, undone: Event | None = None) -> Entry:
    icon, mark, words = _WORDS.get(event.kind, ("info", "auto", lambda data: event.kind.replace(".", ": ")))
    what = words({**event.data, "by": event.actor_id})
    if undone:
        what = _("took back: %(act)s") % {"act": _of_event(undone, reader).what}
    who = _name(event.actor_id)
    if who:
        mark = ""
    elif mark == "":
        mark = "auto"
    return Entry(event.at, reader.time(event.at), who, what, icon, mark)


def _name(member_id: int | None) -> str:
    member = directory().members.get(member_id) if member_id else None
    return member.name if member else ""


def _step(stage_id: Any) -> str:
    stage = line().stages.get(stage_id) if stage_id else None
    return stage.name if stage else _("no status")


def _because(words: str, data: dict[str, Any]) -> str:
    cause = _("the step was archived") if data.get("cause") == archiving.CAUSE else data.get("cause")
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
    new = _name(data.get("to"))
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
    words = _("noted that the customer wrote") if data.get("noted") else _("The customer wrote")
    channel = CHANNELS.get(data.get("channel", ""))
    return f"{words} · {channel}" if channel else words


def _answered(data: dict[str, Any]) -> str:
    words = _("answered, so it is their move") if data.get("side") == Side.CUSTOMER else _("answered")
    channel = CHANNELS.get(data.get("channel", ""))
    return f"{words} · {channel}" if channel else words


def _due_soon(data: dict[str, Any]) -> str:
    where = _where(data)
    return _("Due soon in %(step)s") % where if where else _("Due soon, without a status")


def _overdue(data: dict[str, Any]) -> str:
    where = _where(data)
    return _("Over the allowed time in %(step)s") % where if where else _("Over the allowed time, without a status")


def _far_overdue(data: dict[str, Any]) -> str:
    where = _where(data)
    return _("Over twice the allowed time in %(step)s") % where if where else _("Over twice the time, without a status")


def _where(data: dict[str, Any]) -> dict[str, str]:
    return {"step": _step(data["stage"])} if data.get("stage") else {}


# By kind of event: icon, mark when nobody of us did it, and the words.
_WORDS: dict[str, tuple[str, str, Callable[[dict[str, Any]], str]]] = {
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


def register(kind: str, icon: str, mark: str, words: Callable[[dict[str, Any]], str]) -> None:
    """Words for an upper app's events, from its `AppConfig.ready()`."""
    _WORDS[kind] = (icon, mark, words)
