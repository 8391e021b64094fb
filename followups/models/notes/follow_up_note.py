"""FollowUpNote: a note on a follow-up, with its author and time. Everybody who sees the follow-up reads it."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any, ClassVar, Self

from django.db import models, transaction
from django.utils.translation import gettext

from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.database import bulk_write
from crm.platform.events import events
from crm.platform.events.events import EventDraft
from crm.platform.models import Member, TenantForeignKey, TenantManager, TenantModel, TenantQuerySet
from crm.platform.models.base import public_id

LONGEST = 4000


class FollowUpNoteQuerySet(TenantQuerySet["FollowUpNote"]):
    def of(self, follow_up_ids: Iterable[int]) -> Self:
        """Filter the notes of these follow-ups that were not deleted, oldest first."""
        return self.filter(follow_up_id__in=follow_up_ids, removed_at=None).order_by("at", "pk")

    def containing(self, text: str) -> Self:
        """Filter by text."""
        return self.filter(body__icontains=text, removed_at=None)


class FollowUpNote(TenantModel):
    """A note on a follow-up. Its author may edit and delete it."""

    uid = public_id()
    follow_up = TenantForeignKey("followups.FollowUp", models.CASCADE, related_name="+")
    # Null: of what the product completed by itself.
    author = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    body = models.TextField()
    at = models.DateTimeField(default=clock.now)
    edited_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    follow_up_id: int
    author_id: int | None

    objects: ClassVar[Any] = TenantManager.from_queryset(FollowUpNoteQuerySet)()

    class Meta:
        base_manager_name = "objects"
        indexes = [models.Index(fields=["tenant", "follow_up", "at"], name="note_of_follow_up")]
        constraints = [models.UniqueConstraint(fields=["tenant", "uid"], name="follow_up_note_uid_is_unique")]

    def __str__(self) -> str:
        return self.body[:60]

    @classmethod
    @transaction.atomic
    def write(cls, follow_up: Any, body: str, *, by: Member | None) -> "FollowUpNote":
        """Write a note. Raises Refused for an empty one.

        The follow-up gets a new version: whoever is about to complete or move it reads the note first.
        """
        text = _clean_body(body)
        follow_up.lock()
        note: FollowUpNote = cls.objects.create(follow_up_id=follow_up.pk, author=by, body=text)
        follow_up.save_changes("followup.noted", [(follow_up, {"note": note.pk})], by=by)
        return note

    @transaction.atomic
    def edit(self, body: str, *, by: Member) -> None:
        """Change one's own note. Idempotent. Raises Refused for an empty one, and for a colleague's."""
        self._lock_own(by)
        text = _clean_body(body)
        if self.body != text:
            self.body = text
            self.edited_at = clock.now()
            self.save(update_fields=["body", "edited_at"])
            self._record("followup.note_edited", self.follow_up, by)

    @transaction.atomic
    def remove(self, *, by: Member) -> None:
        """Delete one's own note: it is hidden, and can be restored. Idempotent."""
        self._lock_own(by)
        if self.removed_at is None:
            self.removed_at = clock.now()
            self.save(update_fields=["removed_at"])
            self._record("followup.note_deleted", self.follow_up, by)

    @transaction.atomic
    def restore(self, *, by: Member) -> None:
        """Restore one's own deleted note. Idempotent."""
        self._lock_own(by)
        if self.removed_at is not None:
            self.removed_at = None
            self.save(update_fields=["removed_at"])
            self._record("followup.note_restored", self.follow_up, by)

    def _lock_own(self, by: Member) -> None:
        self.lock()
        if self.author_id != by.pk:
            raise Refused(gettext("Only its author can change this note."))

    def _record(self, kind: str, follow_up: Any, by: Member | None) -> None:
        # The words stay in the note: an event outlives what it tells of.
        events.record(kind, subject=follow_up, by=by, data={"note": self.pk}, job_id=follow_up.job_id)


def add_notes(rows: Sequence[Any], body: str, *, by: Member | None, silent_ids: Collection[int] = ()) -> None:
    """Add the same note to many follow-ups, as their completion does; nothing for an empty one.

    `silent_ids`: those whose note another event has, as a contact with the customer; no event is recorded for it.
    """
    text = body.strip()[:LONGEST]
    if not text or not rows:
        return
    now = clock.now()
    author_id = None
    if by:
        author_id = by.pk
    ids = bulk_write.allocate_ids(FollowUpNote, len(rows))
    notes = [
        {"id": pk, "follow_up_id": row.pk, "author_id": author_id, "body": text, "at": now}
        for pk, row in zip(ids, rows, strict=True)
    ]
    bulk_write.insert_all(FollowUpNote, notes)
    drafts = [
        EventDraft("followup.noted", row, {"note": pk}, job_id=row.job_id)
        for pk, row in zip(ids, rows, strict=True)
        if row.pk not in silent_ids
    ]
    events.record_all(drafts, by=by)


def _clean_body(body: str) -> str:
    text = body.replace("\0", "").replace("\r\n", "\n").strip()[:LONGEST]
    if not text:
        raise Refused(gettext("Write something first."))
    return text
