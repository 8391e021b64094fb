"""UpdateDelivery: delivery of an update after it was queued."""

from datetime import datetime, timedelta

from comms.models import Message
from crm.platform.work import due
from portal.models.update_choices import SeenBy, UpdateState
from portal.models.update_columns import UpdateColumns
from portal.models.update_plan import UpdatePlan
from portal.models.update_policy import update_policy

# Due work: nobody has looked at an update for days.
UNSEEN = "update.unseen"


class UpdateDelivery:
    """Delivery state of a queued update. Called by portal/updates/tracking.py on locked rows."""

    def __init__(self, update: UpdateColumns) -> None:
        self.update = update

    def note_sent(self, at: datetime) -> None:
        """Record that its message was sent; the next update is scheduled from now. Idempotent."""
        update = self.update
        if update.state == UpdateState.SENT:
            return
        update.state = UpdateState.SENT
        update.sent_at = at
        update._save("state", "sent_at")
        update.digest_parts().update(state=UpdateState.SENT, sent_at=at)
        for plan in UpdatePlan.lock_all(update.plans()):
            plan.note_told(update.until, at)
        due.schedule(UNSEEN, update.pk, at + timedelta(days=update_policy().unseen_days))
        update.record_event("update.sent", None, {"medium": update.medium})

    def follow(self, message: Message) -> None:
        """Replace its failed message by one sent through another channel."""
        update = self.update
        update.message = message
        update.medium = message.medium
        update._save("message", "medium")
        update.digest_parts().update(message=message, medium=message.medium)

    def note_seen(self, way: str, at: datetime) -> None:
        """Record that the customer has seen it. Idempotent."""
        update = self.update
        if update.seen_at is None:
            update.seen_at = at
            update.seen_by = way
            update.proposed_medium = ""
            update._save("seen_at", "seen_by", "proposed_medium")
            update.record_event("update.seen", None, {"way": way}, at=at)
            due.cancel(UNSEEN, [update.pk])

    def note_answered(self, at: datetime) -> None:
        """Record that the customer answered it, and so has seen it. Idempotent."""
        update = self.update
        self.note_seen(SeenBy.REPLY, at)
        if update.answered_at is None:
            update.answered_at = at
            update._save("answered_at")
            update.record_event("update.answered", None, {}, at=at)

    def propose(self, medium: str) -> None:
        """Propose another channel because the update was not opened for days. Idempotent."""
        update = self.update
        is_unseen = update.seen_at is None and update.state == UpdateState.SENT
        if is_unseen and update.proposed_medium != medium:
            update.proposed_medium = medium
            update._save("proposed_medium")
            update.record_event("update.unseen", None, {"medium": medium})
