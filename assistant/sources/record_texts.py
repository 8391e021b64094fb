"""Read the messages and notes of a conversation, a job, a customer or a property."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db.models import F, Model, Q

from assistant.sources.record_text import RecordText
from comms.message_sharing import sharing_for
from comms.models import Channel, Direction, Medium, Message
from crm.jobs.models import Job, Note
from crm.people.models import Person, Property
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.web.shell.record_pages import record_url
from tickets.models import Entry, Ticket
from tickets.models.note import Audience

# So many of the newest are read: what the page of a conversation shows at first.
MOST = 50
# Characters of a text that are read.
LONGEST = 6000
_OF_MESSAGES = (
    "id tenant_id uid channel_id sole_reader_id medium direction state author_id address address_name at text "
    "automatic inbound_id person_id revoked_at"
).split()
_OF_ENTRIES = "id tenant_id uid ticket_id kind at message_id author_id body audience team_id".split()


class RecordTexts(NamedTuple):
    """The newest texts of a record, oldest first, and whose names and addresses are in them."""

    texts: list[RecordText]
    customers: list[str]
    addresses: list[str]

    @property
    def colleagues(self) -> list[str]:
        return [member.name for member in directory().members.values()]

    @property
    def last_ref(self) -> str:
        """The id of the last text; blank without one."""
        return self.texts[-1].ref if self.texts else ""


def read_texts(record: Model, member: Member | None, slug: str) -> RecordTexts:
    """Read the newest texts of a record that a member may read; for None those that everybody may who sees it."""
    entries = _entries_of(record, member)
    newest = list(entries.order_by("-at", "-pk").only(*_OF_ENTRIES)[:MOST])[::-1]
    messages = _readable_messages([entry.message_id for entry in newest if entry.message_id], member)
    tickets = Ticket.objects.in_bulk({entry.ticket_id for entry in newest})
    urls = {pk: record_url(ticket, slug) for pk, ticket in tickets.items()}
    texts = []
    for entry in newest:
        ticket = tickets[entry.ticket_id]
        url = f"{urls[ticket.pk]}#e{entry.uid}"
        if entry.message_id is None:
            texts.append(_note_text(entry, url))
        elif message := messages.get(entry.message_id):
            texts.append(_message_text(entry, message, ticket, url))
    if isinstance(record, Job):
        texts = sorted([*texts, *_job_notes(record, slug)], key=lambda text: text.at)[-MOST:]
    return RecordTexts([text for text in texts if text.text.strip()], *_names_of(record, tickets, messages.values()))


def _entries_of(record: Model, member: Member | None) -> Any:
    rows = Entry.objects.filter(ticket__in=_tickets_of(record, member).values("pk"))
    if member is not None:
        return rows.readable_by(member)
    return rows.filter(audience=Audience.EVERYBODY, message__sole_reader__isnull=True, removed_at=None)


def _tickets_of(record: Model, member: Member | None) -> Any:
    rows = Ticket.objects.all()
    if member is not None:
        rows = Ticket.objects.visible_to(member)
    else:
        rows = rows.filter(sole_reader__isnull=True)
    if isinstance(record, Ticket):
        return rows.filter(pk=record.pk)
    if isinstance(record, Job):
        return rows.filter(job=record)
    if isinstance(record, Person):
        return rows.filter(Q(person=record) | Q(job__person=record))
    assert isinstance(record, Property)
    return rows.filter(job__site=record)


def _readable_messages(ids: Sequence[int], member: Member | None) -> dict[int, Any]:
    """Return the messages whose text may be read, by id."""
    rows = Message.objects.filter(pk__in=ids, revoked_at=None).exclude(state=Message.State.CANCELLED)
    rows = rows.annotate(person_name=F("person__name")).select_related("channel")
    if member is None:
        shared = Q(channel__sharing__in=(Channel.Sharing.FULL, Channel.Sharing.PRIVATE))
        rows = rows.for_everybody().filter(Q(channel__isnull=True) | Q(channel__owner__isnull=True) | shared)
        return {message.pk: message for message in rows}
    return {message.pk: message for message in rows if sharing_for(message, member) == Channel.Sharing.FULL}


def _message_text(entry: Entry, message: Any, ticket: Ticket, url: str) -> RecordText:
    is_ours = message.direction == Direction.OUT
    if is_ours:
        who = _colleague(message.author_id)
    else:
        who = message.person_name or message.address_name or ticket.customer_name or message.address
    return RecordText(
        f"e{entry.uid}",
        entry.at,
        "call" if message.medium == Medium.CALL else "message",
        who,
        message.text[:LONGEST],
        url,
        is_ours=is_ours,
        is_automatic=bool(message.automatic) or (is_ours and not message.is_personal),
        ticket_id=ticket.pk,
    )


def _note_text(entry: Entry, url: str) -> RecordText:
    return RecordText(
        f"e{entry.uid}",
        entry.at,
        "note",
        _colleague(entry.author_id),
        entry.body[:LONGEST],
        url,
        is_ours=True,
        ticket_id=entry.ticket_id,
    )


def _job_notes(job: Job, slug: str) -> list[RecordText]:
    """Return the notes on a job; the words of a form are the customer's."""
    url = record_url(job, slug)
    return [
        RecordText(
            f"n{note.uid}",
            note.at,
            "message" if note.sent_by else "note",
            note.sent_by or _colleague(note.author_id),
            note.body[:LONGEST],
            f"{url}#timeline",
            is_ours=not note.sent_by,
        )
        for note in Note.objects.of(job).order_by("-at", "-pk")[:MOST]
    ]


def _colleague(member_id: int | None) -> str:
    member = directory().members.get(member_id or 0)
    if member:
        return member.name
    return ""


def _names_of(record: Model, tickets: dict[int, Ticket], messages: Any) -> tuple[list[str], list[str]]:
    """Return the names of customers, and the addresses of places, that texts of a record may contain."""
    names = {ticket.customer_name for ticket in tickets.values()}
    names |= {message.person_name or message.address_name for message in messages if message.direction == Direction.IN}
    job = record if isinstance(record, Job) else getattr(record, "job", None)
    places: list[Any] = [job.site] if job and job.site else []
    if isinstance(record, Property):
        places = [record]
    person = record if isinstance(record, Person) else getattr(record, "person", None)
    if person:
        names.add(person.name)
    return sorted(filter(None, names)), [place.street for place in places]
