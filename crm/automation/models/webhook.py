"""Webhook: a URL of the organization's own systems that rules call. WebhookCall: one call and its state.

Signed as the Standard Webhooks say (standardwebhooks.com): the id, the time and the body, with the webhook's secret.
"""

import base64
import secrets
from datetime import datetime, timedelta
from typing import Any

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.events import events
from crm.platform.models import Member, TenantForeignKey, TenantModel
from crm.platform.models.archivable import Archivable
from crm.platform.models.base import public_id
from crm.platform.models.tenant import lock_configuration
from crm.platform.organization.configuration import cached_per_tenant
from crm.platform.organization.named_rows import unused_name
from crm.platform.tenancy.secrets import decrypt, encrypt
from crm.platform.work import due_io

# The kind of the due work that makes a call.
CALL = "webhook.call"
MOST = 50
_PREFIX = "whsec_"
# Tries on what may pass; with the pauses between them a day and a half.
ATTEMPTS = 8
PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=12)


class Webhook(Archivable):
    """A URL a rule may call. Its secret is shown once, when it is created."""

    noun = "webhook"

    uid = public_id()
    name = models.CharField(max_length=60)
    url = models.CharField(max_length=500)
    # Encrypted; what the calls are signed with.
    sealed_secret = models.TextField(editable=False)

    class Meta:
        base_manager_name = "objects"
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="webhook_uid_is_unique"),
            models.UniqueConstraint(
                fields=["tenant", "name"], condition=Q(archived_at__isnull=True), name="webhook_name_is_unique"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def key(self) -> bytes:
        """The key that signs its calls. Raises InvalidToken if the encryption key is no longer available."""
        return base64.b64decode(decrypt(self.sealed_secret).removeprefix(_PREFIX))

    @classmethod
    @transaction.atomic
    def add(cls, name: str, url: str, *, by: Member | None) -> tuple["Webhook", str]:
        """Add a webhook. Returns it with its secret. Raises Refused for a taken name, or a URL that is not https."""
        lock_configuration()
        others = list(cls.objects.filter(archived_at__isnull=True))
        if len(others) >= MOST:
            raise Refused(_("You can have at most 50 webhooks."))
        webhook = cls(name=unused_name(cls, name, others), url=_address(url))
        secret = webhook._seal()
        webhook.save()
        webhook.refresh_from_db(fields=["uid"])
        webhook._record("webhook.added", by)
        return webhook, secret

    @transaction.atomic
    def edit(self, url: str, *, by: Member | None) -> None:
        """Change the URL. Idempotent. Raises Refused if it is not https."""
        self._lock_with_configuration()
        url = _address(url)
        if url != self.url:
            self.url = url
            self.save(update_fields=["url"])
            self._record("webhook.edited", by)

    @transaction.atomic
    def renew_secret(self, *, by: Member | None) -> str:
        """Replace the secret. Returns the new one."""
        self._lock_with_configuration()
        secret = self._seal()
        self.save(update_fields=["sealed_secret"])
        self._record("webhook.secret_renewed", by)
        return secret

    @transaction.atomic
    def restore(self, *, by: Any) -> None:
        """Restore the webhook. Raises Refused if its name is in use."""
        lock_configuration()
        unused_name(Webhook, self.name, Webhook.objects.filter(archived_at__isnull=True).exclude(pk=self.pk))
        super().restore(by=by)

    def _seal(self) -> str:
        secret = _PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()
        self.sealed_secret = encrypt(secret)
        return secret


def _address(url: str) -> str:
    url = url.strip()
    if not url.startswith(("https://", "http://")) or len(url) > 500 or not url.isascii() or " " in url:
        raise Refused(_("The address must begin with https:// and contain no spaces."))
    return url


class CallState(models.TextChoices):
    """State of a call. `unknown`: the worker died during the call, so a person decides."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"


class WebhookCall(TenantModel):
    """A call of a webhook by a rule's step. `origin` identifies the step, so a retry of the step is the same call."""

    uid = public_id()
    webhook = TenantForeignKey(Webhook, models.PROTECT, related_name="calls")
    origin = models.CharField(max_length=40)
    payload = models.JSONField()
    state = models.CharField(max_length=8, choices=CallState, default=CallState.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    # What the other side answered last, or why it did not.
    status = models.PositiveSmallIntegerField(null=True)
    error = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(default=clock.now)
    next_at = models.DateTimeField(null=True)

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="webhook_call_uid_is_unique"),
            models.UniqueConstraint(fields=["tenant", "origin"], name="webhook_call_is_one_of_its_origin"),
        ]
        indexes = [
            models.Index(
                fields=["tenant", "-id"], condition=Q(state__in=["failed", "unknown"]), name="webhook_call_in_trouble"
            )
        ]

    def __str__(self) -> str:
        return f"{self.origin} {self.state}"

    @classmethod
    @transaction.atomic
    def queue(cls, webhook: Webhook, payload: dict[str, Any], *, origin: str) -> "WebhookCall":
        """Queue a call. It is made after the transaction commits."""
        call: WebhookCall = cls.objects.create(webhook=webhook, payload=payload, origin=origin, next_at=clock.now())
        schedule_call(call, clock.now())
        return call

    @transaction.atomic
    def retry(self, *, by: Member | None) -> None:
        """Queue the call again on request. Does nothing while queued or sending. Raises Refused if answered."""
        self.lock()
        if self.state in (CallState.QUEUED, CallState.SENDING):
            return
        if self.state == CallState.SENT:
            raise Refused(_("It was already answered."))
        self.attempts = 0
        self.become(CallState.QUEUED, next_at=clock.now())
        schedule_call(self, clock.now())
        events.record("webhook.call_retried", subject=self, by=by)

    def become(
        self, state: str, *, status: int | None = None, error: str = "", next_at: datetime | None = None
    ) -> None:
        """Save the state of the call."""
        self.state = state
        self.status = status
        self.error = error[:200]
        self.next_at = next_at
        self.save(update_fields=["state", "status", "error", "next_at", "attempts"])


def schedule_call(call: WebhookCall, at: datetime) -> None:
    """Schedule a call for a worker. The number of concurrent calls per webhook is limited."""
    due_io.schedule(CALL, call.pk, at, peer=f"webhook:{call.webhook_id}")


@cached_per_tenant
def webhooks() -> dict[int, Webhook]:
    """Return all webhooks by id, ordered by name, including archived ones."""
    return {webhook.pk: webhook for webhook in Webhook.objects.all()}
