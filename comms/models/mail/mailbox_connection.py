"""MailboxConnection: a mailbox that a member connected, what is read of it, and its state (docs/private-mail.md)."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comms.models.channel import FETCH, Channel
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.events import events, hints
from crm.platform.models import Member, TenantForeignKey, TenantManager, TenantModel, TenantQuerySet
from crm.platform.models.base import public_id
from crm.platform.tenancy.secrets import decrypt, encrypt
from crm.platform.work import due_io

# Due work: check a sign-in and list the folders; remove what was private and end the connection.
CHECK = "mailbox.check"
REMOVE = "mailbox.remove"
# The topic of its page.
TOPIC = "mymailboxes"
MOST = 5
# A mailbox that refuses its sign-in so often in a row waits for its member.
REFUSALS = 3


class MailAccount(models.TextChoices):
    """How a mailbox is signed in to."""

    GOOGLE = "google", "Gmail"
    MICROSOFT = "microsoft", "Microsoft 365"
    IMAP = "imap", "IMAP"


class MailboxState(models.TextChoices):
    CHECKING = "checking", gettext_lazy("Connecting")
    # Signed in; nothing is read before its member has chosen folders.
    CHOOSING = "choosing", gettext_lazy("Choose what is read")
    ACTIVE = "active", gettext_lazy("Connected")
    BROKEN = "broken", gettext_lazy("Sign in again")
    REMOVING = "removing", gettext_lazy("Being removed")


class MailboxConnectionQuerySet(TenantQuerySet["MailboxConnection"]):
    def of(self, member: Member) -> Self:
        return self.filter(member_id=member.pk)

    def readable(self) -> Self:
        """Filter those whose mail is fetched: connected, chosen, of an active member."""
        return self.filter(state=MailboxState.ACTIVE, member__active=True)


class MailboxConnection(TenantModel):
    """A member's own mailbox: its sign-in until it is checked, its folders, and which emails are read."""

    uid = public_id()
    member = TenantForeignKey(Member, models.CASCADE, related_name="+")
    account = models.CharField(max_length=9, choices=MailAccount)
    # Blank until the provider has said it.
    address = models.CharField(max_length=254, blank=True)
    # The mailbox's channel, with its sign-in; null until a sign-in was accepted.
    channel = TenantForeignKey(Channel, models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=8, choices=MailboxState, default=MailboxState.CHECKING)
    # A sign-in that is not checked yet: the settings of a channel, and its encrypted secrets.
    pending_settings = models.JSONField(default=dict, blank=True)
    pending_secrets = models.TextField(blank=True)
    # Why it does not work, in the member's language.
    problem = models.CharField(max_length=300, blank=True)
    failing_since = models.DateTimeField(null=True, blank=True)
    refusals = models.PositiveSmallIntegerField(default=0)
    # How often an unchecked sign-in found no answer.
    tries = models.PositiveSmallIntegerField(default=0)
    # The folders that can be read: [{"name": …, "role": "inbox" | "sent" | "other", "count": …}].
    folder_list = models.JSONField(default=list, blank=True)
    # What is read: the names of folders, mail with customers, and with these domains.
    folders = ArrayField(models.CharField(max_length=250), default=list, blank=True)
    reads_customers = models.BooleanField(default=True)
    domains = ArrayField(models.CharField(max_length=254), default=list, blank=True)
    # Domains and addresses of which nothing is read.
    never = ArrayField(models.CharField(max_length=254), default=list, blank=True)
    # Nothing older is read.
    read_since = models.DateTimeField(null=True, blank=True)
    chosen_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    # Of one that is being removed: whether what colleagues see goes, too.
    removes_shared = models.BooleanField(default=False)

    member_id: int
    channel_id: int | None

    objects: ClassVar[Any] = TenantManager.from_queryset(MailboxConnectionQuerySet)()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="mailbox_connection_uid_is_unique"),
            models.UniqueConstraint(
                fields=["tenant", "channel"], condition=Q(channel__isnull=False), name="mailbox_is_connected_once"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["choosing", "active"]) | Q(channel__isnull=False),
                name="mailbox_in_use_has_a_channel",
            ),
            models.CheckConstraint(
                condition=~Q(state="active") | Q(chosen_at__isnull=False, folders__len__gt=0),
                name="mailbox_is_read_by_choice",
            ),
        ]
        indexes = [models.Index(fields=["tenant", "member"], name="mailbox_of_member")]

    def __str__(self) -> str:
        return f"{self.account} {self.address}"

    @property
    def secrets(self) -> dict[str, str]:
        """The unchecked sign-in. Raises InvalidToken if the encryption key is gone."""
        values: dict[str, str] = json.loads(decrypt(self.pending_secrets))
        return values

    @property
    def signs_in_by_token(self) -> bool:
        return self.account != MailAccount.IMAP

    @classmethod
    @transaction.atomic
    def connect(
        cls, member: Member, account: str, settings: dict[str, str], secrets: dict[str, str], *, address: str = ""
    ) -> Self:
        """Save a new connection and have a worker check its sign-in. Raises Refused for too many."""
        if cls.objects.of(member).count() >= MOST:
            raise Refused(_("You have the maximum number of mailboxes. Disconnect one first."))
        connection = cls(member=member, account=account, address=address.lower())
        connection.set_pending(settings, secrets)
        connection.save()
        connection.refresh_from_db(fields=["uid"])
        events.record("mailbox.connected", subject=connection, by=member, data={"account": account})
        connection.schedule_check()
        return connection

    @transaction.atomic
    def sign_in_again(self, settings: dict[str, str], secrets: dict[str, str]) -> None:
        """Have a worker check a new sign-in; the present one stays until that is accepted."""
        self.lock()
        self._refuse_if_removing()
        self.set_pending(settings, secrets)
        self.state = MailboxState.CHECKING
        self.problem = ""
        self.tries = 0
        self.save(update_fields=["pending_settings", "pending_secrets", "state", "problem", "tries"])
        self.schedule_check()

    @transaction.atomic
    def choose(
        self,
        *,
        folders: Sequence[str],
        reads_customers: bool,
        domains: Sequence[str],
        never: Sequence[str],
        read_since: datetime,
        by: Member,
    ) -> None:
        """Set what is read, and begin or go on reading. Raises Refused without a folder or anybody to read of."""
        self.lock()
        if self.state not in (MailboxState.CHOOSING, MailboxState.ACTIVE):
            raise Refused(_("The mailbox is not signed in. Sign in again first."))
        offered = [folder["name"] for folder in self.folder_list]
        chosen = [name for name in offered if name in folders]
        if not chosen:
            raise Refused(_("Choose at least one folder."))
        if not reads_customers and not domains:
            raise Refused(_("Choose whose email is read: of customers, of domains, or both."))
        assert self.channel is not None, "a mailbox in use has a channel, by a constraint"
        self.folders = chosen
        self.reads_customers = reads_customers
        self.domains = list(domains)
        self.never = list(never)
        if self.read_since is None or read_since < self.read_since:
            # Further back than before: the folders are looked through again; what is stored is not stored twice.
            self.channel.folders.all().delete()
            self.read_since = read_since
        self.channel.folders.exclude(name__in=chosen).delete()
        self.chosen_at = clock.now()
        self.state = MailboxState.ACTIVE
        self.problem = ""
        self.save()
        events.record("mailbox.chosen", subject=self, by=by)
        self.schedule_fetch()

    @transaction.atomic
    def disconnect(self, *, removes_shared: bool, by: Member) -> None:
        """Stop reading at once; a worker removes what was private. Idempotent."""
        self.lock()
        if self.state == MailboxState.REMOVING:
            return
        self.state = MailboxState.REMOVING
        self.removes_shared = removes_shared
        self.save(update_fields=["state", "removes_shared"])
        events.record("mailbox.disconnected", subject=self, by=by, data={"account": self.account})
        due_io.schedule(REMOVE, self.pk, clock.now(), peer=f"mailbox:{self.pk}")
        hints.touch(TOPIC)

    def accept(self, channel: Channel, folder_list: list[dict[str, Any]]) -> None:
        """Note an accepted sign-in, which the channel has. Reading goes on if it was chosen before."""
        self.channel = channel
        self.address = channel.address
        self.pending_settings = {}
        self.pending_secrets = ""
        self.folder_list = folder_list
        if self.chosen_at and self.folders:
            self.state = MailboxState.ACTIVE
            self.schedule_fetch()
        else:
            self.state = MailboxState.CHOOSING
        self.note_success()
        self.save()
        hints.touch(TOPIC)

    def note_success(self) -> None:
        """Note that it works; not saved."""
        self.problem = ""
        self.failing_since = None
        self.refusals = 0

    def note_failure(self, problem: str, *, is_refused: bool = False, needs_member: bool = False) -> None:
        """Note a failure. After several refusals in a row, or if it needs the member, nothing is tried any more."""
        self.problem = problem[:300]
        self.failing_since = self.failing_since or clock.now()
        if is_refused:
            self.refusals += 1
        else:
            self.refusals = 0
        if needs_member or self.refusals >= REFUSALS:
            self.state = MailboxState.BROKEN
        self.save(update_fields=["problem", "failing_since", "refusals", "state"])
        hints.touch(TOPIC)

    def schedule_check(self, delay: timedelta = timedelta()) -> None:
        due_io.schedule(CHECK, self.pk, clock.now() + delay, peer=f"mailbox:{self.pk}")
        hints.touch(TOPIC)

    def schedule_fetch(self) -> None:
        assert self.channel_id is not None, "a mailbox in use has a channel, by a constraint"
        due_io.schedule(FETCH, self.channel_id, clock.now(), peer=f"mailbox:{self.channel_id}")
        hints.touch(TOPIC)

    def set_pending(self, settings: dict[str, str], secrets: dict[str, str]) -> None:
        """Set the sign-in that is to be checked; not saved."""
        self.pending_settings = settings
        self.pending_secrets = encrypt(json.dumps(secrets, sort_keys=True))

    def _refuse_if_removing(self) -> None:
        if self.state == MailboxState.REMOVING:
            raise Refused(_("The mailbox is being removed."))
