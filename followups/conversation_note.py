"""Plan what a note on a conversation wants done by a day: whoever is named alone has it, else who wrote the note."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from crm.platform.models import Event, Member
from crm.platform.organization.configuration import directory
from followups.models import FollowUp, Kind
from tickets.models import Audience, Entry


def plan_from_notes(written: Sequence[Event]) -> None:
    """Plan a follow-up for each note with a day. Again: nothing more."""
    wanted = [event.data["entry"] for event in written if event.data.get("due")]
    notes = Entry.objects.filter(pk__in=wanted, removed_at=None, due_at__isnull=False)
    for note in notes.select_related("ticket__job", "author").order_by("pk"):
        note.ticket.lock()
        subject, assignee = _subject(note), _assignee(note)
        if not FollowUp.objects.filter(subject=subject, due_at=note.due_at, assignee=assignee).exists():
            FollowUp.plan(
                kind=Kind.TASK,
                subject=subject,
                due_at=note.due_at,
                job=note.ticket.job,
                person_id=note.ticket.person_id,
                assignee=assignee,
                priority=note.ticket.priority,
                by=note.author,
            )


def _subject(note: Entry) -> str:
    """Name the conversation, and the first words of a note that everybody reads; of a narrower one none."""
    writer: Any = note.author
    with override(writer.language or directory().tenant.language):
        about = _("Conversation #%(number)s") % {"number": note.ticket.number}
    words = " ".join(note.body[:400].split()) if note.audience == Audience.EVERYBODY else note.ticket.customer_name
    return f"{about}: {words}"[:120].strip()


def _assignee(note: Entry) -> Member | None:
    """Return who is named, where it is one; else who wrote it."""
    named = list(note.mentions.values_list("member_id", flat=True)[:2])
    return directory().members[named[0]] if len(named) == 1 else note.author
