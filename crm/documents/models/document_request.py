"""DocumentRequest: what a customer is asked for, until when: asked, received, accepted, or sent back with a reason."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.documents.models.document import Document, tidy_title
from crm.documents.models.document_kind import DocumentKind
from crm.documents.models.visibility import OfJobQuerySet
from crm.jobs.models import Job, Side
from crm.jobs.models.job_part import JobPart
from crm.kernel import clock
from crm.kernel.refusal import Refused, Stale
from crm.people.models import Person
from crm.platform.models import Change, ChangedRow, Member, TenantForeignKey, TenantManager
from crm.platform.models.base import public_id
from crm.platform.organization.configuration import directory
from crm.platform.undo import Undoable
from crm.platform.work import due

DUE = "document_request.due"
# The customer is reminded so many days before the date, on the day itself, and the office hears a day after it.
_BEFORE = timedelta(days=2)
_MORNING = time(9)


class State(models.TextChoices):
    OPEN = "open", _("Not sent yet")
    SENT = "sent", _("Requested")
    RECEIVED = "received", _("To review")
    ACCEPTED = "accepted", _("Done")
    REFUSED = "refused", _("Sent back")
    WITHDRAWN = "withdrawn", _("Withdrawn")


# The states in which it is the customer's move, and those in which they may send pages, or take some back.
WAITING = (State.OPEN, State.SENT, State.REFUSED)
TAKES_PAGES = (*WAITING, State.RECEIVED)


class DocumentRequest(JobPart, Undoable):
    """Something asked of a customer of a job. While one waits, the job is the customer's move."""

    undo_columns = ("version", "state", "reason", "due_on", "document_id")
    undo_named_with = ("job",)

    uid = public_id()
    job = TenantForeignKey(Job, models.CASCADE, related_name="document_requests")
    # Who is asked; null: whoever the job's customer is.
    person = TenantForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    kind = TenantForeignKey(DocumentKind, models.PROTECT, related_name="+")
    title = models.CharField(max_length=120)
    note = models.CharField(max_length=500, blank=True)
    due_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    # Why what came was sent back; the customer reads it.
    reason = models.CharField(max_length=300, blank=True)
    document = TenantForeignKey(Document, models.SET_NULL, null=True, blank=True, related_name="+")
    sent_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    # The last event of it that the customer was told of: who tells may run twice.
    told_event = models.BigIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(default=clock.now)
    created_by = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar[Any] = TenantManager.from_queryset(OfJobQuerySet)()
    # The reverse side of RequestPage.
    pages: Any

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="document_request_uid_is_unique"),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(reason=""), name="document_request_is_refused_with_a_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "job", "state"], name="document_request_of_job"),
            models.Index(
                fields=["tenant", "due_on", "id"],
                condition=Q(state__in=("open", "sent", "refused")),
                name="document_request_waiting",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def undo_name(self) -> str:
        return f"{self.title} · {self.job.title}"

    @property
    def is_waiting(self) -> bool:
        """Whether it is the customer's move."""
        return self.state in WAITING

    @property
    def takes_pages(self) -> bool:
        """Whether a page may be added, or taken back: until it is accepted or withdrawn."""
        return self.state in TAKES_PAGES

    @property
    def asked_id(self) -> int | None:
        """The id of who is asked."""
        return self.person_id or self.job.person_id

    # Verbs

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
        """Ask a customer for a document; the job becomes their move. Raises Refused for a closed job or a past date."""
        job.lock()
        if not job.is_open:
            raise Refused(gettext("It is closed. Reopen it first."))
        if kind.archived_at:
            raise Refused(gettext("This type is no longer available. Choose another."))
        if due_on and due_on < _today():
            raise Refused(gettext("Choose a day in the future."))
        found: DocumentRequest = cls.objects.create(
            job=job,
            person=person,
            kind=kind,
            title=tidy_title(title) or kind.name,
            note=" ".join(note.split())[:500],
            due_on=due_on,
            created_by=by,
        )
        found.refresh_from_db(fields=["uid"])
        found._record("document_request.asked", by, {"due": due_on.isoformat() if due_on else None})
        found._plan_reminder()
        found._turn(by)
        return found

    @transaction.atomic
    def mark_sent(self, event_id: int = 0) -> None:
        """Note that the customer was told of it, by which event. Told already: nothing."""
        self.lock()
        if self.state != State.OPEN and event_id <= self.told_event:
            return
        if self.state == State.OPEN:
            self.state = State.SENT
            self.sent_at = clock.now()
        self.told_event = max(event_id, self.told_event)
        self._save("state", "sent_at", "told_event")

    @transaction.atomic
    def remind(self, *, by: Member | None) -> None:
        """Remind the customer: whoever sends messages hears of it. Raises Stale where it waits no more."""
        self.lock()
        self._expect_waiting()
        self.reminded_at = clock.now()
        self._save("reminded_at")
        self._record("document_request.reminded", by, {})

    @transaction.atomic
    def postpone(self, due_on: date | None, *, by: Member | None) -> None:
        """Give it another date. The same: nothing. Raises Refused for a past one, Stale where it waits no more."""
        self.lock()
        self._expect_waiting()
        if due_on == self.due_on:
            return
        if due_on and due_on < _today():
            raise Refused(gettext("Choose a day in the future."))
        self.due_on = due_on
        self._save("due_on")
        self._record("document_request.postponed", by, {"due": due_on.isoformat() if due_on else None})
        self._plan_reminder()

    @transaction.atomic
    def receive(self, document: Document, *, keeps_earlier: bool = False, by: Member | None = None) -> None:
        """Add a page; with the first it is our move again. Raises Stale once it is accepted or withdrawn.

        `keeps_earlier`: what was sent back stays an answer besides; else the new page takes its place.
        """
        self.lock()
        if not self.takes_pages:
            raise self._changed()
        is_first = self.is_waiting
        if self.state == State.REFUSED and not keeps_earlier:
            self.pages.all().delete()
        last = self.pages.order_by("-position").values_list("position", flat=True).first()
        self.pages.create(document=document, position=0 if last is None else last + 1)
        self.state, self.document, self.reason = State.RECEIVED, self._first_page(), ""
        self._save("state", "document", "reason")
        kind = "document_request.page_added"
        if is_first:
            kind = "document_request.received"
        self._record(kind, by, {"document": document.pk})
        self._plan_reminder()
        self._turn(by)

    @transaction.atomic
    def remove_page(self, document: Document, *, by: Member | None = None) -> None:
        """Take a page back into the archive; without any it waits again. None of its pages: nothing. Raises Stale."""
        self.lock()
        if not self.takes_pages:
            raise self._changed()
        if not self.pages.filter(document=document).delete()[0]:
            return
        document.archive(by=by)
        self.document = self._first_page()
        if self.document is None and self.state == State.RECEIVED:
            self.state = State.SENT
        self._save("state", "document")
        self._record("document_request.page_removed", by, {"document": document.pk})
        self._plan_reminder()
        self._turn(by)

    @transaction.atomic
    def raise_page(self, document: Document, *, by: Member | None = None) -> None:
        """Put a page one earlier. The first, or none of its pages: nothing. Raises Stale once it is accepted."""
        self.lock()
        if not self.takes_pages:
            raise self._changed()
        pages = list(self.pages.order_by("position", "pk"))
        at = next((at for at, page in enumerate(pages) if page.document_id == document.pk), 0)
        if at == 0:
            return
        pages.insert(at - 1, pages.pop(at))
        for position, page in enumerate(pages):
            page.position = position
        self.pages.bulk_update(pages, ["position"])
        self.document = self._first_page()
        self._save("document")

    @transaction.atomic
    def accept(self, *, by: Member | None) -> None:
        """Close it: what came is right. Accepted: nothing. Raises Stale where nothing came."""
        self.lock()
        if self.state == State.ACCEPTED:
            return
        if self.state != State.RECEIVED:
            raise self._changed()
        self.state = State.ACCEPTED
        self._save("state")
        self._record("document_request.accepted", by, {})

    @transaction.atomic
    def refuse(self, reason: str, *, by: Member | None) -> None:
        """Send it back with a reason that the customer reads. Raises Refused without one, Stale where nothing came."""
        self.lock()
        if self.state != State.RECEIVED:
            raise self._changed()
        reason = " ".join(reason.split())[:300]
        if not reason:
            raise Refused(gettext("Enter a reason, so that the customer knows what to send instead."))
        self.state = State.REFUSED
        self.reason = reason
        self._save("state", "reason")
        self._record("document_request.refused", by, {})
        self._plan_reminder()
        self._turn(by)

    @transaction.atomic
    def withdraw(self, *, by: Member | None) -> None:
        """Ask no more. Withdrawn: nothing. Raises Stale where it was done."""
        self.lock()
        if self.state == State.WITHDRAWN:
            return
        if self.state == State.ACCEPTED:
            raise self._changed()
        self.state = State.WITHDRAWN
        self._save("state")
        self._record("document_request.withdrawn", by, {})
        self._plan_reminder()
        self._turn(by)

    @transaction.atomic
    def tell_due(self) -> None:
        """Record that its date comes, came, or has passed; missed ones collapse into one."""
        self.lock()
        if not self.is_waiting or self.due_on is None:
            return
        days = (self.due_on - _today()).days
        kind = "document_request.overdue"
        if days >= 0:
            kind = DUE
        self._record(kind, None, {"due": self.due_on.isoformat(), "days": days})
        self._plan_reminder()

    # Undo

    @classmethod
    def undo_all(cls, rows: list[Any], recorded: Mapping[int, ChangedRow], change: Change, *, by: Member) -> None:
        """Bring it back to how it stood; one just asked is withdrawn."""
        for row in rows:
            before = recorded[row.pk].before
            if before is None:
                row.withdraw(by=by)
                continue
            for name in ("state", "reason", "due_on", "document_id"):
                if name in before:
                    setattr(row, name, row._meta.get_field(name.removesuffix("_id")).to_python(before[name]))
            row._save("state", "reason", "due_on", "document")
            row._record("document_request.undone", by, {"of": change.kind})
            row._plan_reminder()
            row._turn(by)

    # How it is done

    def _first_page(self) -> Document | None:
        page = self.pages.select_related("document").order_by("position", "pk").first()
        if page:
            return page.document
        return None

    def _turn(self, by: Member | None) -> None:
        """Make the job the customer's move while anything is asked of them, and ours once nothing is.

        While a message of theirs waits for our answer it stays ours, and its clock goes on.
        """
        job = Job.objects.get(pk=self.job_id)
        waits = type(self).objects.filter(job_id=self.job_id, state__in=WAITING).exists()
        if waits and job.side == Side.US and job.waiting_since is None:
            job.turn_to(Side.CUSTOMER, by=by)
        elif not waits and job.side == Side.CUSTOMER:
            job.turn_to(Side.US, by=by)

    def _plan_reminder(self) -> None:
        """Schedule the next of: two days before, the day itself, the day after."""
        at = None
        if self.is_waiting and self.due_on:
            at = self._next_reminder()
        if at:
            due.schedule(DUE, self.pk, at)
        else:
            due.cancel(DUE, [self.pk])

    def _next_reminder(self) -> datetime | None:
        assert self.due_on is not None, "asked with a date"
        days = (self.due_on - _BEFORE, self.due_on, self.due_on + timedelta(days=1))
        now = clock.now()
        instants = (datetime.combine(day, _MORNING, directory().zone) for day in days)
        return next((at for at in instants if at > now), None)

    def _expect_waiting(self) -> None:
        if not self.is_waiting:
            raise self._changed()

    def _changed(self) -> Stale:
        return Stale(self, gettext("This is no longer possible. The page shows the current state."))

    def _record(self, kind: str, by: Member | None, data: dict[str, Any], *, at: datetime | None = None) -> None:
        # Title and reason stay on the row, where they can be erased.
        super()._record(kind, by, {"kind": self.kind_id} | data, at=at)


def _today() -> date:
    return clock.now().astimezone(directory().zone).date()
