"""Messages, calls and notes of a job, newest first, as sources to quote a promise from."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from comms.models import Message
from comms.timeline import describe_message
from crm.jobs.models import Job, Note
from crm.kernel.whole_numbers import read_number
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.web.reader import Reader
from service.models import Promise

MOST = 30
LONGEST = 300


@dataclass(frozen=True)
class JobStatement:
    """A quotable text of a job, with its source."""

    code: str
    label: str
    text: str
    row: Message | Note


def said_about(job: Job, member: Member, reader: Reader) -> list[JobStatement]:
    """List the messages, calls and notes of a job that a member may read. Three queries."""
    messages = Message.objects.readable_by(member).filter(job=job).exclude(text="").select_related("person", "author")
    entries = [
        JobStatement(
            f"message-{one.pk}",
            f"{reader.near(one.at)} · {describe_message(one)}: {_shorten_line(one.text)}",
            one.text[:LONGEST],
            one,
        )
        for one in messages.newest_first()[:MOST]
    ]
    notes = Note.objects.of(job).select_related("author").order_by("-at", "-pk")[:MOST]
    entries += [
        JobStatement(
            f"note-{one.pk}",
            f"{reader.near(one.at)} · {_note_heading(one)}: {_shorten_line(one.body)}",
            one.body[:LONGEST],
            one,
        )
        for one in notes
    ]
    return sorted(entries, key=lambda one: one.row.at, reverse=True)[:MOST]


def find_source(code: str, job: Job, member: Member) -> Message | Note | None:
    """Return the message or note chosen in a form, if the member may read it on this job."""
    kind, _dash, digits = code.partition("-")
    pk = read_number(digits) or 0
    if kind == "message":
        message: Message | None = Message.objects.readable_by(member).filter(job=job, pk=pk).first()
        return message
    note: Note | None = None
    if kind == "note":
        note = Note.objects.of(job).filter(pk=pk).first()
    return note


def place_of(promise: Promise, reader: Reader) -> tuple[str, str]:
    """Return the source of a promise in words, and its URL; blank if it was not written."""
    slug = directory().tenant.slug
    message: Message | None = promise.message
    note: Note | None = promise.note
    if message is not None:
        return f"{describe_message(message)}, {reader.near(message.at)}", reverse(
            "comms:message", args=[slug, message.uid]
        )
    if note is not None:
        number = promise.hand_off.job.number
        return f"{_note_heading(note)}, {reader.near(note.at)}", reverse("leads:lead", args=[slug, number])
    hand_off = promise.hand_off
    if promise.kind == Promise.Kind.PRICE and not promise.words:
        return _("the price it was sold at, %(day)s") % {"day": reader.near(hand_off.opened_at)}, ""
    if promise.said_at:
        return (_("told %(day)s") % {"day": reader.near(promise.said_at)}, "")
    return ("", "")


def _note_heading(note: Note) -> str:
    if note.sent_by:
        return _("the customer, by %(way)s") % {"way": note.sent_by}
    if note.author:
        return _("note by %(name)s") % {"name": note.author.name}
    return _("note")


def _shorten_line(text: str) -> str:
    line = " ".join(text.split())
    if len(line) > 90:
        return f"{line[:89]}…"
    return line
