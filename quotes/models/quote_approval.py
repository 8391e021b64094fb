"""QuoteDecision: a decision that is due within working hours. QuoteApproval: of a discount or margin before sending."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from crm.jobs.clock import arithmetic
from crm.kernel import clock
from crm.platform.models import Member, TenantForeignKey, TenantManager, TenantModel, TenantQuerySet
from crm.platform.models.base import public_id
from crm.platform.organization.configuration import directory

# Due work: nobody has decided in time.
APPROVAL_DUE = "quote.approval_due"
HOUR = 3600


class QuoteDecisionQuerySet(TenantQuerySet[Any]):
    def open(self) -> Any:
        """Filter those that wait for a decision."""
        return self.filter(decided_at__isnull=True)


class QuoteDecision(TenantModel):
    """A decision about a quote: by when it is due, and how it was decided."""

    # The event of one that is late.
    OVERDUE: ClassVar[str]

    uid = public_id()
    requested_at = models.DateTimeField(default=clock.now)
    due_at = models.DateTimeField()
    overdue_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    # Null: nobody has decided, or it was void before, as the quote was changed.
    is_approved = models.BooleanField(null=True, blank=True)
    answer = models.CharField(max_length=500, blank=True)

    objects: ClassVar[Any] = TenantManager.from_queryset(QuoteDecisionQuerySet)()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def close(self, at: datetime, *, by: Member | None, is_approved: bool | None, answer: str = "") -> None:
        """Store a decision; None: it is void."""
        self.decided_at = at
        self.decided_by = by
        self.is_approved = is_approved
        self.answer = clean_answer(answer)
        self.save(update_fields=["decided_at", "decided_by", "is_approved", "answer"])

    @classmethod
    def mark_overdue(cls, ids: Sequence[int]) -> None:
        """Record those that were not decided in time, each once (due work)."""
        now = clock.now()
        rows = cls.objects.open().filter(pk__in=ids, overdue_at__isnull=True).select_related("quote")
        for row in rows.order_by("pk").select_for_update(of=("self",), no_key=True):
            row.overdue_at = now
            row.save(update_fields=["overdue_at"])
            row.quote.record(cls.OVERDUE, None, {"decision": row.pk})


class QuoteApproval(QuoteDecision):
    """A request to approve a version as it was when it was asked; any edit afterwards makes it void."""

    OVERDUE = "quote.approval_overdue"

    quote = TenantForeignKey("quotes.Quote", models.CASCADE, related_name="approvals")
    version_number = models.PositiveIntegerField()
    content_hash = models.CharField(max_length=64)
    # Why it is needed: {"discount": ppm, "limit": ppm} and {"margin": ppm, "floor": ppm}.
    reasons = models.JSONField(default=dict)
    requested_by = TenantForeignKey(Member, models.PROTECT, related_name="+")
    note = models.CharField(max_length=500, blank=True)

    class Meta(QuoteDecision.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="quote_approval_uid_is_unique"),
            models.UniqueConstraint(
                fields=["tenant", "quote"], condition=Q(decided_at__isnull=True), name="quote_has_one_open_approval"
            ),
        ]

    def __str__(self) -> str:
        return f"approval of {self.quote_id}"


def clean_answer(answer: str) -> str:
    """Return an answer on one line, as it is stored."""
    return " ".join(answer.replace("\0", "").split())[:500]


def due_in_working_hours(hours: int, brand_id: int) -> datetime:
    """Return the instant that is so many working hours of a brand away; it counts day and night without any."""
    organization = directory()
    calendar = organization.calendars.get(organization.calendar_of(brand_id) or 0)
    return arithmetic.instants(clock.now(), hours * HOUR, calendar).due_at
