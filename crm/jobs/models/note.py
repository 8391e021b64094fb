"""Note: text on a job by a colleague, an import or, through a form, the customer. Pinned notes stay on top."""

from collections.abc import Sequence
from typing import Any, ClassVar, Self

from django.db import models, transaction
from django.db.models import F

from crm.kernel import clock
from crm.platform.database import bulk_write
from crm.platform.events import events
from crm.platform.events.events import EventDraft
from crm.platform.models import Member, TenantForeignKey, TenantManager, TenantModel, TenantQuerySet
from crm.platform.models.base import public_id


class NoteQuerySet(TenantQuerySet["Note"]):
    def of(self, job: models.Model) -> Self:
        return self.filter(job_id=job.pk)

    def pinned_first(self) -> Self:
        """Order pinned notes first, latest pinned first, then the others, newest first."""
        return self.order_by(F("pinned_at").desc(nulls_last=True), "-at", "-pk")


class Note(TenantModel):
    """A note on a job."""

    uid = public_id()
    job = TenantForeignKey("jobs.Job", models.CASCADE, related_name="notes")
    author = TenantForeignKey("platform.Member", models.PROTECT, null=True, related_name="+")
    # The form or service by which the customer sent these words; blank for a note of the team, which only it sees.
    sent_by = models.CharField(max_length=80, blank=True, default="", db_default="")
    body = models.TextField()
    at = models.DateTimeField(default=clock.now)
    pinned_at = models.DateTimeField(null=True)

    objects: ClassVar[Any] = TenantManager.from_queryset(NoteQuerySet)()

    class Meta:
        base_manager_name = "objects"
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["tenant", "job", "-at"], name="note_job")]
        constraints = [models.UniqueConstraint(fields=["tenant", "uid"], name="note_uid_is_unique")]

    def __str__(self) -> str:
        return self.body[:60]

    @classmethod
    @transaction.atomic
    def write(cls, job: models.Model, body: str, *, by: Member) -> "Note":
        """Write a note on a job."""
        note = cls.objects.create(job_id=job.pk, author=by, body=body)
        note._record("note.written", by)
        return note

    @classmethod
    @transaction.atomic
    def write_all(cls, jobs: Sequence[models.Model], body: str, *, by: Member) -> list[int]:
        """Write the same note on many jobs, in one statement. Returns their keys."""
        now = clock.now()
        notes = [cls(job_id=job.pk, author_id=by.pk, body=body, at=now) for job in jobs]
        bulk_write.create_all(notes)
        facts = [EventDraft("note.written", note, {"note": note.pk}, note.job_id) for note in notes]
        events.record_all(facts, by=by)
        return [note.pk for note in notes]

    def pin(self, *, by: Member) -> None:
        """Pin it to the top of the job. Idempotent."""
        self._set_pinned(True, by, "note.pinned")

    def unpin(self, *, by: Member) -> None:
        """Unpin it."""
        self._set_pinned(False, by, "note.unpinned")

    @transaction.atomic
    def _set_pinned(self, pinned: bool, by: Member, kind: str) -> None:
        others = type(self).objects.filter(pk=self.pk, pinned_at__isnull=pinned)
        at = None
        if pinned:
            at = clock.now()
        if others.update(pinned_at=at):
            self.pinned_at = at
            self._record(kind, by)

    def _record(self, kind: str, by: Member) -> None:
        # The words stay in the note: an event outlives what it tells of.
        events.record(kind, subject=self, by=by, data={"note": self.pk}, job_id=self.job_id)
