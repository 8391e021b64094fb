"""Inbound: a received item, stored raw before it is read; parked if it can't be read."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q

from comms.models.channel import Channel
from comms.stored_words import read_text, words_of
from crm.kernel import clock
from crm.platform.models import Member, StoredFile, TenantForeignKey, TenantManager, TenantModel, TenantQuerySet
from crm.platform.models.base import public_id

LONGEST_ID = 250


class InboundQuerySet(TenantQuerySet["Inbound"]):
    def only_parked(self) -> Self:
        return self.filter(state=Inbound.State.PARKED)

    def unread(self) -> Self:
        return self.filter(state=Inbound.State.STORED)

    def readable_by(self, member: Member) -> Self:
        """Filter items whose bytes an administrator may see; of members' mailboxes only shared ones."""
        own = Q(channel__owner__isnull=True) | Q(channel__owner=member) | Q(channel__sharing=Channel.Sharing.FULL)
        return self.filter(own)

    def still_there(self) -> Self:
        """Filter items whose bytes are still stored."""
        return self.filter(~Q(body=b"") | (~Q(file__path="") & Q(file__expires_at__gt=clock.now())))


class Inbound(TenantModel):
    """A raw email, webhook request or demo item, and its outcome."""

    class State(models.TextChoices):
        STORED = "stored"  # waits for a worker
        READ = "read"
        PARKED = "parked"  # a person looks at it, and may replay it

    class Kind(models.TextChoices):
        MAIL = "mail"  # raw RFC 5322
        WEBHOOK = "webhook"  # an HTTP request of a provider
        PHONE = "phone"  # typed on the built-in phone and mailbox
        PORTAL = "portal"  # written by a customer on their own page

    uid = public_id()
    channel = TenantForeignKey("comms.Channel", models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind)
    provider = models.CharField(max_length=24)
    received_at = models.DateTimeField(default=clock.now)
    # Headers or query of a webhook, envelope of a mail: small, never a secret.
    envelope = models.JSONField(default=dict, blank=True)
    # The bytes: here while small, in a file otherwise.
    body = models.BinaryField(blank=True, default=b"")
    file = TenantForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    # Of channel and bytes: a provider that delivers the same request again is told it is fine, and nothing is read.
    digest = models.CharField(max_length=64)
    state = models.CharField(max_length=8, choices=State, default=State.STORED)
    # ticket, reply, auto_reply, bounce, complaint, duplicate, loop, report, parked.
    outcome = models.CharField(max_length=16, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    # The reason as comms/stored_words.py stores it; None for a text that is not translated.
    reason_words = models.JSONField(null=True, blank=True, default=None)
    attempts = models.PositiveSmallIntegerField(default=0)
    # Of a mail, as far as its Message-ID is known before it is read; and that of the one it waits for, which it answers
    # and which is stored, too. Both without brackets, a very long one cut.
    message_id = models.CharField(max_length=LONGEST_ID, blank=True, default="", db_default="")
    waits_for = models.CharField(max_length=LONGEST_ID, blank=True, default="", db_default="")

    objects: ClassVar[Any] = TenantManager.from_queryset(InboundQuerySet)()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="inbound_uid_is_unique"),
            models.UniqueConstraint(fields=["tenant", "digest"], name="inbound_is_stored_once"),
        ]
        indexes = [
            models.Index(fields=["tenant", "-received_at"], name="inbound_newest"),
            models.Index(fields=["tenant", "received_at"], condition=models.Q(state="parked"), name="inbound_parked"),
            models.Index(
                fields=["tenant", "message_id"],
                condition=models.Q(state="stored") & ~models.Q(message_id=""),
                name="inbound_unread",
            ),
            models.Index(
                fields=["tenant", "waits_for"],
                condition=models.Q(state="stored") & ~models.Q(waits_for=""),
                name="inbound_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk} {self.state}"

    @property
    def reason_text(self) -> str:
        """The reason in the language in use."""
        return read_text(self.reason, self.reason_words)

    def settle(self, state: str, outcome: str, reason: str) -> None:
        """Set state, outcome and reason; not saved."""
        self.state = state
        self.outcome = outcome
        self.reason = reason[:500]
        self.reason_words = words_of(reason)
