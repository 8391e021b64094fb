"""DocumentRequest: a document asked of a customer, its due date, and its state."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, ClassVar

from django.db import transaction
from django.utils.translation import gettext

from crm.documents.models import document_request_undo
from crm.documents.models.document import Document, tidy_title
from crm.documents.models.document_kind import DocumentKind
from crm.documents.models.document_request_record import DocumentRequestRecord, RequestState
from crm.documents.models.request_schedule import DUE, schedule_reminder, today, update_job_and_reminder
from crm.documents.models.visibility import OfJobQuerySet
from crm.jobs.models import Job
from crm.kernel import clock
from crm.kernel.refusal import Refused, Stale
from crm.people.models import Person
from crm.platform.models import Change, ChangedRow, Member, TenantManager
from crm.platform.undo import Undoable


class DocumentRequest(DocumentRequestRecord, Undoable):
    """A document asked of a customer of a job. While a request waits, it is the customer's turn on the job."""

    # The reverse side of RequestPage.
    pages: Any
    objects: ClassVar[Any] = TenantManager.from_queryset(OfJobQuerySet)()

    @classmethod
    @transaction.atomic
    def ask(
        cls,
        job: Job,
        title: str,
        *,
        kind: DocumentKind,
        by: Member | None,
        person: Person | None = None,
        note: str = "",
        due_on: date | None = None,
    ) -> "DocumentRequest":
        """Ask a customer for a document; the job becomes their turn. Raises Refused for a closed job or a past date."""
        job.lock()
        if not job.is_open:
            raise Refused(gettext("It is closed. Reopen it first."))
        if kind.archived_at:
            raise Refused(gettext("This type is no longer available. Choose another."))
        _check_date(due_on)
        request: DocumentRequest = cls.objects.create(
            job=job,
            person=person,
            kind=kind,
            title=tidy_title(title) or kind.name,
            note=" ".join(note.split())[:500],
            due_on=due_on,
            created_by=by,
        )
        request.refresh_from_db(fields=["uid"])
        request._record("document_request.asked", by, {"due": due_on.isoformat() if due_on else None})
        update_job_and_reminder(request, by)
        return request

    @transaction.atomic
    def mark_sent(self, event_id: int = 0) -> None:
        """Record that the customer was notified, and by which event. Idempotent."""
        self.lock()
        if self.state != RequestState.OPEN and event_id <= self.told_event:
            return
        if self.state == RequestState.OPEN:
            self.state = RequestState.SENT
            self.sent_at = clock.now()
        self.told_event = max(event_id, self.told_event)
        self._save("state", "sent_at", "told_event")

    @transaction.atomic
    def remind(self, *, by: Member | None) -> None:
        """Record a reminder to the customer; subscribers to the event send it. Raises Stale if no longer waiting."""
        self.lock()
        self._expect_state(self.is_waiting)
        self.reminded_at = clock.now()
        self._save("reminded_at")
        self._record("document_request.reminded", by, {})

    @transaction.atomic
    def postpone(self, due_on: date | None, *, by: Member | None) -> None:
        """Change the due date. Idempotent. Raises Refused for a past date, Stale if no longer waiting."""
        self.lock()
        self._expect_state(self.is_waiting)
        if due_on == self.due_on:
            return
        _check_date(due_on)
        self.due_on = due_on
        self._save("due_on")
        self._record("document_request.postponed", by, {"due": due_on.isoformat() if due_on else None})
        schedule_reminder(self)

    @transaction.atomic
    def receive(self, document: Document, *, keeps_earlier: bool = False, by: Member | None = None) -> None:
        """Add a page; the first one makes it our turn on the job. Raises Stale if the request is accepted or withdrawn.

        `keeps_earlier`: what was sent back stays an answer besides; else the new page takes its place.
        """
        self.lock()
        self._expect_state(self.takes_pages)
        is_first = self.is_waiting
        if self.state == RequestState.REFUSED and not keeps_earlier:
            self.pages.all().delete()
        self.pages.create(document=document, position=self.pages.next_position())
        self.state = RequestState.RECEIVED
        self.document = self.pages.first_document()
        self.reason = ""
        self._save("state", "document", "reason")
        kind = "document_request.page_added"
        if is_first:
            kind = "document_request.received"
        self._record(kind, by, {"document": document.pk})
        update_job_and_reminder(self, by)

    @transaction.atomic
    def remove_page(self, document: Document, *, by: Member | None = None) -> None:
        """Remove and archive a page. Without pages, the request waits again. Idempotent. Raises Stale once closed."""
        self.lock()
        self._expect_state(self.takes_pages)
        if not self.pages.filter(document=document).delete()[0]:
            return
        document.archive(by=by)
        self.document = self.pages.first_document()
        if self.document is None and self.state == RequestState.RECEIVED:
            self.state = RequestState.SENT
        self._save("state", "document")
        self._record("document_request.page_removed", by, {"document": document.pk})
        update_job_and_reminder(self, by)

    @transaction.atomic
    def raise_page(self, document: Document, *, by: Member | None = None) -> None:
        """Move a page up by one. Ignores the first page and other documents. Raises Stale once closed."""
        self.lock()
        self._expect_state(self.takes_pages)
        if self.pages.move_up(document):
            self.document = self.pages.first_document()
            self._save("document")

    @transaction.atomic
    def accept(self, *, by: Member | None) -> None:
        """Accept the received document, and close the request. Idempotent. Raises Stale if nothing was received."""
        self.lock()
        if self.state == RequestState.ACCEPTED:
            return
        self._expect_state(self.state == RequestState.RECEIVED)
        self.state = RequestState.ACCEPTED
        self._save("state")
        self._record("document_request.accepted", by, {})

    @transaction.atomic
    def refuse(self, reason: str, *, by: Member | None) -> None:
        """Send the document back with a reason. Raises Refused without a reason, Stale if nothing was received."""
        self.lock()
        self._expect_state(self.state == RequestState.RECEIVED)
        reason = " ".join(reason.split())[:300]
        if not reason:
            raise Refused(gettext("Enter a reason, so that the customer knows what to send instead."))
        self.state = RequestState.REFUSED
        self.reason = reason
        self._save("state", "reason")
        self._record("document_request.refused", by, {})
        update_job_and_reminder(self, by)

    @transaction.atomic
    def withdraw(self, *, by: Member | None) -> None:
        """Withdraw the request. Idempotent. Raises Stale if it was accepted."""
        self.lock()
        if self.state == RequestState.WITHDRAWN:
            return
        self._expect_state(self.state != RequestState.ACCEPTED)
        self.state = RequestState.WITHDRAWN
        self._save("state")
        self._record("document_request.withdrawn", by, {})
        update_job_and_reminder(self, by)

    @transaction.atomic
    def tell_due(self) -> None:
        """Record that the due date is near, reached or missed; missed records collapse into one."""
        self.lock()
        if not self.is_waiting or self.due_on is None:
            return
        days = (self.due_on - today()).days
        kind = "document_request.overdue"
        if days >= 0:
            kind = DUE
        self._record(kind, None, {"due": self.due_on.isoformat(), "days": days})
        schedule_reminder(self)

    # Undo

    undo_columns = ("version", "state", "reason", "due_on", "document_id")
    undo_named_with = ("job",)

    @property
    def undo_name(self) -> str:
        return f"{self.title} · {self.job.title}"

    @classmethod
    def undo_all(cls, rows: list[Any], recorded: Mapping[int, ChangedRow], change: Change, *, by: Member) -> None:
        """Restore the columns and the reminder; withdraw a request that the undone action created."""
        for row in rows:
            document_request_undo.restore_request(row, recorded[row.pk].before, change, by)

    # How it is done

    def _expect_state(self, is_possible: bool) -> None:
        """Raise Stale unless the action is possible in the current state."""
        if not is_possible:
            raise Stale(self, gettext("This is no longer possible. The page shows the current state."))

    def _record(self, kind: str, by: Member | None, data: dict[str, Any], *, at: datetime | None = None) -> None:
        # Title and reason stay on the row, where they can be erased.
        super()._record(kind, by, {"kind": self.kind_id} | data, at=at)


def _check_date(due_on: date | None) -> None:
    """Raise Refused for a past date."""
    if due_on and due_on < today():
        raise Refused(gettext("Choose a day in the future."))
