"""Connection: an account of the organization at another system, with its encrypted sign-in, state and health."""

import json
from datetime import datetime, timedelta
from typing import Any, ClassVar, Self

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from connections.models.connection_state import ConnectionProblem, SyncDirection, SystemState
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.events import events, hints
from crm.platform.models import Brand, Member, TenantForeignKey, TenantManager, TenantModel, TenantQuerySet
from crm.platform.models.base import public_id
from crm.platform.models.due import Due
from crm.platform.models.tenant import configuration_changed, lock_configuration
from crm.platform.organization.configuration import cached_per_tenant
from crm.platform.tenancy.secrets import decrypt, encrypt
from crm.platform.work import due, due_io

# Due work: synchronize a connection; move its alarm to the next person. And the topic of its page.
SYNC = "connection.sync"
ESCALATE = "connection.escalate"
TOPIC = "connections"
MOST = 50
# How often a connection is read; and the pauses after failures, which double.
INTERVAL = timedelta(minutes=15)
PAUSE = timedelta(minutes=5)
LONGEST_PAUSE = timedelta(hours=2)
# Changes that come together are sent together.
SOON = timedelta(seconds=5)
# For how long a synchronization excludes another one: longer than due work may take.
LEASE = timedelta(minutes=3)


class ConnectionQuerySet(TenantQuerySet["Connection"]):
    def working(self) -> Self:
        """Filter those that are tried: new ones, and those that work or may work again by themselves."""
        return self.filter(state__in=(SystemState.CONNECTING, SystemState.ACTIVE))


