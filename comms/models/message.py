"""Message: an email, text, WhatsApp message or call, in one direction. Its ticket refers to it."""

from typing import Any, ClassVar, Self

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import Q

from comms.mail.sender_check import SenderCheck
from comms.models.channel import Channel
from comms.models.medium import Direction, Medium, Purpose
from comms.models.outbound import Outbound
from comms.visibility import visible_condition
from crm.kernel import clock
from crm.kernel.normalization import name_key
from crm.platform.models import Member, TenantForeignKey, TenantManager, TenantQuerySet
from crm.platform.models.base import public_id


class MessageQuerySet(TenantQuerySet["Message"]):
    def visible_to(self, member: Member) -> Self:
        """Filter the messages a member may see (comms/visibility.py)."""
        return self.filter(visible_condition(member))

    def readable_by(self, member: Member) -> Self:
        """Filter messages whose text and files a member may read; of another member's mailbox, if fully shared."""
        own = Q(channel__owner__isnull=True) | Q(channel__owner=member) | Q(author=member)
        shared = Q(channel__sharing__in=(Channel.Sharing.FULL, Channel.Sharing.PRIVATE))
        return self.visible_to(member).filter(own | shared)

    def from_customers(self) -> Self:
        """Filter messages that customers wrote themselves."""
        return self.filter(direction="in", automatic="", author__isnull=True)

    def answers(self) -> Self:
        """Filter messages that customers wrote themselves, except a STOP: it answers nothing."""
        return self.from_customers().exclude(request=STOP)

    def for_everybody(self) -> Self:
        """Filter out messages only one member may read."""
        return self.filter(sole_reader__isnull=True)

    def set_aside(self) -> Self:
        """Filter received messages that no person wrote to us."""
        return self.filter(direction="in", automatic__in=SET_ASIDE)

    def not_answered_by(self, answer: "Message") -> Self:
        """Filter customer messages after a sent email imported now, except those it answers."""
        named = [*answer.references.split()[-60:], answer.in_reply_to]
        written = self.filter(direction="in", automatic="", author__isnull=True, at__gt=answer.at)
        return written.exclude(message_id__in=[name for name in named if name])

    def newest_first(self) -> Self:
        return self.order_by("-at", "-pk")


class MessageManager(TenantManager["Message"]):
    """Defers the search columns."""

    def get_queryset(self) -> Any:
        return super().get_queryset().defer("search_text", "search")


# What `automatic` says of what is on no conversation unless it answers one of ours: tickets/set_aside lists it.
SPAM = "spam"
SET_ASIDE = ("auto_reply", "challenge", "list", "loop", "duplicate", "internal", "report", "reaction", SPAM)
# What `request` says of a message that asks us to stop.
STOP = "stop"
# Of a message's text so much is found by its words.
SEARCHED = 20_000


