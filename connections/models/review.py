"""Review: what a customer says in public about the company, and our reply.

Nothing that is offered to a customer depends on a review (docs/rules.md#k13): it makes a notice and a call, no more.
"""

from datetime import datetime
from typing import Any, ClassVar, Self

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from connections.models.connection import SOON, TOPIC, Connection
from connections.models.sync_item import SyncItem
from crm.jobs.models import Job
from crm.jobs.models.visibility import limited_to
from crm.kernel import clock
from crm.kernel.normalization import clean_text
from crm.kernel.refusal import Refused
from crm.platform.events import events, hints
from crm.platform.models import Member, TenantForeignKey, TenantManager, TenantModel, TenantQuerySet
from crm.platform.models.base import public_id

MOST_STARS = 5
# A reply that waits to be sent, as the noun of a SyncItem; and its longest text in bytes, as Google takes it.
REPLY = "reply"
LONGEST_REPLY = 4096


class ReplyState(models.TextChoices):
    NONE = "", gettext_lazy("not answered")
    WAITING = "waiting", gettext_lazy("reply is being sent")
    SENT = "sent", gettext_lazy("answered")
    REFUSED = "refused", gettext_lazy("reply was refused")


class ReviewQuerySet(TenantQuerySet["Review"]):
    def visible_to(self, member: Member) -> Self:
        """Filter the reviews a member may see: all, or those of the leads they see."""
        if limited_to(member) is None:
            return self
        return self.filter(job__in=Job.objects.visible_to(member).order_by().values("pk"))

    def without_lead(self) -> Self:
        """Filter those that no rule and no person has put on a lead or set aside."""
        return self.filter(job=None, is_set_aside=False)


class Review(TenantModel):
    """A public review of the company at another system."""

    uid = public_id()
    connection = TenantForeignKey(Connection, models.CASCADE, related_name="+")
    # Its name there: "accounts/1/locations/2/reviews/abc"; and what the location is called.
    remote_name = models.CharField(max_length=300)
    location = models.CharField(max_length=120)
    author = models.CharField(max_length=120, blank=True)
    stars = models.PositiveSmallIntegerField()
    words = models.TextField(blank=True)
    written_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    reply = models.TextField(blank=True)
    reply_state = models.CharField(max_length=8, choices=ReplyState, blank=True)
    replied_at = models.DateTimeField(null=True, blank=True)
    # Null: it was written there, or the member is gone.
    replied_by = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    job = TenantForeignKey(Job, models.SET_NULL, null=True, blank=True, related_name="+")
    # Who put it on the job; null: the rule did (connections/reviews/review_match.py).
    matched_by = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    # A person said that it is of no lead of ours.
    is_set_aside = models.BooleanField(default=False)
    # Its author was erased: name and words are not taken over again.
    is_erased = models.BooleanField(default=False)

    connection_id: int
    job_id: int | None

    objects: ClassVar[Any] = TenantManager.from_queryset(ReviewQuerySet)()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="review_uid_is_unique"),
            models.UniqueConstraint(fields=["tenant", "connection", "remote_name"], name="review_is_stored_once"),
            models.CheckConstraint(
                condition=Q(stars__gte=1, stars__lte=MOST_STARS), name="review_has_one_to_five_stars"
            ),
            models.CheckConstraint(condition=Q(reply_state="") | ~Q(reply=""), name="review_reply_has_words"),
            models.CheckConstraint(
                condition=Q(job=None) | Q(is_set_aside=False), name="review_on_a_job_is_not_set_aside"
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "-written_at", "-id"], name="review_newest"),
            models.Index(fields=["tenant", "job"], condition=Q(job__isnull=False), name="review_of_job"),
        ]

    def __str__(self) -> str:
        return f"review {self.pk} with {self.stars} stars"

    @property
    def form_version(self) -> str:
        """The state that a form was filled in for: another text, rating or reply makes it another one."""
        return f"{self.changed_at.isoformat()}:{self.reply_state}:{len(self.reply)}:{self.job_id}"

    @property
    def is_answered(self) -> bool:
        return bool(self.reply_state)

    @transaction.atomic
    def answer(self, text: str, *, by: Member) -> None:
        """Have a reply published, or the published one replaced. Idempotent. Raises Refused for an unfit text."""
        self.lock()
        text = clean_text(text.replace("\0", "").replace("\r\n", "\n"))
        if not text:
            raise Refused(_("Enter a reply."))
        if len(text.encode()) > LONGEST_REPLY:
            raise Refused(_("The reply is too long. Google takes about 4,000 characters."))
        if text == self.reply and self.reply_state in (ReplyState.WAITING, ReplyState.SENT):
            return
        self.reply = text
        self.reply_state = ReplyState.WAITING
        self.replied_at = clock.now()
        self.replied_by = by
        self.save(update_fields=["reply", "reply_state", "replied_at", "replied_by"])
        SyncItem.queue(self.connection_id, REPLY, [self.pk])
        if self.connection.is_working:
            self.connection.schedule(SOON)
        self._record("review.answered", by)

    @transaction.atomic
    def match(self, job: Job, *, by: Member) -> None:
        """Put it on the lead that it is about. Idempotent."""
        self.lock()
        if self.job_id == job.pk:
            return
        self.job = job
        self.matched_by = by
        self.is_set_aside = False
        self.save(update_fields=["job", "matched_by", "is_set_aside"])
        self._record("review.matched", by)

    @transaction.atomic
    def unmatch(self, *, by: Member) -> None:
        """Take it off its lead: it is of no lead of ours, and the rule leaves it alone. Idempotent."""
        self.lock()
        if self.is_set_aside:
            return
        if self.job_id:
            self._record("review.unmatched", by)
        self.job = None
        self.matched_by = by
        self.is_set_aside = True
        self.save(update_fields=["job", "matched_by", "is_set_aside"])
        hints.touch(TOPIC)

    def note_reply(self, text: str, at: datetime) -> None:
        """Take over the reply as it is published there, unless ours is on its way. The caller saves."""
        if self.reply_state in (ReplyState.WAITING, ReplyState.REFUSED) or text == self.reply:
            return
        self.reply = text
        self.reply_state = ReplyState.SENT if text else ReplyState.NONE
        self.replied_at = at if text else None
        self.replied_by = None

    def _record(self, kind: str, by: Member | None) -> None:
        events.record(kind, subject=self, by=by, data={"stars": self.stars}, job_id=self.job_id)
        hints.touch(TOPIC)
