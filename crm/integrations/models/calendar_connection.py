"""CalendarConnection: a member's account at a calendar provider."""

import json
from datetime import datetime, timedelta
from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.utils.translation import gettext as _

from crm.integrations.models.connection_state import CalendarProblem, CalendarProvider, ConnectionState
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.events import events, hints
from crm.platform.models import Member, TenantForeignKey, TenantManager, TenantModel, TenantQuerySet
from crm.platform.models.base import public_id
from crm.platform.models.due import Due
from crm.platform.models.tenant import configuration_changed
from crm.platform.tenancy.secrets import decrypt, encrypt
from crm.platform.work import due, due_io

# The due work that synchronizes a connection, and the topic of its page.
SYNC = "calendar.sync"
TOPIC = "mycalendars"
# Connections of one member.
MOST = 5
# How often a connection is read; and the pauses after failures, which double.
INTERVAL = timedelta(minutes=10)
PAUSE = timedelta(minutes=5)
LONGEST_PAUSE = timedelta(hours=2)
# A change is written so much later: changes that come together are written together.
SOON = timedelta(seconds=5)


class CalendarConnectionQuerySet(TenantQuerySet["CalendarConnection"]):
    def of(self, member: Member) -> Self:
        return self.filter(member_id=member.pk)

    def active(self) -> Self:
        return self.filter(state=ConnectionState.ACTIVE)


class CalendarConnection(TenantModel):
    """A member's account at a calendar provider, with its encrypted sign-in and its last synchronization."""

    uid = public_id()
    member = TenantForeignKey(Member, models.CASCADE, related_name="+")
    provider = models.CharField(max_length=9, choices=CalendarProvider)
    # The account as the member knows it: the user name or email address.
    account = models.CharField(max_length=200, blank=True)
    # Of CalDAV: where discovery begins.
    url = models.CharField(max_length=500, blank=True)
    # Encrypted JSON: a password, or tokens.
    sealed = models.TextField()
    state = models.CharField(max_length=10, choices=ConnectionState, default=ConnectionState.CONNECTING)
    # Names of the CalendarSources whose entries are written.
    written_sources = ArrayField(models.CharField(max_length=20), default=list)
    created_at = models.DateTimeField(default=clock.now)
    synced_at = models.DateTimeField(null=True)
    # Since when it fails; null: it works.
    failing_since = models.DateTimeField(null=True)
    failures = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=12, choices=CalendarProblem, blank=True)

    # The column of `member`, and the reverse side of ConnectedCalendar.
    member_id: int
    calendars: Any

    objects: ClassVar[Any] = TenantManager.from_queryset(CalendarConnectionQuerySet)()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="calendar_connection_uid_is_unique"),
        ]
        indexes = [
            models.Index(fields=["tenant", "member"], name="calendar_connection_of_member"),
            models.Index(
                fields=["tenant", "failing_since"],
                condition=models.Q(failing_since__isnull=False),
                name="calendar_connection_failing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.account}"

    @property
    def secrets(self) -> dict[str, Any]:
        """The sign-in. Raises InvalidToken if the encryption key is no longer available."""
        values: dict[str, Any] = json.loads(decrypt(self.sealed))
        return values

    @secrets.setter
    def secrets(self, values: dict[str, Any]) -> None:
        self.sealed = encrypt(json.dumps(values))

    @property
    def is_connecting(self) -> bool:
        return self.state == ConnectionState.CONNECTING

    @property
    def is_active(self) -> bool:
        return self.state == ConnectionState.ACTIVE

    @property
    def is_broken(self) -> bool:
        return self.state == ConnectionState.BROKEN

    @classmethod
    @transaction.atomic
    def connect(
        cls, member: Member, provider: str, secrets: dict[str, Any], *, account: str = "", url: str = ""
    ) -> Self:
        """Save a new connection of a member. The caller schedules it. Raises Refused for too many."""
        if cls.objects.of(member).count() >= MOST:
            raise Refused(_("You have the maximum number of calendar connections. Disconnect one first."))
        connection = cls(member=member, provider=provider, account=account[:200], url=url[:500])
        connection.secrets = secrets
        connection.save()
        connection.refresh_from_db(fields=["uid"])
        events.record("calendar_connection.added", subject=connection, by=member, data={"provider": provider})
        return connection

    @transaction.atomic
    def reconnect(self, secrets: dict[str, Any], *, account: str = "", url: str = "") -> None:
        """Replace the sign-in and try again at once. What was read and written stays."""
        self.lock()
        self.secrets = secrets
        self.account = account[:200] or self.account
        self.url = url[:500] or self.url
        self.state = ConnectionState.CONNECTING
        self.failing_since = None
        self.failures = 0
        self.problem = ""
        self.save()
        self.schedule()

    @transaction.atomic
    def disconnect(self, *, by: Member) -> None:
        """Delete the connection with everything that was read. What was written stays in the calendar."""
        due.cancel(SYNC, [self.pk])
        events.record("calendar_connection.removed", subject=self, by=by, data={"provider": self.provider})
        self.delete()
        configuration_changed()
        hints.touch(TOPIC)

    def schedule(self, delay: timedelta = timedelta()) -> None:
        """Schedule a synchronization. Few calls of one connection are made at once."""
        due_io.schedule(SYNC, self.pk, clock.now() + delay, peer=f"calendar:{self.pk}")

    def record_success(self, started_at: datetime, *, is_done: bool) -> None:
        """Note a synchronization and schedule the next one: at once if something is left to do."""
        self.state = ConnectionState.ACTIVE
        self.synced_at = clock.now()
        self.failing_since = None
        self.failures = 0
        self.problem = ""
        self.save(update_fields=["state", "synced_at", "failing_since", "failures", "problem", "sealed", "account"])
        key = f"{SYNC}:{self.pk}"
        is_scheduled = Due.objects.filter(tenant_id=self.tenant_id, key=key, due_at__gt=started_at).exists()
        if not is_done:
            self.schedule()
        elif not is_scheduled:
            # What changed meanwhile has scheduled it sooner.
            self.schedule(INTERVAL)
        hints.touch(TOPIC)

    def record_failure(self, problem: str, *, is_passing: bool, wait: timedelta = timedelta()) -> None:
        """Note a failure: one that may pass is tried again, after a growing pause; another waits for the member."""
        self.failures = min(self.failures + 1, 1000)
        self.failing_since = self.failing_since or clock.now()
        self.problem = problem
        if not is_passing:
            self.state = ConnectionState.BROKEN
        self.save(update_fields=["state", "failing_since", "failures", "problem", "sealed"])
        if is_passing:
            self.schedule(max(wait, min(PAUSE * 2 ** min(self.failures - 1, 10), LONGEST_PAUSE)))
        hints.touch(TOPIC)
