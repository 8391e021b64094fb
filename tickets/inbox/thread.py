"""The thread of a ticket: messages of all channels, notes and actions, oldest first; the newest fifty.

Four statements, however long it is: the entries, their messages, the ticket's events, and the messages' files if any;
a fifth where something was left out of a mail, for who may open the original; another for calendar files, and one for
calls where the tenant has tracking numbers.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any, NamedTuple

from django.db.models import Case, Exists, F, OuterRef, Subquery, Value, When
from django.utils.safestring import SafeString

from comms.call_notes import call_notes
from comms.invitations.card import cards_of
from comms.models import Attachment, Medium, Message, Recording
from comms.original_mails import original_mails
from crm.platform.models import Event, Member
from crm.web.lists.paging import Order, Place
from crm.web.reader import Reader
from tickets.inbox.bubbles import Act, Bubble, act_of, bubble_of, note_of
from tickets.inbox.message_html import MessageMaker, acts_html, join_html
from tickets.models import Entry, Ticket

OLDEST_FIRST = Order(Entry, "at", "id")
AT_ONCE = 50
MOST = 200
MOST_EVENTS = 200
MOST_PINNED = 5
# Shown by the entry itself.
SHOWN_AS_ENTRIES = (
    "ticket.received",
    "ticket.replied",
    "ticket.notified",
    "ticket.noted",
    "ticket.note_edited",
    "ticket.note_restored",
)
# What is shown of each; a message's HTML is asked for when it is to be seen.
OF_ENTRIES = (
    "id tenant_id uid ticket_id at message_id author_id body matched_by evidence audience team_id pinned_at due_at "
    "edited_at"
).split()
OF_MESSAGES = (
    "id tenant_id uid channel_id sole_reader_id medium direction state delivery author_id address address_name "
    "participants at subject text folded_text automatic authentication problems inbound_id duration send_at error "
    "error_words reactions revisions revoked_at referral"
).split()
OF_FILES = "id uid message_id name size media_type".split()
OF_EVENTS = "id at kind data actor_id".split()


class Part(NamedTuple):
    """A rendered part of a day, and the forms below it: of a note, or of a message with a pending decision."""

    html: SafeString
    item: Bubble | None = None


@dataclass(frozen=True)
class Day:
    """A day of the thread, with its bubbles and groups of actions."""

    name: str
    items: list[Bubble | list[Act]]
    may_decide: bool

    @property
    def parts(self) -> Iterator[Part]:
        """Render the day in as few parts as possible."""
        drawn: list[str] = []
        for item in self.items:
            if isinstance(item, list):
                drawn.append(acts_html(item))
            elif item.is_note or (item.is_asking and self.may_decide):
                yield Part(join_html(drawn), item)
                drawn.clear()
            else:
                drawn.append(f"{item.html}</article>")
        yield Part(join_html(drawn))


@dataclass(frozen=True)
class Thread:
    """A part of a thread. `first`: position of its first entry; `earlier`: the same, if earlier entries exist."""

    days: list[Day]
    first: str
    earlier: str
    # Of all that is shown: another one means that something came or changed.
    version: str
    # How many messages and notes are shown.
    count: int = 0


def read_thread(
    ticket: Ticket, member: Member, reader: Reader, *, before: str = "", since: str = "", most: int = AT_ONCE
) -> Thread:
    """Read the newest entries, those before a position, or all from a position on (at most 200)."""
    entries = _read_entries(ticket, member, OLDEST_FIRST.decode(before), OLDEST_FIRST.decode(since), most)
    more = len(entries) > most and not since
    if more:
        entries = entries[-most:]
    messages = _messages_by_id(entry.message_id for entry in entries if entry.message_id)
    files = _files_by_message(messages.values())
    raw = original_mails(messages.values(), member)
    cards = cards_of(_with_calendar(messages, files), member, reader)
    maker = MessageMaker(member, call_notes(messages.values()))

    def build_bubble(entry: Entry, message: Message) -> Bubble:
        more = (files[message.pk], member, reader, maker.html, raw.get(message.pk), cards.get(message.pk))
        return bubble_of(entry, message, *more)

    bubbles = [
        build_bubble(entry, messages[entry.message_id]) if entry.message_id else note_of(entry, reader)
        for entry in entries
        if entry.message_id is None or _is_shown(messages.get(entry.message_id))
    ]
    events = _events_between(ticket, entries, until=OLDEST_FIRST.decode(before), whole=not more)
    place = ""
    if entries:
        place = OLDEST_FIRST.encode(entries[0])
    return Thread(
        _group_by_day(bubbles, [act_of(event, reader) for event in events], reader, may_decide=maker.may_work),
        first=place,
        earlier=place if more else "",
        version=_thread_version(bubbles, events),
        count=len(bubbles),
    )


def _is_shown(message: Message | None) -> bool:
    """True if a message is part of the thread: messages cancelled before sending are not."""
    is_taken_back = message is not None and message.state == Message.State.CANCELLED
    return message is not None and (not is_taken_back or message.medium == Medium.CALL)


def pinned_notes(ticket: Ticket, member: Member, reader: Reader) -> list[Bubble]:
    """Return the pinned notes of a ticket, last pinned first."""
    rows = Entry.objects.of(ticket).readable_by(member).only_pinned().order_by("-pinned_at", "-pk")
    return [note_of(entry, reader) for entry in rows[:MOST_PINNED]]


def _read_entries(ticket: Ticket, member: Member, before: Place | None, since: Place | None, most: int) -> list[Entry]:
    rows = Entry.objects.of(ticket).readable_by(member)
    if since:
        kept = OLDEST_FIRST.of(OLDEST_FIRST.after(rows, (since[0], since[1] - 1)))[:MOST]
        return list(kept)
    if before:
        rows = OLDEST_FIRST.before(rows, before)
    return list(OLDEST_FIRST.of(rows, backwards=True)[: most + 1])[::-1]


def _messages_by_id(ids: Iterable[int]) -> dict[int, Message]:
    wanted = list(ids)
    rows = []
    if wanted:
        rows = _these_messages(wanted).annotate(person_name=F("person__name")).only(*OF_MESSAGES)
    return {message.pk: message for message in rows}


def _these_messages(ids: Any) -> Any:
    has_html = Case(When(html="", then=Value(value=False)), default=Value(value=True))
    recordings = Recording.objects.filter(message=OuterRef("pk"), file__isnull=False, removed_at__isnull=True)
    rows = Message.objects.filter(pk__in=ids)
    has_files = Exists(Attachment.objects.filter(message=OuterRef("pk")))
    recording = Subquery(recordings.values("uid")[:1])
    return rows.annotate(has_html=has_html, has_files=has_files, recording=recording)


def _files_by_message(messages: Iterable[Any]) -> dict[int, list[Attachment]]:
    files: dict[int, list[Attachment]] = defaultdict(list)
    if having := [message.pk for message in messages if message.has_files]:
        for file in Attachment.objects.filter(message_id__in=having).order_by("position", "pk").only(*OF_FILES):
            files[file.message_id].append(file)
    return files


def _with_calendar(messages: Mapping[int, Message], files: Mapping[int, Sequence[Attachment]]) -> list[Message]:
    """Return the messages with a calendar file."""
    having = [pk for pk, kept in files.items() if any(file.media_type == "text/calendar" for file in kept)]
    return [messages[pk] for pk in having if pk in messages]


def _events_between(ticket: Ticket, entries: Sequence[Entry], *, until: Place | None, whole: bool) -> list[Event]:
    """Return the events in the time range of these entries; also earlier ones if it is the whole thread."""
    if whole and not until:
        return list(_newest_events(ticket.pk))[::-1]
    rows = Event.objects.of(ticket).exclude(kind__in=SHOWN_AS_ENTRIES)
    if not whole and entries:
        rows = rows.filter(at__gte=entries[0].at)
    if until:
        rows = rows.filter(at__lt=until[0])
    return list(rows.order_by("-pk").only(*OF_EVENTS)[:MOST_EVENTS])[::-1]


def _newest_events(ticket: int) -> Any:
    rows = Event.objects.filter(subject_kind=Ticket._meta.label_lower, subject_id=ticket)
    return rows.exclude(kind__in=SHOWN_AS_ENTRIES).order_by("-pk").only(*OF_EVENTS)[:MOST_EVENTS]


def _thread_version(bubbles: Iterable[Bubble], events: Sequence[Event]) -> str:
    versions = "|".join([*(bubble.version for bubble in bubbles), str(events[-1].pk if events else 0)])
    return hashlib.sha256(versions.encode()).hexdigest()[:16]


def _group_by_day(bubbles: Sequence[Bubble], acts: Sequence[Act], reader: Reader, *, may_decide: bool) -> list[Day]:
    items: list[Bubble | Act] = sorted([*bubbles, *acts], key=lambda item: item.at)

    def on(item: Bubble | Act) -> date:
        return item.at.astimezone(reader.zone).date()

    return [
        Day(_day_heading(day_items[0].at, reader), list(_gather_acts(day_items)), may_decide)
        for day_items in _group_items(items, on)
    ]


def _group_items(items: Sequence[Any], on: Any) -> Iterator[list[Any]]:
    for _date, group in groupby(items, key=on):
        yield list(group)


def _gather_acts(items: Sequence[Bubble | Act]) -> Iterator[Bubble | list[Act]]:
    """Group consecutive actions."""
    for is_act, group in groupby(items, key=lambda item: isinstance(item, Act)):
        if is_act:
            yield [item for item in group if isinstance(item, Act)]
        else:
            yield from (item for item in group if not isinstance(item, Act))


def _day_heading(at: datetime, reader: Reader) -> str:
    near = abs((reader.today - at.astimezone(reader.zone).date()).days) <= 1
    if near:
        return reader.day(at).capitalize()
    return reader.long_day(at)
