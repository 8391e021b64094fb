"""Mention: a member named in a note, and whether they read it. NoteVersion: earlier text of a note."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q

from crm.kernel import clock
from crm.platform.models import Member, TenantForeignKey, TenantManager, TenantModel, TenantQuerySet


class MentionQuerySet(TenantQuerySet["Mention"]):
    def of(self, member: Member) -> Self:
        """Filter mentions of a member in notes that were not deleted."""
        return self.filter(member_id=member.pk, entry__removed_at=None)

    def unread(self) -> Self:
        return self.filter(read_at=None)


class Mention(TenantModel):
    """A mention of a member in a note of a ticket they may see."""

    entry = TenantForeignKey("tickets.Entry", models.CASCADE, related_name="mentions")
    member = TenantForeignKey(Member, models.CASCADE, related_name="+")
    at = models.DateTimeField(default=clock.now)
    # When they last opened the conversation; null: not since.
    read_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = TenantManager.from_queryset(MentionQuerySet)()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "entry", "member"], name="member_is_mentioned_once_in_a_note")
        ]
        indexes = [
            models.Index(fields=["tenant", "member", "-at"], name="mention_of_member"),
            models.Index(fields=["tenant", "member"], condition=Q(read_at=None), name="mention_unread"),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} in {self.entry_id}"


class NoteVersion(TenantModel):
    """The text of a note before an edit or deletion."""

    entry = TenantForeignKey("tickets.Entry", models.CASCADE, related_name="versions")
    body = models.TextField()
    # Who changed it, and when.
    by = TenantForeignKey(Member, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    objects: ClassVar[Any] = TenantManager.from_queryset(TenantQuerySet["NoteVersion"])()

    class Meta:
        base_manager_name = "objects"
        indexes = [models.Index(fields=["tenant", "entry", "id"], name="note_version_of_note")]

    def __str__(self) -> str:
        return f"of {self.entry_id} until {self.at:%Y-%m-%d}"
