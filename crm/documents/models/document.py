"""Document: a file or photo of a job, a customer or a property, with its actions. Its newest version has the bytes."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, ClassVar

from django.db import transaction
from django.utils.translation import gettext as _

from crm.documents.files.inspection import Inspected
from crm.documents.models.document_expiry import EXPIRING, schedule_expiry
from crm.documents.models.document_kind import DocumentKind
from crm.documents.models.document_record import LONGEST_TITLE, DocumentRecord
from crm.documents.models.document_version import DocumentVersion
from crm.documents.models.visibility import DocumentQuerySet, DocumentVisibility
from crm.jobs.models import Job
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.people.models import Person, Property
from crm.platform.events import events
from crm.platform.models import Change, ChangedRow, Member, TenantManager
from crm.platform.organization.configuration import directory
from crm.platform.undo import Undoable, restore_columns
from crm.platform.work import due


class Document(DocumentRecord, Undoable):
    """A document of a job, else of a customer, else of a property."""

    objects: ClassVar[Any] = TenantManager.from_queryset(DocumentQuerySet)()

    @classmethod
    @transaction.atomic
    def add(
        cls,
        file: Inspected,
        *,
        kind: DocumentKind,
        by: Member | None = None,
        job: Job | None = None,
        person: Person | None = None,
        site: Property | None = None,
        title: str = "",
        visibility: str = DocumentVisibility.INTERNAL,
        expires_on: date | None = None,
        sent_by: Person | None = None,
    ) -> "Document":
        """Save a file as a document of a job, else a person, else a property. `sent_by`: the customer who sent it.

        Raises ValueError for nothing it is of, Refused for an archived kind.
        """
        if job is None and person is None and site is None:
            raise ValueError("a document is of something")
        if kind.archived_at:
            raise Refused(_("This type is no longer available. Choose another."))
        now = clock.now()
        document = cls(
            job=job,
            person=None if job else person,
            site=None if job or person else site,
            kind=kind,
            title=tidy_title(title) or tidy_title(file.name) or kind.name,
            visibility=DocumentVisibility(visibility),
            expires_on=expires_on,
            media_type=file.media_type,
            size=file.size,
            taken_at=_time_taken(file, now),
            changed_at=now,
            created_at=now,
            created_by=by,
            sent_by=sent_by,
        )
        document.save()
        document.refresh_from_db(fields=["uid"])
        DocumentVersion.keep(document, file, by=by, sent_by=sent_by)
        document._record("document.added", by, {"visibility": document.visibility} | _sender_data(sent_by))
        schedule_expiry(document)
        return document

    @transaction.atomic
    def replace(
        self,
        file: Inspected,
        *,
        by: Member | None = None,
        sent_by: Person | None = None,
        expires_on: date | None = None,
    ) -> DocumentVersion:
        """Add a newer version. `expires_on`: expiry date of the new version, which replaces the old date.

        Raises Refused for one in the archive.
        """
        self.lock()
        if self.archived_at:
            raise Refused(_("It is archived. Restore it first."))
        self.number += 1
        self.media_type = file.media_type
        self.size = file.size
        self.taken_at = _time_taken(file, clock.now())
        self.expires_on = expires_on
        self._save("number", "media_type", "size", "taken_at", "expires_on")
        version = DocumentVersion.keep(self, file, by=by, sent_by=sent_by)
        self._record("document.replaced", by, {"number": self.number} | _sender_data(sent_by))
        schedule_expiry(self)
        return version

    @transaction.atomic
    def show(self, *, by: Member | None) -> None:
        """Make the document visible to the customer. Idempotent."""
        self._set_visibility(DocumentVisibility.CUSTOMER, "document.shown", by)

    @transaction.atomic
    def hide(self, *, by: Member | None) -> None:
        """Make the document internal. Idempotent."""
        self._set_visibility(DocumentVisibility.INTERNAL, "document.hidden", by)

    def _set_visibility(self, visibility: str, kind: str, by: Member | None) -> None:
        self.lock()
        if self.visibility != visibility:
            self.visibility = visibility
            self._save("visibility")
            self._record(kind, by, {})

    @transaction.atomic
    def rename(self, title: str, *, by: Member | None) -> None:
        """Rename the document. Idempotent. Raises Refused if the title is blank."""
        self.lock()
        title = tidy_title(title)
        if not title:
            raise Refused(_("Enter a title."))
        if title != self.title:
            self.title = title
            self._save("title")
            self._record("document.renamed", by, {})

    @transaction.atomic
    def classify(self, kind: DocumentKind, *, by: Member | None) -> None:
        """Change the document's kind. Idempotent. Raises Refused if the kind is archived."""
        self.lock()
        if kind.pk == self.kind_id:
            return
        if kind.archived_at:
            raise Refused(_("This type is no longer available. Choose another."))
        before = self.kind_id
        self.kind = kind
        self._save("kind")
        self._record("document.classified", by, {"from": before})
        schedule_expiry(self)

    @transaction.atomic
    def set_expiry(self, expires_on: date | None, *, by: Member | None) -> None:
        """Set the expiry date; None for no expiry. Idempotent."""
        self.lock()
        if expires_on == self.expires_on:
            return
        self.expires_on = expires_on
        self._save("expires_on")
        self._record("document.dated", by, {"expires": expires_on.isoformat() if expires_on else None})
        schedule_expiry(self)

    @transaction.atomic
    def archive(self, *, by: Member | None) -> None:
        """Archive the document: it is hidden, but not deleted. Idempotent."""
        self.lock()
        if self.archived_at is None:
            self.archived_at = clock.now()
            self._save("archived_at")
            self._record("document.archived", by, {})
            schedule_expiry(self)

    @transaction.atomic
    def restore(self, *, by: Member | None) -> None:
        """Restore the document from the archive. Idempotent."""
        self.lock()
        if self.archived_at is not None:
            self.archived_at = None
            self._save("archived_at")
            self._record("document.restored", by, {})
            schedule_expiry(self)

    @transaction.atomic
    def warn(self) -> None:
        """Record the expiry warning, once per expiry date. If the date was moved later, reschedule the warning."""
        self.lock()
        at = self.warn_at
        if at is None or self.warned_of == self.expires_on:
            return
        if at > clock.now():
            due.schedule(EXPIRING, self.pk, at)
            return
        self.warned_of = self.expires_on
        self.save(update_fields=["warned_of"])
        assert self.expires_on is not None, "it has an instant to warn at"
        self._record(EXPIRING, None, {"expires": self.expires_on.isoformat()})

    # Undo

    undo_columns = ("title", "kind_id", "visibility", "expires_on", "archived_at")
    undo_named_with = ("job", "person", "site")

    @property
    def undo_name(self) -> str:
        whose = self.job.title if self.job else self.person or self.site
        return f"{self.title} · {whose}"

    @classmethod
    def undo_all(cls, rows: list[Any], recorded: Mapping[int, ChangedRow], change: Change, *, by: Member) -> None:
        """Restore the recorded columns, and reschedule the expiry warning."""
        restore_columns(rows, recorded)
        for row in rows:
            row._save()
            row._record("document.undone", by, {"of": change.kind})
            schedule_expiry(row)

    # How it is done

    def _save(self, *fields: str) -> None:
        """Save these fields and the time of the change."""
        self.changed_at = clock.now()
        super()._save(*fields, "changed_at")

    def _record(self, kind: str, by: Member | None, data: dict[str, Any]) -> None:
        # The title stays on the row, where it can be erased: an event outlives what it tells of.
        events.record(kind, subject=self, by=by, data={"kind": self.kind_id} | data, job_id=self.job_id)


def tidy_title(title: str) -> str:
    """Return a title on one line, without bidirectional control characters, cut to the maximum length."""
    kept = "".join(c if c.isprintable() else " " for c in title)
    return " ".join(kept.split())[:LONGEST_TITLE]


def _time_taken(file: Inspected, now: datetime) -> datetime:
    """Return when the photo was taken, at most `now`; in the tenant's time zone if the camera stored none."""
    if file.taken_at is None:
        return now
    if file.taken_at.tzinfo:
        taken = file.taken_at
    else:
        taken = file.taken_at.replace(tzinfo=directory().zone)
    return min(taken, now)


def _sender_data(sender: Person | None) -> dict[str, int]:
    if sender:
        return {"person": sender.pk}
    return {}
