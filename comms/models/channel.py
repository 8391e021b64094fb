"""Channel: an address, number or sender of a brand, and the provider that carries its messages."""

import json
import secrets
from typing import Any, ClassVar, Self

from django.db import models, transaction
from django.dispatch import Signal
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comms.models.medium import Medium
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.events import hints
from crm.platform.models import Member, TenantForeignKey, TenantManager, TenantQuerySet
from crm.platform.models.archivable import Archivable
from crm.platform.models.base import public_id
from crm.platform.models.changed_fields import set_fields
from crm.platform.organization.configuration import directory
from crm.platform.tenancy.secrets import decrypt, encrypt
from crm.platform.work import due_io

# Due work that asks a provider whether a channel works (comms/channels/channel_check.py).
TEST = "channel.test"
# Due work that fetches a mailbox by IMAP (comms/inbound/imap.py).
FETCH = "comms.fetch_mail"


# The owner of a mailbox changed what colleagues see of it: `channel`. Messages and conversations follow.
sharing_changed = Signal()


def new_webhook_key() -> str:
    """Generate the secret part of a webhook address."""
    return secrets.token_hex(12)


class ChannelQuerySet(TenantQuerySet["Channel"]):
    def in_use(self) -> Self:
        """Filter out archived channels."""
        return self.filter(archived_at__isnull=True)

    def of_brands(self) -> Self:
        """Filter out mailboxes of members."""
        return self.filter(owner__isnull=True)

    def set_up_by_admins(self) -> Self:
        """Filter out mailboxes that their owners connected (MailboxConnection)."""
        return self.filter(connected_by_owner=False)


