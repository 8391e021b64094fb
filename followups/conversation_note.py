"""Plan a follow-up for a note with a date on a conversation: for the one member it mentions, else for its author.

A note that is deleted takes it away while it is open, and brings it back when the note comes back.
"""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from crm.platform.models import Event, Member
from crm.platform.organization.configuration import directory
from followups.models import FollowUp, FollowUpKind, FollowUpStatus
from tickets.models import Audience, Entry

# The cause in the event of a follow-up that went with its note.
CAUSE = "note"


def follow_notes(changes: Sequence[Event]) -> None:
    """Plan the follow-up of each note with a date, and cancel the open one of a deleted note. Idempotent.

    Goes by the notes as they are now, not by the events.
    """
    notes = Entry.objects.filter(pk__in={event.data["entry"] for event in changes}, due_at__isnull=False)
    for note in notes.select_related("ticket__job", "author").order_by("pk"):
        _update_follow_up(note)


@transaction.atomic
def _update_follow_up(note: Entry) -> None:
    note.ticket.lock()
    note.refresh_from_db(fields=["removed_at"])
    planned = FollowUp.objects.filter(origin=_origin_of_note(note)).first()
    if planned is None and note.removed_at is None:
        _plan_follow_up(note)
    elif planned and note.removed_at and planned.is_open:
        planned.cancel(by=note.author, cause=CAUSE)
    elif planned and note.removed_at is None and _was_taken_away(planned):
        planned.reopen(by=note.author)


def _origin_of_note(note: Entry) -> str:
    return f"note {note.pk}"


def _was_taken_away(planned: FollowUp) -> bool:
    """True if it was cancelled because its note was deleted, not by a member."""
    if planned.status != FollowUpStatus.CANCELLED:
        return False
    last = Event.objects.of(planned).filter(kind="followup.cancelled").order_by("-pk").first()
    return last is not None and last.data.get("cause") == CAUSE


def _plan_follow_up(note: Entry) -> None:
    subject = _build_subject(note)
    assignee = _choose_assignee(note)
    if FollowUp.objects.filter(origin="", subject=subject, due_at=note.due_at, assignee=assignee).exists():
        return  # planned before a follow-up named its note
    FollowUp.plan(
        kind=FollowUpKind.TASK,
        subject=subject,
        due_at=note.due_at,
        about=note.ticket,
        assignee=assignee,
        priority=note.ticket.priority,
        by=note.author,
        origin=_origin_of_note(note),
    )


def _build_subject(note: Entry) -> str:
    """Return a subject: the conversation, and the first words of the note if everybody may read it."""
    writer: Any = note.author
    with override(writer.language or directory().tenant.language):
        about = _("Conversation #%(number)s") % {"number": note.ticket.number}
    if note.audience == Audience.EVERYBODY:
        words = " ".join(note.body[:400].split())
    else:
        words = note.ticket.customer_name
    return f"{about}: {words}"[:120].strip()


def _choose_assignee(note: Entry) -> Member | None:
    """Return the mentioned member if there is exactly one, else the author."""
    named = list(note.mentions.values_list("member_id", flat=True)[:2])
    if len(named) == 1:
        return directory().members[named[0]]
    return note.author
