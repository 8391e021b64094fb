"""AssistantCall: a question to the language model: the queue, the log, and what it cost."""

from datetime import datetime, timedelta
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q, Sum
from django.utils.translation import gettext_lazy as _

from crm.kernel import clock
from crm.platform.models import Member, TenantForeignKey, TenantManager, TenantModel, TenantQuerySet
from crm.platform.models.base import public_id
from crm.platform.tenancy.secrets import decrypt, encrypt

# How long the log is kept, and the sent text in it.
KEPT = timedelta(days=90)
TEXT_KEPT = timedelta(days=30)


class CallStage(models.TextChoices):
    WAITING = "waiting", _("waiting")
    CALLING = "calling", _("being asked")
    DONE = "done", _("done")


class CallVerdict(models.TextChoices):
    """What became of a call; blank while it is not done."""

    NONE = ""
    USED = "used", _("shown")
    PUT_IN = "put_in", _("put into the reply")
    THROWN_AWAY = "thrown_away", _("thrown away")
    NOTHING = "nothing", _("nothing to ask")
    HELD_BACK = "held_back", _("held back: all of it may not be sent")
    SWITCHED_OFF = "switched_off", _("switched off")
    LIMIT = "limit", _("over the limit of the month")
    ADDRESS = "address", _("address not allowed")
    SIGN_IN = "sign_in", _("key refused")
    BUSY = "busy", _("too many requests")
    SLOW = "slow", _("no answer in time")
    DOWN = "down", _("no answer")
    OVERSIZED = "oversized", _("answer too long")
    INVALID = "invalid", _("answer not usable")
    LANGUAGE = "language", _("answer in another language")
    UNCITED = "uncited", _("no sentence had a source")
    INTERRUPTED = "interrupted", _("interrupted")


class AssistantCallQuerySet(TenantQuerySet["AssistantCall"]):
    def about(self, record: models.Model) -> Self:
        return self.filter(subject_kind=record._meta.label_lower, subject_id=record.pk)

    def open(self) -> Self:
        """Filter calls that wait or are being made."""
        return self.exclude(stage=CallStage.DONE)

    def spent_since(self, at: datetime) -> int:
        """Return what calls since then cost, in millionths; of those being made, what they may cost at most."""
        total = self.filter(created_at__gte=at).aggregate(total=Sum(F("cost") + F("reserved")))["total"]
        return int(total or 0)


class AssistantCall(TenantModel):
    """A question to the language model. Holds no names or words of people, except in the encrypted text."""

    uid = public_id()
    helper = models.CharField(max_length=20)
    # The record it is about, by kind and id: the log outlives it.
    subject_kind = models.CharField(max_length=64)
    subject_id = models.BigIntegerField()
    # Who asked; null: the product by itself.
    member = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    # What the helper needs to know besides the record: {"tone": "warm"}.
    options = models.JSONField(default=dict)
    # The `key` of the request: what was asked.
    key = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    stage = models.CharField(max_length=8, choices=CallStage, default=CallStage.WAITING)
    verdict = models.CharField(max_length=12, choices=CallVerdict, blank=True, default=CallVerdict.NONE)
    provider = models.CharField(max_length=10, blank=True)
    model = models.CharField(max_length=100, blank=True)
    host = models.CharField(max_length=254, blank=True)
    words = models.PositiveIntegerField(default=0)
    # How many pieces were hidden, and how many texts kept back, by kind: {"phone": 2}.
    hidden = models.JSONField(default=dict)
    kept_back = models.JSONField(default=dict)
    tokens_in = models.PositiveIntegerField(default=0)
    tokens_out = models.PositiveIntegerField(default=0)
    # In millionths of the currency: what it cost; and what is set aside for it while it is being made.
    cost = models.BigIntegerField(default=0)
    reserved = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3, blank=True)
    milliseconds = models.PositiveIntegerField(null=True, blank=True)
    # The text as it was sent, encrypted; deleted after 30 days.
    sealed_text = models.TextField(blank=True)

    member_id: int | None

    objects: ClassVar[Any] = TenantManager.from_queryset(AssistantCallQuerySet)()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="assistant_call_uid_is_unique"),
            models.UniqueConstraint(
                fields=["tenant", "helper", "subject_kind", "subject_id", "member"],
                nulls_distinct=False,
                condition=Q(stage__in=("waiting", "calling")),
                name="assistant_is_asked_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(cost__gte=0, reserved__gte=0), name="assistant_call_costs_something_or_nothing"
            ),
            models.CheckConstraint(
                condition=Q(stage="done", reserved=0) & ~Q(verdict="") | ~Q(stage="done") & Q(verdict=""),
                name="done_assistant_call_has_a_verdict",
            ),
        ]
        indexes = [
            # The log, newest first; and what a month has cost.
            models.Index(fields=["tenant", "-created_at", "-id"], name="assistant_call_newest"),
            models.Index(fields=["tenant", "subject_kind", "subject_id", "-id"], name="assistant_call_of_record"),
        ]

    def __str__(self) -> str:
        return f"{self.helper} {self.stage} {self.verdict}"

    @property
    def text(self) -> str:
        """The text as it was sent; blank after its retention. Raises InvalidToken if the encryption key is gone."""
        if not self.sealed_text:
            return ""
        return decrypt(self.sealed_text)

    def seal_text(self, text: str) -> None:
        """Encrypt the sent text into the row, without saving it."""
        self.sealed_text = encrypt(text)

    def finish(self, verdict: str, *, cost: int = 0) -> None:
        """End the call with a verdict and its cost."""
        self.stage = CallStage.DONE
        self.verdict = verdict
        self.cost = cost
        self.reserved = 0
        self.save()
