"""UpdateColumns: the columns of an update, and properties derived from them alone."""

from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from comms.models import Medium
from crm.jobs.models import Job
from crm.kernel import clock
from crm.kernel.refusal import Stale
from crm.platform.events import events
from crm.platform.models import (
    CountedVersion,
    Member,
    TenantForeignKey,
    TenantManager,
)
from crm.platform.models.base import public_id
from crm.platform.undo import Undoable
from portal.letters.letter import Letter, split_sentences
from portal.models.update_choices import OPEN, SeenBy, UpdateKind, UpdateState
from portal.models.update_plan import UpdatePlan
from portal.models.update_policy import update_policy
from portal.models.update_queryset import CustomerUpdateQuerySet


class UpdateColumns(CountedVersion, Undoable):
    """Columns of a customer update: recipient, job, text, and whether it was sent, seen and answered."""

    State = UpdateState
    Kind = UpdateKind
    Seen = SeenBy

    undo_columns = ("version", "state", "proposed_medium")
    undo_named_with = ("job",)

    uid = public_id()
    job = TenantForeignKey(Job, models.CASCADE, related_name="+")
    person = TenantForeignKey("people.Person", models.SET_NULL, null=True, blank=True, related_name="+")
    brand = TenantForeignKey("platform.Brand", models.PROTECT, related_name="+")
    # Whose job it was when it was drafted.
    member = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    # The update it is told in, of a customer with several places: one letter for all of them.
    digest = TenantForeignKey("portal.CustomerUpdate", models.SET_NULL, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.REGULAR)
    state = models.CharField(max_length=8, choices=State, default=State.DRAFT)
    language = models.CharField(max_length=8)
    # A sentence a line.
    happened = models.TextField(blank=True)
    next = models.TextField(blank=True)
    needed = models.TextField(blank=True)
    # What it is built from, {"kind", "at", "what"} each; what in it is bad news, as codes.
    sources = models.JSONField(default=list, blank=True)
    negatives = models.JSONField(default=list, blank=True)
    is_no_news = models.BooleanField(default=False)
    # From when and up to when it tells.
    since = models.DateTimeField()
    until = models.DateTimeField()
    due_at = models.DateTimeField()
    missed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    edited_at = models.DateTimeField(null=True, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    # Who approved it; null for one that left by itself.
    approved_by = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=200, blank=True)
    # Why it did not leave, though somebody approved it.
    problem = models.CharField(max_length=300, blank=True)
    medium = models.CharField(max_length=8, choices=Medium, blank=True)
    proposed_medium = models.CharField(max_length=8, choices=Medium, blank=True)
    message = TenantForeignKey("comms.Message", models.SET_NULL, null=True, blank=True, related_name="+")
    sent_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    seen_by = models.CharField(max_length=8, choices=Seen, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = TenantManager.from_queryset(CustomerUpdateQuerySet)()

    class Meta(Undoable.Meta):
        abstract = True
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="customer_update_uid_is_unique"),
            models.UniqueConstraint(
                fields=["tenant", "job", "kind"], condition=Q(state__in=OPEN), name="customer_update_is_one_draft_a_job"
            ),
            models.CheckConstraint(
                condition=~Q(state="sent") | Q(sent_at__isnull=False), name="customer_update_is_sent_at_a_time"
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "due_at", "id"], name="customer_update_by_day"),
            models.Index(fields=["tenant", "state", "due_at", "id"], name="customer_update_by_state"),
            models.Index(fields=["tenant", "job", "-id"], name="customer_update_of_job"),
            models.Index(fields=["tenant", "message"], name="customer_update_of_message"),
            models.Index(fields=["tenant", "person", "sent_at"], name="customer_update_of_person"),
        ]

    def __str__(self) -> str:
        return f"update {self.uid}"

    @property
    def undo_name(self) -> str:
        return str(self.job.title)

    @property
    def letter(self) -> Letter:
        """Content of the update."""
        return Letter(split_sentences(self.happened), split_sentences(self.next), split_sentences(self.needed))

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def is_delivered(self) -> bool:
        return self.message is not None and self.message.delivery in ("delivered", "opened", "clicked")

    @property
    def is_opened(self) -> bool:
        """True if a mail program opened it. Only a hint: scanners open mails, too (docs/rules.md#k6)."""
        return self.message is not None and self.message.delivery in ("opened", "clicked")

    @property
    def may_leave_by_itself(self) -> bool:
        """True if the draft may be sent without approval: the tenant allows it, it is unedited, and has no bad news."""
        is_plain = self.kind == self.Kind.REGULAR and self.edited_at is None and not self.negatives
        return update_policy().sends_itself and is_plain and not self.problem

    def _expect(self, *states: str) -> None:
        if self.state not in states:
            raise Stale(self, _("This is no longer possible. The page shows the current state."))

    def digest_parts(self) -> Any:
        """Return the updates of the customer's other jobs that are included in this one."""
        return type(self).objects.filter(digest=self)

    def plans(self) -> Any:
        return UpdatePlan.objects.filter(
            job_id__in=[self.job_id, *self.digest_parts().values_list("job_id", flat=True)]
        )

    def record_event(self, kind: str, by: Member | None, data: dict[str, Any], at: datetime | None = None) -> None:
        events.record(kind, subject=self, by=by, data=data, job_id=self.job_id, at=at)