class Channel(Archivable):
    """An address, number or sender of a brand or of one member."""

    noun = "channel"

    class Role(models.TextChoices):
        """The use of an address or number."""

        SUPPORT = "support", gettext_lazy("Support")
        SALES = "sales", gettext_lazy("Sales")
        ADMIN = "admin", gettext_lazy("Administration")
        NOREPLY = "noreply", gettext_lazy("No reply")
        PERSONAL = "personal", gettext_lazy("A colleague’s own")

    class Sharing(models.TextChoices):
        """How much other members see of a member's mailbox."""

        PRIVATE = "private", gettext_lazy("Nothing")
        METADATA = "metadata", gettext_lazy("Who and when")
        SUBJECT = "subject", gettext_lazy("Who, when and the subject")
        FULL = "full", gettext_lazy("Everything")

    class Registration(models.TextChoices):
        """The state of a sender's registration with carriers (A2P) or WhatsApp (docs/rules.md#sending-law)."""

        NOT_NEEDED = "not_needed", gettext_lazy("Not needed")
        MISSING = "missing", gettext_lazy("Missing")
        PENDING = "pending", gettext_lazy("Being checked")
        APPROVED = "approved", gettext_lazy("Approved")
        REJECTED = "rejected", gettext_lazy("Rejected")

    uid = public_id()
    brand = TenantForeignKey("platform.Brand", models.PROTECT, related_name="+")
    medium = models.CharField(max_length=8, choices=Medium)
    role = models.CharField(max_length=8, choices=Role)
    # A key of comms.channels.providers: "embedded", "smtp", "sendgrid", "twilio" …
    provider = models.CharField(max_length=24)
    # A lower-case address, or a number in E.164.
    address = models.CharField(max_length=254)
    display_name = models.CharField(max_length=120, blank=True)
    # What the provider asks for and anybody may read: host, port, account id, domain.
    settings = models.JSONField(default=dict, blank=True)
    # The rest, encrypted: passwords, tokens, signing keys. Never shown whole, never logged.
    sealed_secrets = models.TextField(blank=True, editable=False)
    # Part of its webhook address; a new one makes the old address useless.
    webhook_key = models.CharField(max_length=32, blank=True, editable=False)
    owner = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    sharing = models.CharField(max_length=8, choices=Sharing, default=Sharing.PRIVATE)
    # Its owner connected it (MailboxConnection): only they change it, and it is not read once they have left.
    connected_by_owner = models.BooleanField(default=False, db_default=False)
    registration = models.CharField(max_length=10, choices=Registration, default=Registration.NOT_NEEDED)
    # What its last test, fetch or send said: when it was fine, or what is wrong.
    fine_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=300, blank=True)
    # Since when a test is awaited; null once it has answered. When WhatsApp last said where its templates stand.
    test_asked_at = models.DateTimeField(null=True, blank=True)
    templates_read_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = TenantManager.from_queryset(ChannelQuerySet)()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="channel_uid_is_unique"),
            models.UniqueConstraint(
                fields=["tenant", "medium", "address"],
                condition=models.Q(archived_at__isnull=True),
                name="channel_address_is_once_in_use",
            ),
            models.CheckConstraint(
                condition=models.Q(role="personal", owner__isnull=False) | ~models.Q(role="personal"),
                name="personal_channel_has_an_owner",
            ),
            models.CheckConstraint(
                condition=models.Q(connected_by_owner=False) | models.Q(owner__isnull=False),
                name="connected_channel_has_an_owner",
            ),
        ]

    def __str__(self) -> str:
        return self.address

    @property
    def sole_reader_id(self) -> int | None:
        """Return the only member who may read its messages: the owner of a private mailbox.

        None for a mailbox of the brand, of a member who shares, or who has left: what is written to them then is
        written to the company (docs/private-mail.md). One that its owner connected stays theirs alone.
        """
        if self.owner_id is None or self.sharing != self.Sharing.PRIVATE:
            return None
        owner = directory().members.get(self.owner_id)
        if self.connected_by_owner or (owner and owner.active):
            return self.owner_id
        return None

    @property
    def secrets(self) -> dict[str, str]:
        """The provider's secrets, decrypted. Raises InvalidToken if the encryption key is gone."""
        if self.sealed_secrets:
            return json.loads(decrypt(self.sealed_secrets))
        return {}

    def seal(self, secrets: dict[str, str]) -> None:
        """Encrypt and set the provider's secrets; not saved."""
        if secrets:
            self.sealed_secrets = encrypt(json.dumps(secrets, sort_keys=True))
        else:
            self.sealed_secrets = ""

    @transaction.atomic
    def renew_webhook(self, *, by: Member | None) -> None:
        """Replace the webhook address; the old one stops working."""
        self._lock_with_configuration()
        self.webhook_key = new_webhook_key()
        self.save(update_fields=["webhook_key"])
        self._record("channel.webhook_renewed", by)

    @classmethod
    @transaction.atomic
    def create(cls, *, by: Member | None, secrets: dict[str, str] | None = None, **fields: Any) -> "Channel":
        """Create a channel. Raises IntegrityError if the address is in use."""
        channel = cls(**{"webhook_key": new_webhook_key()} | fields)
        channel.seal(secrets or {})
        channel.save()
        channel.refresh_from_db(fields=["uid"])
        channel._record("channel.created", by)
        return channel

    @transaction.atomic
    def edit(self, *, by: Member | None, secrets: dict[str, str] | None = None, **fields: Any) -> None:
        """Change fields; `secrets` replaces the named ones and keeps the others. Idempotent."""
        self._lock_with_configuration()
        if self.archived_at:
            raise Refused(_("It is archived. Restore it first."))
        if self.owner_id and fields.get("owner", self.owner) != self.owner:
            # Or whoever sets up channels could make themselves the reader of a colleague's mail.
            raise Refused(_("A colleague’s mailbox can’t be given to somebody else. Archive it and set up another."))
        changed = set_fields(self, fields)
        if secrets and self.secrets | secrets != self.secrets:
            self.seal(self.secrets | secrets)
            changed.append("sealed_secrets")
        if changed:
            self.save(update_fields=changed)
            self._record("channel.edited", by, {"fields": changed})

    @transaction.atomic
    def share(self, sharing: str, *, by: Member) -> None:
        """Set what other members see of a mailbox; only its owner may. Idempotent."""
        self._lock_with_configuration()
        if self.owner_id != by.pk:
            raise Refused(_("Only the owner decides what others see of a mailbox."))
        if sharing not in self.Sharing.values:
            raise Refused(_("Choose what colleagues see."))
        if self.sharing != sharing:
            self.sharing = sharing
            self.save(update_fields=["sharing"])
            self._record("channel.shared", by, {"sharing": sharing})
            sharing_changed.send(Channel, channel=self)

    def note_state(self, problem: str = "") -> None:
        """Store the result of the last test or use, blank if it works. Records no event."""
        self.problem = problem[:300]
        if problem:
            self.fine_at = self.fine_at
        else:
            self.fine_at = clock.now()
        self.test_asked_at = None
        self.save(update_fields=["problem", "fine_at", "test_asked_at"])
        hints.touch("channels")

    @transaction.atomic
    def ask_test(self) -> None:
        """Have a worker test it and store the result for its card. Records no event."""
        self._lock_with_configuration()
        if self.archived_at:
            raise Refused(_("It is archived. Restore it first."))
        self.test_asked_at = clock.now()
        self.save(update_fields=["test_asked_at"])
        due_io.schedule(TEST, self.pk, clock.now(), peer=f"test:{self.pk}")
