"""CustomerUpdate: a periodic update for the customer of a job, from draft to the customer's answer."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar, Self
from uuid import UUID

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comms.models import Medium, Message
from crm.jobs.models import Job
from crm.kernel import clock
from crm.kernel.refusal import Refused, Stale
from crm.platform import undo
from crm.platform.events import events
from crm.platform.models import (
    Change,
    ChangedRow,
    CountedVersion,
    Member,
    TenantForeignKey,
    TenantManager,
    TenantQuerySet,
)
from crm.platform.models.base import public_id
from crm.platform.undo import Undoable
from crm.platform.work import due
from portal.letters import letter_sending
from portal.letters.letter import Letter, sentences
from portal.models.update_plan import UpdatePlan
from portal.models.update_policy import update_policy

# Due work: an update's day is over; nobody has looked at one for days.
END_OF_DAY, UNSEEN = "update.due", "update.unseen"
# Open: a draft, or one that leaves in a moment.
OPEN = ("draft", "approved")


class CustomerUpdateQuerySet(TenantQuerySet["CustomerUpdate"]):
    def visible_to(self, member: Member) -> Self:
        """Filter those of jobs a member may see."""
        return self.filter(job_id__in=Job.objects.visible_to(member).values("pk"))

    def letters(self) -> Self:
        """Exclude updates that are part of the digest of another."""
        return self.filter(digest__isnull=True)

    def to_do(self) -> Self:
        """Filter updates that need an action: drafts, and sent ones without a view for which a channel is proposed."""
        return self.letters().filter(Q(state=CustomerUpdate.State.DRAFT) | ~Q(proposed_medium=""))


class CustomerUpdate(CountedVersion, Undoable):
    """An update: its customer, job, words and delivery. `missed_at` is kept (docs/rules.md#k8)."""

    class State(models.TextChoices):
        DRAFT = "draft", gettext_lazy("To approve")
        APPROVED = "approved", gettext_lazy("Being sent")
        SENT = "sent", gettext_lazy("Sent")
        SKIPPED = "skipped", gettext_lazy("Skipped")

    class Kind(models.TextChoices):
        REGULAR = "regular", gettext_lazy("Regular update")
        TAKE_OFF = "take_off", gettext_lazy("The work could not begin")

    class Seen(models.TextChoices):
        VISIT = "visit", gettext_lazy("on their page")
        CLICK = "click", gettext_lazy("by the link in it")
        REPLY = "reply", gettext_lazy("they answered")

    undo_columns = ("version", "state", "proposed_medium")
    undo_named_with = ("job",)

    uid = public_id()
    job = TenantForeignKey(Job, models.CASCADE, related_name="+")
    person = TenantForeignKey("people.Person", models.SET_NULL, null=True, blank=True, related_name="+")
    brand = TenantForeignKey("platform.Brand", models.PROTECT, related_name="+")
    # Whose job it was when it was drafted.
    member = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    # The update it is told in, of a customer with several places: one letter for all of them.
    digest = TenantForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
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

    class Meta:
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
        """What it says."""
        return Letter(sentences(self.happened), sentences(self.next), sentences(self.needed))

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def is_delivered(self) -> bool:
        return self.message is not None and self.message.delivery in ("delivered", "opened", "clicked")

    @property
    def is_opened(self) -> bool:
        """Whether a mail program opened it: a hint and no more, for machines open mails, too (docs/rules.md#k6)."""
        return self.message is not None and self.message.delivery in ("opened", "clicked")

    @property
    def may_leave_by_itself(self) -> bool:
        """True if the draft may be sent without approval: the tenant allows it, it is unedited, and has no bad news."""
        is_plain = self.kind == self.Kind.REGULAR and self.edited_at is None and not self.negatives
        return update_policy().sends_itself and is_plain and not self.problem

    @transaction.atomic
    def edit(self, parts: Mapping[str, str], *, by: Member | None) -> None:
        """Change the sections "happened", "next" and "needed". Idempotent. Raises Refused, or Stale once sent."""
        self.lock()
        self._expect(self.State.DRAFT)
        before = self.letter
        for name in ("happened", "next", "needed"):
            if name in parts:
                setattr(self, name, "\n".join(sentences(parts[name])))
        if not self.happened or not self.next:
            raise Refused(_("Enter what happened, and what comes next."))
        if self.letter == before:
            return
        self.edited_at, self.is_no_news = clock.now(), False
        self._save("happened", "next", "needed", "edited_at", "is_no_news")
        self.record_event("update.edited", by, {})

    @transaction.atomic
    def approve(self, *, by: Member | None, medium: str = "") -> None:
        """Queue it, by the channel they prefer or the one given; it can be taken back for 15 seconds.

        Approved: nothing. Raises Refused where there is no way to send it, Stale once it was skipped.
        """
        self.lock()
        if self.state in (self.State.APPROVED, self.State.SENT):
            return
        self._expect(self.State.DRAFT)
        self._queue(by, medium)
        self.state, self.approved_at, self.approved_by, self.problem = self.State.APPROVED, clock.now(), by, ""
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
        """Skip this update; the next one is counted from today. Idempotent. Raises Refused without a reason."""
        self.lock()
        if self.state == self.State.SKIPPED:
            return
        self._expect(self.State.DRAFT)
        if not (words := " ".join(reason.split())[:200]):
            raise Refused(_("Enter why you skip it."))
        self.state, self.reason = self.State.SKIPPED, words
        self._save("state", "reason")
        self.digest_parts().update(state=self.State.SKIPPED, reason=words)
        due.cancel(END_OF_DAY, [self.pk])
        for plan in UpdatePlan.lock_all(self.plans()):
            plan.postpone()
        self.record_event("update.skipped", by, {"reason": words})

    @transaction.atomic
    def restore(self, *, by: Member | None) -> None:
        """Make a skipped one a draft again. Idempotent. Raises Refused where the job has a newer draft."""
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
        """Send it again by another channel because nobody opened it. Idempotent. Raises Refused."""
        self.lock()
        self._expect(self.State.SENT)
        if self.medium == medium:
            return
        self._queue(by, medium)
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
        """Make it a draft again: it was taken back, or its message was not sent, and why."""
        self.state, self.problem, self.approved_at, self.approved_by = self.State.DRAFT, problem[:300], None, None
        self._save("state", "problem", "approved_at", "approved_by")
        self.digest_parts().update(state=self.State.DRAFT)
        if self.missed_at is None:
            due.schedule(END_OF_DAY, self.pk, max(self.due_at, clock.now()))

    def give_way(self, reason: str) -> None:
        """Be left out for another one of its kind; its plan goes on as it is."""
        self.lock()
        self._expect(self.State.DRAFT)
        self.state, self.reason = self.State.SKIPPED, reason
        self._save("state", "reason")
        due.cancel(END_OF_DAY, [self.pk])

    def miss(self) -> None:
        """Record that the update was not sent on its day. Idempotent."""
        if self.missed_at is None:
            self.missed_at = self.due_at
            self._save("missed_at")
            self.record_event("update.missed", None, {}, at=max(self.due_at, self.created_at))

    @property
    def delivery(self) -> "UpdateDelivery":
        return UpdateDelivery(self)

    @classmethod
    def undo_all(cls, rows: list[Any], recorded: Mapping[int, ChangedRow], change: Change, *, by: Member) -> None:
        """Take back what was approved, make a draft again of what was skipped, and undo a failed take-off whole."""
        for row in rows:
            if change.kind == "update.take_off_failed":
                _undo_take_off(row, recorded[row.pk].context or {}, by)
            elif change.kind == "update.approved":
                row.take_back(by=by)
            elif change.kind == "update.skipped":
                row.restore(by=by)
            elif proposed := (recorded[row.pk].before or {}).get("proposed_medium"):
                row.delivery.propose(proposed)

    def _queue(self, by: Member | None, medium: str) -> None:
        key = "take_off_failed" if self.kind == self.Kind.TAKE_OFF else "customer_update"
        to = letter_sending.Recipient(self.job, self.person, self.brand, self.language)
        self.message = letter_sending.queue(to, key, self.letter, medium=medium, by=by, occasion=f"update:{self.pk}")
        self.medium = self.message.medium

    def _expect(self, *states: str) -> None:
        if self.state not in states:
            raise Stale(self, _("This is no longer possible. The page shows the current state."))

    def digest_parts(self) -> Any:
        """Return the updates of the customer's other jobs that are included in this one."""
        return CustomerUpdate.objects.filter(digest=self)

    def plans(self) -> Any:
        return UpdatePlan.objects.filter(
            job_id__in=[self.job_id, *self.digest_parts().values_list("job_id", flat=True)]
        )

    def record_event(self, kind: str, by: Member | None, data: dict[str, Any], at: datetime | None = None) -> None:
        events.record(kind, subject=self, by=by, data=data, job_id=self.job_id, at=at)


def _undo_take_off(update: CustomerUpdate, done: Mapping[str, Any], by: Member) -> None:
    """Put the appointment and the project back, and the draft before it in its place. Raises Refused, wholly."""
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


class UpdateDelivery:
    """What becomes of a queued update. Subscribers and due work (portal/updates/tracking.py) call it on locked rows."""

    def __init__(self, update: CustomerUpdate) -> None:
        self.update = update

    def note_sent(self, at: datetime) -> None:
        """Record that its message has left; the next update is counted from now. Idempotent."""
        update = self.update
        if update.state == CustomerUpdate.State.SENT:
            return
        update.state = CustomerUpdate.State.SENT
        update.sent_at = at
        update._save("state", "sent_at")
        update.digest_parts().update(state=CustomerUpdate.State.SENT, sent_at=at)
        for plan in UpdatePlan.lock_all(update.plans()):
            plan.note_told(update.until, at)
        due.schedule(UNSEEN, update.pk, at + timedelta(days=update_policy().unseen_days))
        update.record_event("update.sent", None, {"medium": update.medium})

    def follow(self, message: Message) -> None:
        """Replace its message, which failed, by the one that is sent by another channel."""
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
        self.note_seen(CustomerUpdate.Seen.REPLY, at)
        if update.answered_at is None:
            update.answered_at = at
            update._save("answered_at")
            update.record_event("update.answered", None, {}, at=at)

    def propose(self, medium: str) -> None:
        """Propose another channel, because nobody opened the update for days. Idempotent."""
        update = self.update
        is_unseen = update.seen_at is None and update.state == CustomerUpdate.State.SENT
        if is_unseen and update.proposed_medium != medium:
            update.proposed_medium = medium
            update._save("proposed_medium")
            update.record_event("update.unseen", None, {"medium": medium})
