"""WebhookCall: one call of a webhook and its state. WebhookHealth: whether a webhook answers."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from crm.automation.models.webhook import Webhook
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.database import bulk_write
from crm.platform.events import events
from crm.platform.models import Member, TenantForeignKey, TenantModel
from crm.platform.models.base import public_id
from crm.platform.work import due, due_io

# The kinds of the due work that makes the calls of a webhook, and that deletes old ones each day.
CALL = "webhook.call"
FORGET = "webhook.forget"
# The topic of the pages that show calls.
TOPIC = "webhooks"
# For how long a call is tried, and how long it is shown.
TRIED_FOR = timedelta(days=3)
KEPT = timedelta(days=30)
# Characters of an answer that are kept.
LONGEST_ANSWER = 2048


class CallState(models.TextChoices):
    """State of a call. `unknown`: the worker died during the call, so a person decides."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"


LOST = (CallState.FAILED, CallState.UNKNOWN)


@dataclass(frozen=True)
class CallDraft:
    """A call to queue. `origin` says what it is of: of one origin there is one call."""

    webhook_id: int
    payload: dict[str, Any]
    origin: str


class WebhookCall(TenantModel):
    """A call of a webhook, by a rule's step or for an event. A second call of the same origin is the same call."""

    uid = public_id()
    webhook = TenantForeignKey(Webhook, models.PROTECT, related_name="calls")
    origin = models.CharField(max_length=60)
    payload = models.JSONField()
    # Of an event: if a worker dies during it, it is made again, and the other side knows it by its id. Calls of rules
    # may order or print something, and are left to a person.
    may_repeat = models.BooleanField(default=False, db_default=False)
    state = models.CharField(max_length=8, choices=CallState, default=CallState.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    # What the other side answered last, or why it did not.
    status = models.PositiveSmallIntegerField(null=True)
    error = models.CharField(max_length=200, blank=True)
    answer = models.TextField(blank=True, db_default="")
    duration_ms = models.PositiveIntegerField(null=True)
    at = models.DateTimeField(default=clock.now)
    called_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True)
    # When it is given up; null: of a rule from before this column.
    ends_at = models.DateTimeField(null=True)

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="webhook_call_uid_is_unique"),
            models.UniqueConstraint(fields=["tenant", "origin"], name="webhook_call_is_one_of_its_origin"),
        ]
        indexes = [
            models.Index(
                fields=["tenant", "-id"], condition=Q(state__in=["failed", "unknown"]), name="webhook_call_in_trouble"
            ),
            # What is to be sent to a webhook, what waits longest first; and its log.
            models.Index(
                fields=["tenant", "webhook", "next_at", "id"],
                condition=Q(state__in=["queued", "sending"]),
                name="webhook_call_to_make",
            ),
            models.Index(fields=["tenant", "webhook", "-id"], name="webhook_call_log"),
            models.Index(fields=["tenant", "at"], name="webhook_call_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.origin} {self.state}"

    @property
    def type(self) -> str:
        """The type of its payload, such as "lead.won"."""
        return str(self.payload.get("type", ""))

    @property
    def body(self) -> dict[str, Any]:
        """The body of its request. An event has its own id; else the id is that of the call."""
        return {"id": str(self.uid)} | self.payload

    @classmethod
    @transaction.atomic
    def queue(cls, webhook: Webhook, payload: dict[str, Any], *, origin: str) -> "WebhookCall":
        """Queue a call of a rule. It is made after the transaction commits."""
        now = clock.now()
        call: WebhookCall = cls.objects.create(
            webhook=webhook, payload=payload, origin=origin, next_at=now, ends_at=now + TRIED_FOR
        )
        wake_webhook(webhook.pk, now)
        return call

    @classmethod
    @transaction.atomic
    def queue_all(cls, drafts: Sequence[CallDraft], *, tried_for: timedelta = TRIED_FOR) -> None:
        """Queue calls of events; those that are queued already stay as they are. Two statements."""
        now = clock.now()
        rows = [
            {
                "webhook_id": draft.webhook_id,
                "payload": draft.payload,
                "origin": draft.origin,
                "may_repeat": True,
                "at": now,
                "next_at": now,
                "ends_at": now + tried_for,
            }
            for draft in drafts
        ]
        bulk_write.insert_all(cls, rows, ignore_conflicts=True)
        wake_webhooks({draft.webhook_id for draft in drafts}, now)

    @transaction.atomic
    def retry(self, *, by: Member | None) -> None:
        """Queue the call again on request. Does nothing while queued or sending. Raises Refused if answered."""
        self.lock()
        if self.state in (CallState.QUEUED, CallState.SENDING):
            return
        if self.state == CallState.SENT:
            raise Refused(_("It was already answered."))
        if not self.webhook.is_live:
            raise Refused(_("The webhook is switched off. Switch it on first."))
        self.requeue_all([self])
        events.record("webhook.call_retried", subject=self, by=by, data={"webhook": self.webhook_id})

    @classmethod
    def requeue_all(cls, rows: "Sequence[WebhookCall]") -> None:
        """Queue locked calls again, as if they had not been tried."""
        now = clock.now()
        for row in rows:
            row.state = CallState.QUEUED
            row.attempts = 0
            row.next_at = now
            row.ends_at = now + TRIED_FOR
        bulk_write.save_all(rows, ["state", "attempts", "next_at", "ends_at"])
        for webhook_id in sorted({row.webhook_id for row in rows}):
            WebhookHealth.reset(webhook_id)

    @classmethod
    def forget_old(cls) -> int:
        """Delete the calls that are too old to be shown. Returns how many."""
        gone, _models = cls.objects.filter(at__lte=clock.now() - KEPT).delete()
        return gone


class WebhookHealth(TenantModel):
    """Whether a webhook answers. While it does not, its calls wait, and one at a time finds out."""

    webhook = TenantForeignKey(Webhook, models.CASCADE, related_name="+")
    # Attempts that failed since the last one that did not, and since when.
    failures = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True)
    paused_until = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        base_manager_name = "objects"
        constraints = [models.UniqueConstraint(fields=["tenant", "webhook"], name="webhook_has_one_health")]

    def __str__(self) -> str:
        return f"webhook {self.webhook_id}: {self.failures} failures"

    @classmethod
    def reset(cls, webhook_id: int) -> None:
        """Try it again at once, as a person has mended something."""
        rows = cls.objects.filter(webhook_id=webhook_id)
        rows.update(failures=0, failing_since=None, paused_until=None)
        wake_webhook(webhook_id, clock.now())


def schedule_forgetting() -> None:
    """Schedule the next deletion of old calls."""
    due.schedule(FORGET, 0, clock.now() + timedelta(days=1))


def wake_webhook(webhook_id: int, at: datetime) -> None:
    """Have a worker make the calls of a webhook that are due, at a time or when it is done with those under way."""
    wake_webhooks([webhook_id], at)


def wake_webhooks(webhook_ids: Collection[int], at: datetime) -> None:
    """`wake_webhook` for several, with one statement."""
    due_io.wake_all(CALL, {webhook_id: f"webhook:{webhook_id}" for webhook_id in webhook_ids}, at)
