"""QuoteApproval: a member asks for a discount or margin outside the limits; an approver decides within some hours."""

from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from crm.kernel import clock
from crm.platform.models import Member, TenantForeignKey, TenantManager, TenantModel, TenantQuerySet
from crm.platform.models.base import public_id

# Due work: nobody has decided in time.
APPROVAL_DUE = "quote.approval_due"


class QuoteApprovalQuerySet(TenantQuerySet[Any]):
    def open(self) -> Any:
        """Filter those that wait for a decision."""
        return self.filter(decided_at__isnull=True)


class QuoteApproval(TenantModel):
    """A request to approve a version as it was when it was asked; any edit afterwards makes it void."""

    uid = public_id()
    quote = TenantForeignKey("quotes.Quote", models.CASCADE, related_name="approvals")
    version_number = models.PositiveIntegerField()
    content_hash = models.CharField(max_length=64)
    # Why it is needed: {"discount": ppm, "limit": ppm} and {"margin": ppm, "floor": ppm}.
    reasons = models.JSONField(default=dict)
    requested_at = models.DateTimeField(default=clock.now)
    requested_by = TenantForeignKey(Member, models.PROTECT, related_name="+")
    note = models.CharField(max_length=500, blank=True)
    due_at = models.DateTimeField()
    overdue_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    # Null: it was void before anybody decided, as the quote was changed.
    is_approved = models.BooleanField(null=True, blank=True)
    answer = models.CharField(max_length=500, blank=True)

    objects: ClassVar[Any] = TenantManager.from_queryset(QuoteApprovalQuerySet)()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="quote_approval_uid_is_unique"),
            models.UniqueConstraint(
                fields=["tenant", "quote"], condition=Q(decided_at__isnull=True), name="quote_has_one_open_approval"
            ),
        ]

    def __str__(self) -> str:
        return f"approval of {self.quote_id}"

    def close(self, at: datetime, *, by: Member | None, is_approved: bool | None, answer: str = "") -> None:
        """Store a decision; None: it is void."""
        self.decided_at = at
        self.decided_by = by
        self.is_approved = is_approved
        self.answer = " ".join(answer.split())[:500]
        self.save(update_fields=["decided_at", "decided_by", "is_approved", "answer"])
