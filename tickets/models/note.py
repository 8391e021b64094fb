"""NoteEntry: the note columns of an entry: audience, mentions and expiry, with its verbs.

A note is never sent: it has no message, and nothing that makes messages reads its words.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.jobs.mentions import mentioned_members
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.events import events
from crm.platform.models import Member, Team, TenantForeignKey, TenantModel
from tickets.models.mention import Mention, NoteVersion
from tickets.models.ticket import Ticket

LONGEST = 10_000
# So many are told of one note; whoever names more means everybody.
MOST_NAMED = 20


class Audience(models.TextChoices):
    """Which members may read a note. The author and mentioned members always may; customers never."""

    EVERYBODY = "all", _("The whole team")
    TEAM = "team", _("One team")
    NAMED = "named", _("Only people mentioned")


class NoteEntry(TenantModel):
    """The columns and verbs of an entry that is a note; blank for a message."""

    audience = models.CharField(max_length=5, choices=Audience, default=Audience.EVERYBODY)
    # For which team it is, where it is for one.
    team = TenantForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="+")
    pinned_at = models.DateTimeField(null=True, blank=True)
    # Until when somebody wants it done: a follow-up is planned for then.
    due_at = models.DateTimeField(null=True, blank=True)
    edited_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    # Columns of Entry.
    ticket: Any
    ticket_id: Any
    body: Any
    author_id: Any
    mentions: Any
    versions: Any

    class Meta:
        abstract = True
        base_manager_name = "objects"

    @classmethod
    @transaction.atomic
    def write(
        cls,
        ticket: Ticket,
        body: str,
        *,
        by: Member,
        audience: str = Audience.EVERYBODY,
        team: Team | None = None,
        pinned: bool = False,
        due_at: datetime | None = None,
    ) -> Any:
        """Write a note on a ticket. It affects no clock and is no answer.

        Raises Refused for an empty one, for one that is for nobody, and for a day that is over.
        """
        text = _clean_body(body)
        named = members_seeing(ticket, mentioned_members(text), besides=by)
        _check_readers(audience, team, named)
        if due_at is not None and due_at <= clock.now():
            raise Refused(gettext("Choose a day in the future."))
        made: Any = cls
        note = made(ticket=ticket, kind="note", author=by, body=text, audience=audience, due_at=due_at)
        if audience == Audience.TEAM:
            note.team = team
        else:
            note.team = None
        if pinned:
            note.pinned_at = clock.now()
        else:
            note.pinned_at = None
        note.save()
        note._add_mentions(named)
        note._record("ticket.noted", by, {"due": due_at.isoformat()} if due_at else {})
        return note

    @transaction.atomic
    def edit(self, body: str, *, audience: str, team: Team | None, by: Member) -> None:
        """Change text or audience; the earlier text is kept. Idempotent.

        Who is named now is told; raises Refused as `write` does, and for a colleague's note.
        """
        entry: Any = self
        entry._hold_own(by)
        text = _clean_body(body)
        if audience != Audience.TEAM:
            team = None
        if (text, audience, team) == (self.body, self.audience, self.team):
            return
        named = members_seeing(self.ticket, mentioned_members(text), besides=by)
        _check_readers(audience, team, named)
        NoteVersion.objects.create(entry=self, body=self.body, by=by)
        self.body = text
        self.audience = audience
        self.team = team
        self.edited_at = clock.now()
        entry.save(update_fields=["body", "audience", "team", "edited_at"])
        self.mentions.exclude(member__in=named).delete()
        self._add_mentions(named)
        self._record("ticket.note_edited", by)

    @transaction.atomic
    def remove(self, *, by: Member) -> None:
        """Delete one's own note; its text is kept for the record but hidden. Idempotent."""
        self._hold_own(by)
        if self.removed_at is None:
            self.removed_at = clock.now()
            self.pinned_at = None
            self.save(update_fields=["removed_at", "pinned_at"])
            self._record("ticket.note_deleted", by)

    @transaction.atomic
    def restore(self, *, by: Member) -> None:
        """Restore one's own deleted note. Idempotent."""
        self._hold_own(by)
        if self.removed_at is not None:
            self.removed_at = None
            self.save(update_fields=["removed_at"])
            self._record("ticket.note_restored", by)

    @transaction.atomic
    def pin(self, *, by: Member) -> None:
        """Pin it to the top of the conversation. Idempotent."""
        self.lock()
        if self.pinned_at is None and self.removed_at is None:
            self.pinned_at = clock.now()
            self.save(update_fields=["pinned_at"])
            self._record("ticket.note_pinned", by)

    @transaction.atomic
    def unpin(self, *, by: Member) -> None:
        """Unpin it. Idempotent."""
        self.lock()
        if self.pinned_at is not None:
            self.pinned_at = None
            self.save(update_fields=["pinned_at"])
            self._record("ticket.note_unpinned", by)

    def _hold_own(self, by: Member) -> None:
        self.lock()
        if self.author_id != by.pk:
            raise Refused(gettext("Only its author can change this note."))

    def _add_mentions(self, members: Iterable[Member]) -> None:
        rows = [Mention(entry_id=self.pk, member=member) for member in members]
        Mention.objects.bulk_create(rows, ignore_conflicts=True)

    def _record(self, kind: str, by: Member, data: dict[str, Any] | None = None) -> None:
        # One for everybody stands on the lead's timeline, too; of a narrower one not even that it was written.
        job_id = None
        if self.audience == Audience.EVERYBODY:
            job_id = self.ticket.event_job_id
        events.record(kind, subject=self.ticket, by=by, data={"entry": self.pk, **(data or {})}, job_id=job_id)


def members_seeing(ticket: Ticket, members: Iterable[Member], *, besides: Member) -> list[Member]:
    """Return which of the members, except one, may see a ticket."""
    others = [member for member in members if member.pk != besides.pk][:MOST_NAMED]
    return [member for member in others if Ticket.objects.visible_to(member).filter(pk=ticket.pk).exists()]


def _clean_body(body: str) -> str:
    text = body.replace("\0", "").replace("\r\n", "\n").strip()[:LONGEST]
    if not text:
        raise Refused(gettext("Write something first."))
    return text


def _check_readers(audience: str, team: Team | None, named: list[Member]) -> None:
    """Raise Refused for a note without readers."""
    if audience == Audience.TEAM and team is None:
        raise Refused(gettext("Choose the team it is for."))
    if audience == Audience.NAMED and not named:
        raise Refused(gettext("Mention someone who can see this conversation: type @, or choose from the list."))
