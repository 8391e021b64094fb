"""The timeline of a lead: its events and notes, newest first, by day, in words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from crm.jobs.models import Note
from crm.jobs.timeline.event_texts import read_event_texts
from crm.jobs.timeline.parts import TimelinePart, part_of
from crm.kernel import formats
from crm.platform.models import Event
from crm.web.reader import Reader
from crm.web.timeline.event_words import WhyPage, describe_event, name_of, why_link

# Events and notes shown; a lead has a few dozen.
MOST = 200


@dataclass(frozen=True)
class TimelineEntry:
    """One line of the timeline. `mark` is the class of its icon: in, auto, note or nothing for a colleague."""

    at: datetime
    time: str
    who: str
    what: str
    icon: str
    mark: str = ""
    body: str = ""
    note: Note | None = None
    # Of a message: its page, its subject, its text, and the part of it that is folded away.
    url: str = ""
    head: str = ""
    text: str = ""
    folded: str = ""
    # The job it is of, and what that is called where the timeline has several.
    job_id: int | None = None
    about: str = ""
    # The part of the timeline it belongs to (parts.py); whether files came with it.
    part: str = ""
    has_files: bool = False
    # The page that says why it happened, and the key it has there.
    why: tuple[WhyPage, Any] | None = None


@dataclass(frozen=True)
class TimelineDay:
    """A day of the timeline."""

    name: str
    entries: list[TimelineEntry]


def timeline(
    events: Iterable[Event],
    notes: Sequence[Note],
    reader: Reader,
    more: Iterable[TimelineEntry] = (),
    called: Mapping[int, str] | None = None,
) -> list[TimelineDay]:
    """List events and notes together, by the reader's day; `more`: entries of upper apps.

    `called`: what each of several jobs is called, by id.
    """
    shown_events = [event for event in events if not _is_a_copy(event)]
    undone = _undone_events(shown_events)
    hidden = {event.pk for event in undone.values()}
    visible_events = [event for event in shown_events if event.pk not in hidden]
    contact_notes = _notes_by_contact([event for event in visible_events if event.pk not in undone], notes)
    texts = read_event_texts(visible_events)
    entries = [
        entry_of_event(event, reader, undone.get(event.pk), contact_notes.get(event.pk), texts.get(event.pk, ""))
        for event in visible_events
    ]
    entries += [_of_note(note, reader) for note in notes if note not in contact_notes.values()]
    entries += more
    if called:
        entries = [replace(entry, about=called.get(entry.job_id or 0, "")) for entry in entries]
    entries.sort(key=lambda entry: entry.at, reverse=True)
    today = reader.now.astimezone(reader.zone).date()

    def on(entry: TimelineEntry) -> date:
        return entry.at.astimezone(reader.zone).date()

    return [TimelineDay(_day_heading(day, today, reader), list(items)) for day, items in groupby(entries, key=on)]


def _day_heading(day: date, today: date, reader: Reader) -> str:
    if abs((today - day).days) <= 1:
        return formats.day(day, today, reader.country).capitalize()
    return formats.long_day(day, today, reader.country)


def sentence(event: Event, reader: Reader) -> str:
    """Describe one event: "Mona Manager moved it from New to Quote sent"."""
    entry = entry_of_event(event, reader)
    if entry.who:
        return f"{entry.who} {entry.what}"
    return capfirst(entry.what)


def _is_a_copy(event: Event) -> bool:
    """Return True if another timeline entry covers the event, such as a message or a note."""
    if event.kind in ("job.next_step_planned", "job.contacted", "job.heard", "job.answered"):
        return bool(event.data.get("cause"))
    return event.kind == "note.written"


def _undone_events(events: Sequence[Event]) -> dict[int, Event]:
    """Map each undo event to the action it undid: the pair is shown as one muted line."""
    by_undo = {}
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
            by_undo[undone.pk] = min(acts, key=lambda event: event.pk)
    return by_undo


def _notes_by_contact(events: Sequence[Event], notes: Sequence[Note]) -> dict[int, Note]:
    """Map each contact to the note on what was said, which is shown below it."""
    written = {note.pk: note for note in notes}
    contacts = {event.pk: event.data.get("note") for event in events if event.kind == "job.contacted"}
    return {pk: written[note] for pk, note in contacts.items() if note in written}


def _of_note(note: Note, reader: Reader) -> TimelineEntry:
    if note.sent_by:
        return _of_customer(note, reader)
    who = name_of(note.author_id)
    at = reader.time(note.at)
    words = _("left a note")
    return TimelineEntry(
        note.at, at, who, words, "sticky-note", "note", note.body, note, job_id=note.job_id, part=TimelinePart.NOTES
    )


def _of_customer(note: Note, reader: Reader) -> TimelineEntry:
    """Return a form submission of the customer as their message."""
    words = _("The customer wrote · %(way)s") % {"way": note.sent_by}
    at = reader.time(note.at)
    return TimelineEntry(
        note.at, at, "", words, "inbox", "in", text=note.body, job_id=note.job_id, part=TimelinePart.TEXTS
    )


def entry_of_event(
    event: Event, reader: Reader, undone: Event | None = None, note: Note | None = None, text: str = ""
) -> TimelineEntry:
    """Return the line of one event; `undone`: the act it undid, `note` or `text`: what was said."""
    icon, mark, what = describe_event(event.kind, event.data, event.actor_id)
    if undone:
        what = _("undid: %(act)s") % {"act": entry_of_event(undone, reader).what}
    who = name_of(event.actor_id)
    if who:
        mark = ""
    elif mark == "":
        mark = "auto"
    body = text
    if note:
        body = note.body
    subject = undone or event
    return TimelineEntry(
        event.at,
        reader.time(event.at),
        who,
        what,
        icon,
        mark,
        body,
        note,
        job_id=event.job_id,
        part=part_of(subject.kind, subject.data),
        why=why_link(event.kind, event.data),
    )
