"""HandOff: transfer of a sold job from sales to service: promises, missing items, and service's answer."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, ClassVar

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext

from crm.jobs.models import Job, Level
from crm.jobs.models.job_part import JobPart
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.models import (
    Change,
    ChangedRow,
    Member,
    TenantForeignKey,
    TenantManager,
    TenantOneToOneField,
)
from crm.platform.models.base import public_id
from crm.platform.undo import Undoable
from crm.platform.work import due
from service.models.hand_off_answer import UNANSWERED, HandOffState, ReturnReason, answer_level, due_dates
from service.models.hand_off_verbs import accept_hand_off, undo_answers, undo_refusal
from service.models.project import Project
from service.models.project_template import ProjectTemplate, template_for
from service.models.queryset import HandOffQuerySet

# The due work at the instants an answer is late, and far too late.
LATE = "handoff.late"
FAR = "handoff.far"


class HandOff(JobPart, Undoable):
    """The hand-off of a sold job until service accepts it. It ages from the sale, independent of the job's clock."""

    undo_named_with = ("job",)
    undo_columns = (
        *("version", "state", "answered_at", "answered_by_id", "return_reason", "return_note", "returned"),
        *("due_at", "far_at"),
    )

    uid = public_id()
    job = TenantOneToOneField(Job, models.CASCADE, primary_key=True, related_name="hand_off")
    state = models.CharField(max_length=9, choices=HandOffState, default=HandOffState.OPEN)
    # What the job is set up from when it is accepted, and what the checklist asks besides.
    template = TenantForeignKey(ProjectTemplate, models.SET_NULL, null=True, blank=True, related_name="+")
    # Who sold it, and answers what service asks.
    seller = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    opened_at = models.DateTimeField(default=clock.now)
    # When an answer is late (one working day), and when a manager is told (two).
    due_at = models.DateTimeField()
    far_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    return_reason = models.CharField(max_length=8, choices=ReturnReason, blank=True)
    # What the seller has to do.
    return_note = models.TextField(blank=True)
    # How often it was sent back.
    returned = models.PositiveSmallIntegerField(default=0)

    objects: ClassVar[Any] = TenantManager.from_queryset(HandOffQuerySet)()
    # The reverse sides of Promise, HandOffItem and HandOffQuestion.
    promises: Any
    items: Any
    questions: Any

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="hand_off_uid_is_unique"),
            models.CheckConstraint(
                condition=Q(state__in=("open", "withdrawn")) | Q(answered_at__isnull=False),
                name="hand_off_is_answered_at_some_time",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "due_at", "job"], name="hand_off_order"),
            models.Index(
                fields=["tenant", "due_at"], condition=Q(state__in=("open", "returned")), name="hand_off_unanswered"
            ),
            models.Index(fields=["tenant", "seller", "opened_at"], name="hand_off_of_seller"),
        ]

    def __str__(self) -> str:
        return f"hand-off of job {self.job_id}"

    # What it is

    @property
    def undo_name(self) -> str:
        return str(self.job.title)

    @property
    def is_unanswered(self) -> bool:
        return self.state in UNANSWERED

    @property
    def accepted_by(self) -> Member | None:
        """Who accepted it, or None."""
        return self.answered_by if self.state == HandOffState.ACCEPTED else None

    def level_at(self, at: datetime) -> Level:
        """Lateness level of an answer, as for every clock."""
        if not self.is_unanswered:
            return Level.ENDED
        return answer_level(self.opened_at, self.due_at, self.far_at, at)

    # Verbs

    @classmethod
    @transaction.atomic
    def open(cls, job: Job, *, seller: Member | None, by: Member | None) -> "HandOff":
        """Open the hand-off of a sold job, which then waits. Idempotent; a withdrawn one is reopened."""
        job.lock()
        present: HandOff | None = cls.objects.filter(job=job).first()
        if present and present.state != HandOffState.WITHDRAWN:
            return present
        row = present or cls(job=job)
        row.state = HandOffState.OPEN
        row.seller = seller
        row.opened_at = clock.now()
        row.answered_at = row.answered_by = None
        row.return_reason = row.return_note = ""
        row.template = template_for(job.pipeline_id)
        row.due_at, row.far_at = due_dates(job.brand_id, row.opened_at)
        row.version += 1 if present else 0
        row.save(force_insert=present is None)
        if not present:
            row.refresh_from_db(fields=["uid"])
        row.await_answer(True)
        row._record("handoff.opened", by, {"seller": seller.pk if seller else None})
        return row

    @transaction.atomic
    def choose_template(self, template: ProjectTemplate | None, *, by: Member) -> None:
        """Set the project template. Idempotent. Raises Refused once answered."""
        self.lock()
        self.expect_unanswered()
        if self.template_id != (template.pk if template else None):
            self.template = template
            self._save("template")

    @transaction.atomic
    def accept(self, *, by: Member, starts_on: date | None = None, contact: Member | None = None) -> Project:
        """Accept it and set the job up from its template. Idempotent. Returns the project.

        Raises Refused while a promise is unanswered, or something is missing that nobody owes; for a withdrawn one.
        """
        self.lock()
        return accept_hand_off(self, by=by, starts_on=starts_on, contact=contact)

    @transaction.atomic
    def send_back(self, reason: str, note: str, *, by: Member) -> None:
        """Return it to the seller; the deal stays sold and keeps ageing. Idempotent.

        Raises ValueError for no reason, Refused without what the seller has to do, or once it is answered.
        """
        self.lock()
        if self.state == HandOffState.RETURNED:
            return
        self.expect_unanswered()
        reason = ReturnReason(reason)
        if not note.strip():
            raise Refused(gettext("Enter what sales has to do before handing it off again."))
        self.state = HandOffState.RETURNED
        self.return_reason = reason
        self.return_note = note.strip()[:2000]
        self.answered_at = clock.now()
        self.answered_by = by
        self.returned += 1
        self._save("state", "return_reason", "return_note", "answered_at", "answered_by", "returned")
        self._record("handoff.returned", by, {"reason": reason})

    @transaction.atomic
    def resubmit(self, note: str, *, by: Member) -> None:
        """Hand it over again with a note of what was done; service has a new day to answer. Idempotent."""
        self.lock()
        if self.state == HandOffState.OPEN:
            return
        self.expect_unanswered()
        self.state = HandOffState.OPEN
        self.answered_at = self.answered_by = None
        self.return_note = "\n\n".join(filter(None, (self.return_note, note.strip()[:2000])))
        self.due_at, self.far_at = due_dates(self.job.brand_id, clock.now())
        self._save("state", "answered_at", "answered_by", "return_note", "due_at", "far_at")
        self.await_answer(True)
        self._record("handoff.resubmitted", by, {})

    @transaction.atomic
    def withdraw(self, *, by: Member | None) -> None:
        """End it without an answer because the job is no longer sold, or ended. Idempotent."""
        self.lock()
        if self.is_unanswered:
            self.state = HandOffState.WITHDRAWN
            self.answered_at = self.answered_by = None
            self._save("state", "answered_at", "answered_by")
            self.await_answer(False)
            self._record("handoff.withdrawn", by, {})

    # Undo

    @classmethod
    def undo_context(cls, ids: Iterable[int]) -> Mapping[int, dict[str, Any]]:
        members = cls.objects.filter(pk__in=list(ids)).values_list("pk", "job__member_id")
        return {pk: {"member": member_id} for pk, member_id in members}

    def undo_refusal(self, before: dict[str, Any], change: Change) -> str:
        return undo_refusal(self, change)

    @classmethod
    def undo_all(cls, rows: list[Any], recorded: Mapping[int, ChangedRow], change: Change, *, by: Member) -> None:
        """Undo the setup, return the job to its previous owner, and make the hand-off wait again."""
        undo_answers(rows, recorded, change, by=by)

    # How it is done

    def expect_unanswered(self) -> None:
        if self.state == HandOffState.WITHDRAWN:
            raise Refused(gettext("This job is no longer sold."))
        if self.state == HandOffState.ACCEPTED:
            raise Refused(gettext("This job is already accepted."))

    def await_answer(self, waits: bool) -> None:
        """Make the job wait for the answer and schedule when that is late, or cancel both."""
        self.job.await_acceptance(waits)
        if waits:
            due.schedule(LATE, self.pk, self.due_at)
            due.schedule(FAR, self.pk, self.far_at)
        else:
            due.cancel(LATE, [self.pk])
            due.cancel(FAR, [self.pk])
