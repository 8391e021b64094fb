"""HandOffItem: a checklist item that a person ticked, or that somebody owes until a day."""

from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext

from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.events import events
from crm.platform.models import Member, TenantForeignKey, TenantModel
from followups.models import FollowUp, FollowUpKind, FollowUpStatus
from service.models.hand_off import HandOff

# What the follow-ups of owed lines are planned by.
CAUSE = "handoff"


class HandOffItem(TenantModel):
    """A ticked or owed item; if owed, with the person, the day and the follow-up."""

    hand_off = TenantForeignKey(HandOff, models.CASCADE, related_name="items")
    # The line of the checklist it is about (service/models/hand_off_checklist.py).
    code = models.CharField(max_length=60)
    label = models.CharField(max_length=120)
    owner = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    due_at = models.DateTimeField(null=True, blank=True)
    follow_up = TenantForeignKey(FollowUp, models.SET_NULL, null=True, blank=True, related_name="+")
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "hand_off", "code"], name="hand_off_item_is_once_on_a_list"),
            models.CheckConstraint(
                condition=Q(done_at__isnull=False) | Q(owner__isnull=False, due_at__isnull=False),
                name="hand_off_item_is_owed_by_somebody_until_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} of {self.hand_off_id}"

    @property
    def is_owed(self) -> bool:
        return self.done_at is None

    @classmethod
    @transaction.atomic
    def tick(cls, hand_off: HandOff, code: str, label: str, *, by: Member) -> None:
        """Tick an item that is checked by hand; an owed item counts as received. Idempotent."""
        hand_off.lock()
        row = cls.objects.filter(hand_off=hand_off, code=code).first() or cls(hand_off=hand_off, code=code)
        if row.pk and row.done_at:
            return
        row.label = label[:120]
        row.done_at = clock.now()
        row.done_by = by
        row.save()
        row._close_follow_up(by)
        row._record("handoff.item_ticked", by)

    @classmethod
    @transaction.atomic
    def untick(cls, hand_off: HandOff, code: str, *, by: Member) -> None:
        """Remove a tick or an owed item: it is missing again. Idempotent."""
        hand_off.lock()
        hand_off.expect_unanswered()
        row = cls.objects.filter(hand_off=hand_off, code=code).first()
        if row:
            row._close_follow_up(by, undone=True)
            row._record("handoff.item_unticked", by)
            row.delete()

    @classmethod
    @transaction.atomic
    def owe(
        cls, hand_off: HandOff, code: str, label: str, *, owner: Member, due_at: datetime, by: Member
    ) -> "HandOffItem":
        """Record who owes an item until when; plans their follow-up on the job. Raises Refused for a past day."""
        hand_off.lock()
        hand_off.expect_unanswered()
        if due_at <= clock.now():
            raise Refused(gettext("Choose a day and time in the future."))
        row = cls.objects.filter(hand_off=hand_off, code=code).first() or cls(hand_off=hand_off, code=code)
        row._close_follow_up(by, undone=True)
        row.label = label[:120]
        row.owner = owner
        row.due_at = due_at
        row.done_at = None
        row.done_by = None
        row.follow_up = FollowUp.plan(
            kind=FollowUpKind.TASK, subject=label, due_at=due_at, by=by, job=hand_off.job, assignee=owner, cause=CAUSE
        )
        row.save()
        row._record("handoff.item_owed", by, {"owner": owner.pk})
        return row

    @transaction.atomic
    def bring(self, *, by: Member | None) -> None:
        """Record an owed item as received because its follow-up is done. Idempotent."""
        self.lock()
        if self.done_at is None:
            self.done_at = clock.now()
            self.done_by = by
            self.save(update_fields=["done_at", "done_by"])
            self._record("handoff.item_brought", by)

    @transaction.atomic
    def owe_again(self, *, by: Member | None) -> None:
        """Record an item as owed again because its follow-up was reopened. Idempotent."""
        self.lock()
        if self.done_at is not None and self.owner_id:
            self.done_at = None
            self.done_by = None
            self.save(update_fields=["done_at", "done_by"])
            self._record("handoff.item_owed", by, {"owner": self.owner_id})

    def _close_follow_up(self, by: Member, *, undone: bool = False) -> None:
        follow_up = self.follow_up
        if follow_up is None or follow_up.status not in (FollowUpStatus.PENDING, FollowUpStatus.IN_PROGRESS):
            return
        if undone:
            follow_up.cancel(by=by, cause=CAUSE)
        else:
            follow_up.complete("successful", by=by, cause=CAUSE)

    def _record(self, kind: str, by: Member | None, data: dict[str, Any] | None = None) -> None:
        # What a person typed stays on the row, where it can be erased.
        event_data = {"label": "" if self.code.startswith("promise:") else self.label} | (data or {})
        events.record(kind, subject=self.hand_off, by=by, data=event_data, job_id=self.hand_off.job_id)
