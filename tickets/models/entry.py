"""Entry: an item of a ticket: a message, a call, or a note. Only merging and splitting move entries."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Exists, OuterRef, Q

from comms.models import Message
from crm.kernel import clock
from crm.platform.models import Member, TenantForeignKey, TenantManager, TenantQuerySet
from crm.platform.models.base import public_id
from crm.platform.organization.configuration import directory
from tickets.models.mention import Mention
from tickets.models.note import Audience, NoteEntry
from tickets.models.ticket import Ticket


def teams_of(member: Member) -> list[int]:
    """Return the ids of the member's teams, whose notes they read, in a stable order."""
    return sorted(team_id for team_id, member_id in directory().places if member_id == member.pk)


class EntryQuerySet(TenantQuerySet["Entry"]):
    def of(self, ticket: Ticket) -> "EntryQuerySet":
        return self.filter(ticket=ticket)

    def readable_by(self, member: Member) -> "EntryQuerySet":
        """Filter entries that a member who sees the ticket may read: messages, and notes addressed to them.

        Of private mail they learn nothing, not even that it is there, but where they are its one reader.
        """
        teams = teams_of(member)
        named = Mention.objects.filter(entry=OuterRef("pk"), member_id=member.pk)
        own = Q(author_id=member.pk) | Q(team_id__in=teams) | Exists(named)
        theirs = Q(message__sole_reader__isnull=True) | Q(message__sole_reader=member.pk)
        return self.filter(Q(audience=Audience.EVERYBODY) | own, theirs, removed_at=None)

    def only_pinned(self) -> "EntryQuerySet":
        return self.filter(pinned_at__isnull=False)

    def oldest_first(self) -> "EntryQuerySet":
        return self.order_by("at", "pk")

    def add_message(
        self, ticket: Ticket, message: Message, *, matched_by: str, evidence: dict[str, Any] | None = None
    ) -> "Entry":
        """Add a message to a ticket at the instant it was written, so that the order is chronological."""
        entry = Entry.of_message(ticket, message, matched_by=matched_by, evidence=evidence or {})
        entry.save(force_insert=True)
        return entry


class Entry(NoteEntry):
    """An item of a ticket. A message is on at most one ticket."""

    class Kind(models.TextChoices):
        MESSAGE = "message"  # of any channel, a call among them
        NOTE = "note"  # for the team alone

    uid = public_id()
    ticket = TenantForeignKey(Ticket, models.CASCADE, related_name="entries")
    kind = models.CharField(max_length=8, choices=Kind)
    at = models.DateTimeField(default=clock.now)
    message = TenantForeignKey(Message, models.CASCADE, null=True, blank=True, related_name="+")
    # Of a note: who wrote it, and what.
    author = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    body = models.TextField(blank=True)
    # Why a message is on this ticket: a code of tickets/matching, and what it rests on. Says "why is this here".
    matched_by = models.CharField(max_length=24, blank=True)
    evidence = models.JSONField(default=dict, blank=True)

    objects: ClassVar[Any] = TenantManager.from_queryset(EntryQuerySet)()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="entry_uid_is_unique"),
            # With the ticket, so that a search asks which tickets two thousand messages are on of the index alone.
            models.UniqueConstraint(
                fields=["tenant", "message"],
                include=["ticket"],
                condition=Q(message__isnull=False),
                name="message_is_on_one_ticket",
            ),
            models.CheckConstraint(
                condition=Q(kind="message", message__isnull=False) | Q(kind="note", message__isnull=True),
                name="entry_of_a_message_has_it",
            ),
            models.CheckConstraint(
                condition=Q(audience="team", team__isnull=False) | ~Q(audience="team") & Q(team__isnull=True),
                name="note_for_a_team_names_it",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "ticket", "at", "id"], name="entry_of_ticket"),
            models.Index(fields=["tenant", "ticket"], condition=Q(pinned_at__isnull=False), name="entry_pinned"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @classmethod
    def of_message(cls, ticket: Ticket, message: Message, *, matched_by: str, evidence: dict[str, Any]) -> "Entry":
        """Return an unsaved entry for a message."""
        about = {"ticket": ticket, "message": message, "at": message.at}
        return cls(kind=cls.Kind.MESSAGE, matched_by=matched_by, evidence=evidence, **about)
