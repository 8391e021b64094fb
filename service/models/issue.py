"""Issue: a problem on a job: cause, offer, approval and result.

What is offered is never tied to a review, and asking for one never depends on it
(docs/rules.md#k13): nothing here knows of reviews.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar

from babel.numbers import get_currency_precision
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.jobs.models import Job
from crm.jobs.models.job_part import JobPart
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.models import Change, ChangedRow, Member, TenantForeignKey, TenantManager
from crm.platform.models.base import public_id
from crm.platform.undo import Undoable, restore_columns
from followups.models import FollowUp, FollowUpKind
from service.models.approval_limit import limits
from service.models.queryset import IssueQuerySet


class IssueCause(models.TextChoices):
    QUALITY = "quality", _("Quality of the work")
    DAMAGE = "damage", _("Damage")
    DELAY = "delay", _("Delay")
    BILLING = "billing", _("Invoice")
    CONDUCT = "conduct", _("Staff behavior")
    OTHER = "other", _("Something else")


class IssueOffer(models.TextChoices):
    REDO = "redo", _("Redo the work")
    REPAIR = "repair", _("Repair")
    REFUND = "refund", _("Refund")
    DISCOUNT = "discount", _("Discount")
    APOLOGY = "apology", _("Apology")


class IssueState(models.TextChoices):
    OPEN = "open", _("Open")
    TO_APPROVE = "to_approve", _("Waits for approval")
    OFFERED = "offered", _("Offered")
    SOLVED = "solved", _("Solved")
    UNSOLVED = "unsolved", _("Closed without a solution")


# So long after an issue is solved somebody asks how it is.
RECOVERY = timedelta(days=3)
CAUSE = "issue"


class Issue(JobPart, Undoable):
    """A complaint or damage on a job, until it is resolved."""

    Cause = IssueCause
    Offer = IssueOffer
    State = IssueState

    undo_named_with = ("job",)
    undo_columns = (
        *("version", "state", "offer", "offer_words", "amount", "offered_by_id", "approved_by_id", "approved_at"),
        *("refusal", "outcome", "ended_at"),
    )

    uid = public_id()
    job = TenantForeignKey(Job, models.CASCADE, related_name="issues")
    cause = models.CharField(max_length=8, choices=Cause)
    # What happened, in somebody's words.
    words = models.TextField()
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    offer = models.CharField(max_length=8, choices=Offer, blank=True)
    offer_words = models.CharField(max_length=500, blank=True)
    # What the offer costs us, in minor units of the job's currency.
    amount = models.BigIntegerField(default=0)
    # Why an offer was not approved, until another is made.
    refusal = models.CharField(max_length=500, blank=True)
    offered_by = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    approved_by = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    # What came of it.
    outcome = models.CharField(max_length=500, blank=True)
    opened_at = models.DateTimeField(default=clock.now)
    opened_by = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    follow_up = TenantForeignKey(FollowUp, models.SET_NULL, null=True, blank=True, related_name="+")

    objects: ClassVar[Any] = TenantManager.from_queryset(IssueQuerySet)()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="issue_uid_is_unique"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="issue_offers_no_less_than_nothing"),
            models.CheckConstraint(
                condition=Q(state__in=("solved", "unsolved"), ended_at__isnull=False)
                | ~Q(state__in=("solved", "unsolved")) & Q(ended_at__isnull=True),
                name="issue_ends_at_some_time",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=models.F("offered_by")),
                name="issue_is_approved_by_somebody_else",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "-opened_at", "-id"], name="issue_order"),
            models.Index(fields=["tenant", "job", "opened_at"], name="issue_of_job"),
        ]

    def __str__(self) -> str:
        return f"issue {self.uid}"

    @property
    def undo_name(self) -> str:
        return str(self.job.title)

    @property
    def is_over(self) -> bool:
        return self.ended_at is not None

    # Verbs

    @classmethod
    @transaction.atomic
    def open(cls, job: Job, cause: str, words: str, *, by: Member | None) -> "Issue":
        """Open an issue. Raises Refused without a text."""
        if not words.strip():
            raise Refused(gettext("Enter what happened."))
        row: Issue = cls.objects.create(job=job, cause=cls.Cause(cause), words=words.strip()[:4000], opened_by=by)
        row.refresh_from_db(fields=["uid"])
        row._record("issue.opened", by, {"cause": row.cause})
        return row

    @transaction.atomic
    def make_offer(self, offer: str, words: str, amount: int, *, by: Member) -> None:
        """Make an offer with its cost; above the member's limit it needs approval.

        A new offer takes the place of the one before, and its approval. Raises Refused once it is over.
        """
        self.lock()
        self._expect_open()
        self.offer = self.Offer(offer)
        self.offer_words = " ".join(words.split())[:500]
        self.amount = max(0, amount)
        self.offered_by = by
        self.approved_by = None
        self.approved_at = None
        if self.may_offer(by):
            self.state = self.State.OFFERED
        else:
            self.state = self.State.TO_APPROVE
        self.refusal = ""
        self._save("offer", "offer_words", "amount", "offered_by", "approved_by", "approved_at", "state", "refusal")
        self._record("issue.offered", by, {"offer": self.offer, "amount": self.amount, "state": self.state})

    @transaction.atomic
    def approve(self, *, by: Member) -> None:
        """Approve the offer. Idempotent. Raises Refused for one's own offer, or above one's limit."""
        self.lock()
        if self.state == self.State.OFFERED:
            return
        self._expect_waiting()
        if self.offered_by_id == by.pk:
            raise Refused(gettext("You can’t approve your own offer."))
        if not self.may_offer(by):
            raise Refused(gettext("This is above your approval limit too."))
        self.state = self.State.OFFERED
        self.approved_by = by
        self.approved_at = clock.now()
        self._save("state", "approved_by", "approved_at")
        self._record("issue.approved", by, {"amount": self.amount})

    @transaction.atomic
    def decline(self, why: str, *, by: Member) -> None:
        """Decline an offer that needs approval, with a reason; the issue is open again, without an offer.

        The event keeps what was refused and its amount; no words, because erasing a person leaves events alone.
        """
        self.lock()
        self._expect_waiting()
        if not why.strip():
            raise Refused(gettext("Enter a reason."))
        refused = {"offer": self.offer, "amount": self.amount}
        self.state = self.State.OPEN
        self.refusal = " ".join(why.split())[:500]
        self.offer = ""
        self.offer_words = ""
        self.amount = 0
        self.offered_by = None
        self._save("state", "refusal", "offer", "offer_words", "amount", "offered_by")
        self._record("issue.declined", by, refused)

    @transaction.atomic
    def end(self, is_solved: bool, outcome: str, *, by: Member) -> None:
        """Close it with its result and schedule a check some days later. Idempotent.

        Raises Refused without words, or while an offer waits for approval.
        """
        self.lock()
        if self.is_over:
            return
        if self.state == self.State.TO_APPROVE:
            raise Refused(gettext("The offer is waiting for approval."))
        if not outcome.strip():
            raise Refused(gettext("Enter the result."))
        if is_solved:
            self.state = self.State.SOLVED
        else:
            self.state = self.State.UNSOLVED
        self.outcome = " ".join(outcome.split())[:500]
        self.ended_at = clock.now()
        if self.job.is_open:
            self.follow_up = _plan_recovery(self.job, by)
        else:
            self.follow_up = None
        self._save("state", "outcome", "ended_at", "follow_up")
        self._record("issue.ended", by, {"state": self.state})

    @transaction.atomic
    def reopen(self, *, by: Member) -> None:
        """Reopen it, because it was not solved. Idempotent."""
        self.lock()
        if self.is_over:
            self.state = self.State.OPEN
            self.outcome = ""
            self.ended_at = None
            self._save("state", "outcome", "ended_at")
            self._record("issue.reopened", by, {})

    @classmethod
    def undo_all(cls, rows: list[Any], recorded: Mapping[int, ChangedRow], change: Change, *, by: Member) -> None:
        restore_columns(rows, recorded)
        for row in rows:
            if row.follow_up and change.kind == "issue.ended" and row.follow_up.is_open:
                row.follow_up.cancel(by=by, cause=CAUSE)
            row._record("issue.undone", by, {"of": change.kind})

    # How it is done

    def may_offer(self, member: Member) -> bool:
        """True if the offer is within the member's own limit."""
        limit = limits()[member.role]
        return limit is None or self.amount <= limit * 10 ** get_currency_precision(self.job.currency)

    def _expect_open(self) -> None:
        if self.is_over:
            raise Refused(gettext("It is closed. Reopen it first."))

    def _expect_waiting(self) -> None:
        if self.state != self.State.TO_APPROVE:
            raise Refused(gettext("There is nothing to approve."))


def _plan_recovery(job: Job, by: Member) -> FollowUp:
    """Plan a call to ask whether it is resolved."""
    at: datetime = clock.now() + RECOVERY
    subject = gettext("Check whether it is resolved")
    return FollowUp.plan(
        kind=FollowUpKind.CALL, subject=subject, due_at=at, by=by, job=job, assignee=job.member or by, cause=CAUSE
    )