class Message(Outbound):
    """A received or sent message. Only its sender may edit it (comms/inbound/messaging/changes.py)."""

    class State(models.TextChoices):
        """Its state on our side. What the provider reports later is `delivery`."""

        RECEIVED = "received"
        QUEUED = "queued"
        HELD = "held"  # waits for a time, or for a person
        SENDING = "sending"
        SENT = "sent"
        FAILED = "failed"
        DROPPED = "dropped"  # the gate said no
        UNKNOWN = "unknown"  # the worker died in mid-call: a person decides
        CANCELLED = "cancelled"  # taken back before it left

    class Delivery(models.TextChoices):
        NONE = ""
        DELIVERED = "delivered"
        OPENED = "opened"
        CLICKED = "clicked"
        FAILED = "failed"
        BOUNCED = "bounced"
        COMPLAINED = "complained"

    uid = public_id()
    brand = TenantForeignKey("platform.Brand", models.PROTECT, related_name="+")
    channel = TenantForeignKey("comms.Channel", models.PROTECT, null=True, blank=True, related_name="+")
    medium = models.CharField(max_length=8, choices=Medium)
    direction = models.CharField(max_length=3, choices=Direction)
    # The member who alone may read it: it came by a mailbox of theirs that shares nothing. Null: as its channel says.
    sole_reader = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    person = TenantForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+")
    contact_point = TenantForeignKey("people.ContactPoint", models.SET_NULL, null=True, blank=True, related_name="+")
    job = TenantForeignKey("jobs.Job", models.SET_NULL, null=True, blank=True, related_name="+")
    # Theirs: who wrote, or whom we write to. Normalised.
    address = models.CharField(max_length=254)
    address_name = models.CharField(max_length=200, blank=True)
    # Everybody it names, as it names them: {"to": [["Name", "address"]], "cc": …, "reply_to": …}.
    participants = models.JSONField(default=dict, blank=True)
    # When it was written, or is to be; clamped to the time of receipt.
    at = models.DateTimeField(default=clock.now)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    subject = models.CharField(max_length=998, blank=True)
    # What they wrote or we write; quote and signature are folded.
    text = models.TextField(blank=True)
    folded_text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    language = models.CharField(max_length=8, blank=True)
    # An auto_reply, forward, challenge or list message, a reaction, or the notice of a service; blank for a person's. A
    # loop, duplicate, internal copy or report of no message of ours is kept too: SET_ASIDE.
    automatic = models.CharField(max_length=12, blank=True)
    # What it asks of our messages, as it was acted on (comms/gate/consent/opt_outs.py): "stop", "start", "help" or
    # "unclear"; blank: nothing.
    request = models.CharField(max_length=8, blank=True, default="", db_default="", editable=False)
    # Since when it is spam, by its signs or as a member said; thirty days later it is deleted.
    spam_since = models.DateTimeField(null=True, blank=True, editable=False)
    # What the receiving server found of a mail's sender: {"dmarc": "fail", "spf": "pass"}; empty: it noted nothing.
    authentication = models.JSONField(default=dict, blank=True, db_default=models.Value({}, models.JSONField()))
    # What of a mail could not be read or was left out: [{"code": "text_too_long", "count": 0, "names": []}]; in words:
    # comms/mail/problem_words.py.
    problems = models.JSONField(default=list, blank=True, db_default=models.Value([], models.JSONField()))
    # What colleagues wrote above a customer's mail that they passed on, as member and words; kept as internal notes.
    cover_notes = models.JSONField(default=list, blank=True, db_default=models.Value([], models.JSONField()))
    # Signs (emoji) that were put on it, by the address that did: {"+1813…": {"sign": "👍", "words": "", "name": "Cora",
    # "at": "2026-…"}}; "": taken off again.
    reactions = models.JSONField(default=dict, blank=True, db_default=models.Value({}, models.JSONField()))
    # What it said before its sender changed or deleted it, oldest first: [{"id": "wamid…", "at": "…", "text": "…"}].
    revisions = models.JSONField(default=list, blank=True, db_default=models.Value([], models.JSONField()))
    # The advertisement they wrote from, as WhatsApp names it: {"headline": "…", "url": "…", "id": "…", "kind": "ad"}.
    referral = models.JSONField(default=dict, blank=True, db_default=models.Value({}, models.JSONField()))
    # When its sender deleted it, everywhere: its text is in `revisions` alone.
    revoked_at = models.DateTimeField(null=True, blank=True)
    purpose = models.CharField(max_length=14, choices=Purpose, default=Purpose.SERVICE)
    # The text it was made of; kept, whatever becomes of the template.
    template_version = TenantForeignKey(
        "comms.TemplateVersion", models.PROTECT, null=True, blank=True, related_name="+"
    )
    # Of WhatsApp: the values of the approved template it leaves as, {"header": […], "body": […], "buttons": [[0, …]]};
    # null: it leaves as the text it has.
    template_values = models.JSONField(null=True, blank=True)
    # Of what it tells where a job has several, one appointment of them: said again of another it is no duplicate.
    occasion = models.CharField(max_length=40, blank=True, default="", db_default="")
    # Variables that had no value when it was written: with one it stays here (docs/rules.md#send-gate).
    missing = models.JSONField(default=list, blank=True, db_default=models.Value([], models.JSONField()))
    state = models.CharField(max_length=9, choices=State)
    delivery = models.CharField(max_length=10, choices=Delivery, blank=True, default=Delivery.NONE)
    # RFC 5322: what a reply names.
    message_id = models.CharField(max_length=998, blank=True)
    # How many other mails of the same sender came before it under its Message-ID, which some programs use again.
    repeat = models.PositiveSmallIntegerField(default=0, db_default=0, editable=False)
    in_reply_to = models.CharField(max_length=998, blank=True)
    references = models.TextField(blank=True)
    # Headers that go back on a reply: Thread-Index, Thread-Topic.
    thread_headers = models.JSONField(default=dict, blank=True)
    provider_id = models.CharField(max_length=200, blank=True)
    inbound = TenantForeignKey("comms.Inbound", models.SET_NULL, null=True, blank=True, related_name="+")
    author = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    # Parts a text was sent in, and what it cost in minor units of the currency.
    segments = models.PositiveSmallIntegerField(default=0)
    cost = models.BigIntegerField(null=True, blank=True)
    cost_currency = models.CharField(max_length=3, blank=True)
    # The step of a rule that sent it, "rule:run:step": a second try of it is the same message.
    origin = models.CharField(max_length=40, blank=True, default="", db_default="", editable=False)
    # Of a call: seconds spoken; 0 for one nobody took.
    duration = models.PositiveIntegerField(null=True, blank=True)

    # Folded like names (crm/kernel/normalization.py), and its words; read by comms/sql/40_messages.sql alone.
    search_text = models.TextField(blank=True, default="", db_default="", editable=False)
    search = models.GeneratedField(
        expression=SearchVector("search_text", config="simple"), output_field=SearchVectorField(), db_persist=True
    )

    muted_with = ("person",)

    objects: ClassVar[Any] = MessageManager.from_queryset(MessageQuerySet)()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="message_uid_is_unique"),
            models.UniqueConstraint(
                # From one sender: whoever saw an id can write it (comms/inbound/mail/mail_storage.py).
                fields=["tenant", "channel", "message_id", "address", "repeat"],
                condition=Q(direction="in") & ~Q(message_id="") & ~Q(address=""),
                name="message_is_received_once_a_mailbox",
            ),
            models.UniqueConstraint(
                fields=["tenant", "channel", "provider_id"],
                condition=~Q(provider_id=""),
                name="message_has_its_own_provider_id",
            ),
            models.UniqueConstraint(
                fields=["tenant", "origin"], condition=~Q(origin=""), name="message_is_one_of_its_origin"
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "person", "-at", "-id"], name="message_of_person"),
            models.Index(fields=["tenant", "job", "-at", "-id"], name="message_of_job"),
            models.Index(fields=["tenant", "-at", "-id"], name="message_newest"),
            # What the gate counts: who wrote when, what went to them.
            models.Index(fields=["tenant", "address", "-at"], name="message_of_address"),
            models.Index(fields=["tenant", "message_id"], condition=~Q(message_id=""), name="message_by_message_id"),
            # What answers a mail that is read after it.
            models.Index(fields=["tenant", "in_reply_to"], condition=~Q(in_reply_to=""), name="message_by_in_reply_to"),
            GinIndex(fields=["tenant", "search"], opclasses=["int8_ops", "tsvector_ops"], name="message_search"),
            models.Index(
                fields=["tenant", "state", "send_at"],
                condition=Q(state__in=["queued", "held", "sending", "unknown"]),
                name="message_waiting",
            ),
            # The page of what is automatic or set aside (tickets/set_aside).
            models.Index(
                fields=["tenant", "-at", "-id"],
                condition=Q(direction="in") & ~Q(automatic=""),
                name="message_set_aside",
            ),
            models.Index(fields=["tenant", "spam_since"], condition=Q(spam_since__isnull=False), name="message_spam"),
            # The page of what waits, failed, or may not have been sent (comms/outbox/outbox_list.py).
            models.Index(
                fields=["tenant", "-at", "-id"],
                condition=Q(direction="out", state__in=["queued", "held", "sending", "unknown", "failed"]),
                name="message_in_outbox",
            ),
            models.Index(
                fields=["tenant", "call_wanted_at"],
                condition=Q(call_wanted_at__isnull=False),
                name="message_to_call",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.medium} {self.direction} {self.pk}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self._state.adding:  # we never change its words
            self.search_text = searchable_text(self)
            if self.sole_reader_id is None and self.channel is not None:
                self.sole_reader_id = self.channel.sole_reader_id
            if self.sole_reader_id:
                # A lead's page is everybody's.
                self.job = None
        super().save(*args, **kwargs)

    @property
    def is_personal(self) -> bool:
        """True if a member wrote it, here or in another program."""
        is_sent_elsewhere = self.medium == Medium.EMAIL and self.inbound_id is not None
        return self.author_id is not None or (is_sent_elsewhere and not self.automatic)

    @property
    def sender_check(self) -> SenderCheck:
        """The authentication results of its sender, and the form or group that sent it."""
        return SenderCheck(self.authentication, self.participants)

    @property
    def leaves_as_template(self) -> bool:
        """True if it is sent as a template that WhatsApp fills in; otherwise as its text."""
        version = self.template_version
        return self.template_values is not None and version is not None and version.is_approved_by_whatsapp


def searchable_text(message: Message) -> str:
    """Return the normalized text that finds a message: sender or recipient, subject and own text."""
    parts = (message.address_name, message.address, message.subject, message.text[:SEARCHED])
    return name_key(" ".join(parts))
