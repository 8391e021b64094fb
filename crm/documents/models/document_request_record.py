"""DocumentRequestRecord: the columns and derived values of a document request."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.documents.models.document import Document
from crm.documents.models.document_kind import DocumentKind
from crm.jobs.models import Job
from crm.jobs.models.job_part import JobPart
from crm.kernel import clock
from crm.people.models import Person
from crm.platform.models import Member, TenantForeignKey
from crm.platform.models.base import public_id


class RequestState(models.TextChoices):
    OPEN = "open", _("Not sent yet")
    SENT = "sent", _("Requested")
    RECEIVED = "received", _("To review")
    ACCEPTED = "accepted", _("Done")
    REFUSED = "refused", _("Sent back")
    WITHDRAWN = "withdrawn", _("Withdrawn")


# The states in which it is the customer's move, and those in which they may send pages, or take some back.
WAITING = (RequestState.OPEN, RequestState.SENT, RequestState.REFUSED)
TAKES_PAGES = (*WAITING, RequestState.RECEIVED)


class DocumentRequestRecord(JobPart):
    """A request's columns: the customer asked, the due date, the state, and the document that answered it."""

    uid = public_id()
    job = TenantForeignKey(Job, models.CASCADE, related_name="document_requests")
    # Who is asked; null: whoever the job's customer is.
    person = TenantForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    kind = TenantForeignKey(DocumentKind, models.PROTECT, related_name="+")
    title = models.CharField(max_length=120)
    note = models.CharField(max_length=500, blank=True)
    due_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=9, choices=RequestState, default=RequestState.OPEN)
    # Why what came was sent back; the customer reads it.
    reason = models.CharField(max_length=300, blank=True)
    document = TenantForeignKey(Document, models.SET_NULL, null=True, blank=True, related_name="+")
    sent_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    # The last event of it that the customer was told of: who tells may run twice.
    told_event = models.BigIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(default=clock.now)
    created_by = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        abstract = True
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
    def is_waiting(self) -> bool:
        """True if the request waits for the customer."""
        return self.state in WAITING

    @property
    def takes_pages(self) -> bool:
        """True if pages may be added or removed: the request is neither accepted nor withdrawn."""
        return self.state in TAKES_PAGES

    @property
    def asked_id(self) -> int | None:
        """The id of the person asked."""
        return self.person_id or self.job.person_id
