"""CustomerUpdate: a periodic update for the customer of a job, from draft to the customer's answer."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform import undo
from crm.platform.models import (
    Change,
    ChangedRow,
    Member,
)
from crm.platform.work import due
from portal.letters import letter_sending
from portal.letters.letter import split_sentences
from portal.models.update_choices import OPEN
from portal.models.update_columns import UpdateColumns
from portal.models.update_delivery import UNSEEN, UpdateDelivery
from portal.models.update_plan import UpdatePlan
from portal.models.update_policy import update_policy

# Due work: the day on which an update is to leave is over.
END_OF_DAY = "update.due"


class CustomerUpdate(UpdateColumns):
    """An update: its customer, job, text and delivery. `missed_at` is never cleared (docs/rules.md#k8)."""

    class Meta(UpdateColumns.Meta):
        pass

    @property
    def delivery(self) -> UpdateDelivery:
        return UpdateDelivery(self)

    @transaction.atomic
    def edit(self, parts: Mapping[str, str], *, by: Member | None) -> None:
        """Change the sections "happened", "next" and "needed". Idempotent. Raises Refused, or Stale once sent."""
        self.lock()
        self._expect(self.State.DRAFT)
        before = self.letter
        for name in ("happened", "next", "needed"):
            if name in parts:
                setattr(self, name, "\n".join(split_sentences(parts[name])))
        if not self.happened or not self.next:
            raise Refused(_("Enter what happened, and what comes next."))
        if self.letter == before:
            return
        self.edited_at = clock.now()
        self.is_no_news = False
        self._save("happened", "next", "needed", "edited_at", "is_no_news")
        self.record_event("update.edited", by, {})

    @transaction.atomic
    def approve(self, *, by: Member | None, medium: str = "") -> None:
        """Queue it by the preferred or the given channel; sending can be cancelled for 15 seconds.

        Approved: nothing. Raises Refused where there is no way to send it, Stale once it was skipped.
        """
        self.lock()
        if self.state in (self.State.APPROVED, self.State.SENT):
            return
        self._expect(self.State.DRAFT)
        self._queue_message(by, medium)
        self.state = self.State.APPROVED
        self.approved_at = clock.now()
        self.approved_by = by
        self.problem = ""
        self._save("state", "approved_at", "approved_by", "problem", "medium", "message")
        self.digest_parts().update(state=self.State.APPROVED, message=self.message, medium=self.medium)
        due.cancel(END_OF_DAY, [self.pk])
        self.record_event("update.approved", by, {"medium": self.medium})

    @transaction.atomic
    def take_back(self, *, by: Member | None) -> None:
        """Cancel the sending. Idempotent. Raises Refused once it was sent."""
        self.lock()
        if self.state == self.State.DRAFT:
            return
        if self.state != self.State.APPROVED or self.message is None:
            raise Refused(_("It has already been sent, or is being sent."))
        self.message.cancel(by=by)
        self.become_draft("")
        self.record_event("update.taken_back", by, {})

    @transaction.atomic
    def skip(self, reason: str, *, by: Member | None) -> None:
        """Skip this update; the next one is scheduled from today. Idempotent. Raises Refused without a reason."""
        self.lock()
        if self.state == self.State.SKIPPED:
            return
        self._expect(self.State.DRAFT)
        if not (words := " ".join(reason.split())[:200]):
            raise Refused(_("Enter why you skip it."))
        self.state = self.State.SKIPPED
        self.reason = words
        self._save("state", "reason")
        self.digest_parts().update(state=self.State.SKIPPED, reason=words)
        due.cancel(END_OF_DAY, [self.pk])
        for plan in UpdatePlan.lock_all(self.plans()):
            plan.postpone()
        self.record_event("update.skipped", by, {"reason": words})

    @transaction.atomic
    def restore(self, *, by: Member | None) -> None:
        """Turn a skipped update into a draft. Idempotent. Raises Refused if the job has a newer draft."""
        self.lock()
        if self.state == self.State.DRAFT:
            return
        self._expect(self.State.SKIPPED)
        if CustomerUpdate.objects.filter(job=self.job_id, kind=self.kind, state__in=OPEN).exists():
            raise Refused(_("This job has a newer update. Edit that one instead."))
        self.become_draft("")
        self.record_event("update.restored", by, {})

    @transaction.atomic
    def send_by(self, medium: str, *, by: Member | None) -> None:
        """Send the update again by another channel because it was not opened. Idempotent. Raises Refused."""
        self.lock()
        self._expect(self.State.SENT)
        if self.medium == medium:
            return
        self._queue_message(by, medium)
        self.proposed_medium = ""
        self._save("medium", "message", "proposed_medium")
        self.digest_parts().update(message=self.message, medium=self.medium)
        due.schedule(UNSEEN, self.pk, clock.now() + timedelta(days=update_policy().unseen_days))
        self.record_event("update.sent_again", by, {"medium": medium})

    @transaction.atomic
    def leave_it(self, *, by: Member | None) -> None:
        """Dismiss the proposed channel. Idempotent."""
        self.lock()
        if self.proposed_medium:
            self.proposed_medium = ""
            self._save("proposed_medium")
            self.record_event("update.left_unseen", by, {})

    def become_draft(self, problem: str) -> None:
        """Turn it into a draft again, because it was cancelled or not sent, and record why."""
        self.state = self.State.DRAFT
        self.problem = problem[:300]
        self.approved_at = None
        self.approved_by = None
        self._save("state", "problem", "approved_at", "approved_by")
        self.digest_parts().update(state=self.State.DRAFT)
        if self.missed_at is None:
            due.schedule(END_OF_DAY, self.pk, max(self.due_at, clock.now()))

    def give_way(self, reason: str) -> None:
        """Drop it in favour of another update; the schedule is unchanged."""
        self.lock()
        self._expect(self.State.DRAFT)
        self.state = self.State.SKIPPED
        self.reason = reason
        self._save("state", "reason")
        due.cancel(END_OF_DAY, [self.pk])

    def miss(self) -> None:
        """Record that the update was not sent on its day. Idempotent."""
        if self.missed_at is None:
            self.missed_at = self.due_at
            self._save("missed_at")
            self.record_event("update.missed", None, {}, at=max(self.due_at, self.created_at))

    @classmethod
    def undo_all(cls, rows: list[Any], recorded: Mapping[int, ChangedRow], change: Change, *, by: Member) -> None:
        """Undo approvals, skips and failed take-offs."""
        for row in rows:
            if change.kind == "update.take_off_failed":
                _undo_take_off(row, recorded[row.pk].context or {}, by)
            elif change.kind == "update.approved":
                row.take_back(by=by)
            elif change.kind == "update.skipped":
                row.restore(by=by)
            elif proposed := (recorded[row.pk].before or {}).get("proposed_medium"):
                row.delivery.propose(proposed)

    def _queue_message(self, by: Member | None, medium: str) -> None:
        key = "customer_update"
        if self.kind == self.Kind.TAKE_OFF:
            key = "take_off_failed"
        to = letter_sending.Recipient(self.job, self.person, self.brand, self.language)
        self.message = letter_sending.queue_letter(
            to, key, self.letter, medium=medium, by=by, occasion=f"update:{self.pk}"
        )
        self.medium = self.message.medium


def _undo_take_off(update: CustomerUpdate, done: Mapping[str, Any], by: Member) -> None:
    """Restore the appointment, the project and the earlier draft. Raises Refused; all or nothing."""
    for uid in done.get("changes", ()):
        undone = undo.undo_change(UUID(uid), by=by, anybodys=True)
        if undone.staying:
            raise Refused(_("The appointment or the project was changed since: move it by hand."))
    due.cancel(END_OF_DAY, [update.pk])
    update.record_event("update.take_off_undone", by, {})
    replaced = CustomerUpdate.objects.filter(pk=done.get("replaced"), state=CustomerUpdate.State.SKIPPED).first()
    update.delete()
    if replaced:
        replaced.become_draft("")