class Connection(TenantModel):
    """An account of the organization at another system."""

    uid = public_id()
    # The name of its SystemKind: "quickbooks".
    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=80)
    brand = TenantForeignKey(Brand, models.PROTECT, null=True, blank=True, related_name="+")
    # Who looks after it and is told when it fails.
    owner = TenantForeignKey(Member, models.PROTECT, related_name="+")
    # Encrypted JSON: tokens, a key or a password; blank without any.
    sealed = models.TextField(blank=True)
    # What is not secret: the company or administration there, an address, what is sent.
    options = models.JSONField(default=dict)
    direction = models.CharField(max_length=5, choices=SyncDirection, default=SyncDirection.BOTH)
    state = models.CharField(max_length=10, choices=SystemState, default=SystemState.CONNECTING)
    # The account, as the other system calls it.
    account = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    created_by = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    off_by = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    off_at = models.DateTimeField(null=True, blank=True)
    synced_at = models.DateTimeField(null=True, blank=True)
    # What the last synchronization sent and received.
    last_sent = models.PositiveIntegerField(default=0)
    last_received = models.PositiveIntegerField(default=0)
    # Since when it fails; null: it works.
    failing_since = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=12, choices=ConnectionProblem, blank=True)
    # A synchronization is under way until then; another one waits.
    busy_until = models.DateTimeField(null=True, blank=True)
    # Up to where the other system was read.
    cursor = models.JSONField(default=dict)

    brand_id: int | None
    owner_id: int

    objects: ClassVar[Any] = TenantManager.from_queryset(ConnectionQuerySet)()

    class Meta:
        base_manager_name = "objects"
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="connection_uid_is_unique"),
            models.UniqueConstraint(
                fields=["tenant", "kind", "brand"],
                condition=Q(brand__isnull=False),
                name="brand_is_connected_once_to_a_system",
            ),
            models.CheckConstraint(
                condition=~Q(state="broken") | Q(failing_since__isnull=False), name="broken_connection_fails_since"
            ),
            models.CheckConstraint(
                condition=Q(state="off", off_at__isnull=False) | ~Q(state="off") & Q(off_at__isnull=True),
                name="connection_is_off_since",
            ),
        ]
        indexes = [
            models.Index(
                fields=["tenant", "failing_since"],
                condition=Q(failing_since__isnull=False),
                name="connection_failing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"

    @property
    def secrets(self) -> dict[str, Any]:
        """The sign-in; empty without one. Raises InvalidToken if the encryption key is no longer available."""
        if not self.sealed:
            return {}
        values: dict[str, Any] = json.loads(decrypt(self.sealed))
        return values

    def seal(self, values: dict[str, Any]) -> None:
        """Encrypt a sign-in into the row, without saving it."""
        self.sealed = encrypt(json.dumps(values)) if values else ""

    @property
    def is_off(self) -> bool:
        return self.state == SystemState.OFF

    @property
    def is_broken(self) -> bool:
        return self.state == SystemState.BROKEN

    @property
    def is_working(self) -> bool:
        return self.state in (SystemState.CONNECTING, SystemState.ACTIVE)

    @property
    def problem_words(self) -> str:
        """Why it does not work, as a sentence; blank if it does."""
        if self.problem in ConnectionProblem.values:
            return str(ConnectionProblem(self.problem).label)
        return ""

    @classmethod
    @transaction.atomic
    def connect(
        cls,
        kind: str,
        name: str,
        *,
        owner: Member,
        by: Member | None,
        secrets: dict[str, Any] | None = None,
        options: dict[str, Any] | None = None,
        direction: str = SyncDirection.BOTH,
        brand: Brand | None = None,
    ) -> Self:
        """Save a new connection; the caller schedules it.

        Raises Refused without a name, for too many connections, and for a brand that is connected to this system.
        """
        lock_configuration()
        name = " ".join(name.replace("\0", "").split())[:80]
        if not name:
            raise Refused(_("Enter a name."))
        if cls.objects.count() >= MOST:
            raise Refused(_("There are %(most)s connections. Disconnect one first.") % {"most": MOST})
        if brand and cls.objects.filter(kind=kind, brand=brand).exists():
            raise Refused(_("%(brand)s is connected to this system already.") % {"brand": brand.name})
        row = cls(kind=kind, name=name, brand=brand, owner=owner, direction=direction, created_by=by)
        row.options = options or {}
        row.seal(secrets or {})
        row.save()
        row.refresh_from_db(fields=["uid"])
        configuration_changed()
        row._record("connection.added", by)
        return row

    @transaction.atomic
    def reconnect(self, secrets: dict[str, Any], *, by: Member, options: dict[str, Any] | None = None) -> None:
        """Replace the sign-in and try again at once. What was sent and received stays."""
        self.lock()
        self.seal(secrets)
        self.options = self.options | (options or {})
        self.state = SystemState.CONNECTING
        self._forget_failure()
        self.save()
        self._record("connection.reconnected", by)
        self.schedule()

    @transaction.atomic
    def rename(self, name: str, owner: Member, *, by: Member) -> None:
        """Set its name and who looks after it. Idempotent. Raises Refused without a name."""
        self.lock()
        name = " ".join(name.replace("\0", "").split())[:80]
        if not name:
            raise Refused(_("Enter a name."))
        if (name, owner.pk) == (self.name, self.owner_id):
            return
        self.name = name
        self.owner = owner
        self.save(update_fields=["name", "owner"])
        configuration_changed()
        self._record("connection.edited", by)

    @transaction.atomic
    def set_options(self, options: dict[str, Any], *, by: Member) -> None:
        """Change its settings, and synchronize it. Idempotent."""
        self.lock()
        if self.options == self.options | options:
            return
        self.options = self.options | options
        self.save(update_fields=["options"])
        self._record("connection.edited", by)
        if self.is_working:
            self.schedule()

    @transaction.atomic
    def switch_off(self, *, by: Member) -> None:
        """Stop synchronizing. What changes meanwhile waits, and is sent once it is switched on. Idempotent."""
        self.lock()
        if self.is_off:
            return
        due.cancel(SYNC, [self.pk])
        due.cancel(ESCALATE, [self.pk])
        self.state = SystemState.OFF
        self.off_by = by
        self.off_at = clock.now()
        self._forget_failure()
        self.save()
        self._record("connection.switched_off", by)

    @transaction.atomic
    def switch_on(self, *, by: Member) -> None:
        """Synchronize again, from where it stopped. Idempotent."""
        self.lock()
        if not self.is_off:
            return
        self.state = SystemState.CONNECTING
        self.off_by = None
        self.off_at = None
        self.save()
        self._record("connection.switched_on", by)
        self.schedule()

    @transaction.atomic
    def disconnect(self, *, by: Member) -> None:
        """Delete the connection with its sign-in and its links. What was sent stays in the other system."""
        self.lock()
        due.cancel(SYNC, [self.pk])
        due.cancel(ESCALATE, [self.pk])
        self._record("connection.removed", by)
        self.delete()
        configuration_changed()

    def schedule(self, delay: timedelta = timedelta()) -> None:
        """Schedule a synchronization. Few calls of one connection are made at once."""
        due_io.schedule(SYNC, self.pk, clock.now() + delay, peer=f"connection:{self.pk}")

    def read_again(self) -> None:
        """Have the other system read from its beginning: records that are known are not taken over twice."""
        self.cursor = {name: value for name, value in self.cursor.items() if name != "since"}
        self.save(update_fields=["cursor"])

    def claim(self) -> bool:
        """Reserve the connection for one synchronization. False if another one is under way."""
        now = clock.now()
        is_free = Q(busy_until=None) | Q(busy_until__lte=now)
        until = now + LEASE
        if not type(self).objects.filter(is_free, pk=self.pk).update(busy_until=until):
            return False
        self.busy_until = until
        return True

    def record_success(self, started_at: datetime, *, sent: int, received: int, is_done: bool) -> None:
        """Note a synchronization and schedule the next one: at once if something is left. Its row is locked."""
        if self.is_off:
            return
        self.state = SystemState.ACTIVE
        self.synced_at = clock.now()
        self.last_sent = sent
        self.last_received = received
        self._forget_failure()
        self.save()
        due.cancel(ESCALATE, [self.pk])
        key = f"{SYNC}:{self.pk}"
        if not is_done:
            self.schedule()
        elif not Due.objects.filter(tenant_id=self.tenant_id, key=key, due_at__gt=started_at).exists():
            self.schedule(INTERVAL)
        hints.touch(TOPIC)

    def record_failure(self, problem: str, *, is_passing: bool, wait: timedelta = timedelta()) -> None:
        """Note a failure: one that may pass is tried again, after a growing pause. Its row is locked."""
        if self.is_off:
            return
        self.failures = min(self.failures + 1, 1000)
        self.failing_since = self.failing_since or clock.now()
        self.problem = problem
        self.busy_until = None
        if is_passing:
            self.schedule(max(wait, min(PAUSE * 2 ** min(self.failures - 1, 10), LONGEST_PAUSE)))
        else:
            self.state = SystemState.BROKEN
        self.save()
        hints.touch(TOPIC)

    def _forget_failure(self) -> None:
        self.failing_since = None
        self.failures = 0
        self.problem = ""
        self.busy_until = None

    def _record(self, kind: str, by: Member | None) -> None:
        events.record(kind, subject=self, by=by, data={"kind": self.kind})
        hints.touch(TOPIC)


@cached_per_tenant
def connection_names() -> dict[int, str]:
    """Return the names of all connections by their ids."""
    return dict(Connection.objects.values_list("pk", "name"))


@cached_per_tenant
def connected_kinds() -> frozenset[str]:
    """Return the kinds of systems that the organization is connected to."""
    return frozenset(Connection.objects.values_list("kind", flat=True))
