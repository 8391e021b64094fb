"""Synchronize a connection that is due: send what waits, read what is new, note how it went.

Work that calls others: no call is made inside a transaction. One round of a connection excludes another.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from cryptography.fernet import InvalidToken
from django.utils import translation

from connections.models import Connection, ConnectionHour, ConnectionProblem, SyncItem, SyncLogEntry
from connections.sync.alerts import report_failure, report_refusals
from connections.system_kinds import RemoteError, system_kinds
from crm.integrations.providers.interface import CalendarError
from crm.kernel import clock
from crm.platform.organization.configuration import directory
from crm.platform.tenancy.context import use_tenant

# A round ends after so many seconds or records; what is left is done at once by the next one.
SECONDS = 60
MOST_ITEMS = 50
# After so many rounds that ended at the same record, it is a dead letter, and the others go on.
MOST_ATTEMPTS = 6
# Another round is under way: this one comes back so much later.
BUSY_PAUSE = timedelta(minutes=1)


@dataclass
class SyncRound:
    """A connection that is being synchronized, and what the round has done so far."""

    tenant_id: int
    connection: Connection
    started_at: datetime
    sent: int = 0
    received: int = 0
    refused: int = 0
    is_done: bool = True
    _ends: float = field(default_factory=lambda: monotonic() + SECONDS)

    @contextmanager
    def tenant(self) -> Iterator[None]:
        """Open a transaction of the tenant, in its language. No call is made inside."""
        with use_tenant(self.tenant_id), translation.override(directory().tenant.language):
            yield

    @property
    def is_over(self) -> bool:
        """True if the round has to end, with what is left for the next one."""
        return monotonic() >= self._ends

    def store_secrets(self, values: Mapping[str, Any]) -> None:
        """Store renewed tokens at once: the former refresh token may not be valid any more."""
        with use_tenant(self.tenant_id):
            row = Connection.objects.select_for_update().filter(pk=self.connection.pk).first()
            if row and row.sealed == self.connection.sealed:
                row.seal(dict(values))
                row.save(update_fields=["sealed"])
                self.connection.sealed = row.sealed

    def store_account(self, name: str) -> None:
        """Store what the other system calls the account."""
        if name and name != self.connection.account:
            self.connection.account = name[:200]
            with use_tenant(self.tenant_id):
                Connection.objects.filter(pk=self.connection.pk).update(account=name[:200])

    def store_cursor(self, cursor: Mapping[str, Any]) -> None:
        """Store up to where the other system was read, once all of it was taken over."""
        self.connection.cursor = dict(cursor)
        with use_tenant(self.tenant_id):
            Connection.objects.filter(pk=self.connection.pk).update(cursor=dict(cursor))

    def waiting_items(self) -> Iterator[SyncItem]:
        """Yield what waits to be sent, oldest first; each is noted as tried before it is yielded.

        Ends early when the round is over, and then leaves the rest to the next round.
        """
        with use_tenant(self.tenant_id):
            rows = SyncItem.objects.waiting().filter(connection=self.connection, subject_id__isnull=False)
            items = list(rows.in_order()[: MOST_ITEMS + 1])
        for place, item in enumerate(items):
            if self.is_over or place == MOST_ITEMS:
                self.is_done = False
                return
            with use_tenant(self.tenant_id):
                item.attempts += 1
                SyncItem.objects.filter(pk=item.pk).update(attempts=item.attempts)
            yield item

    def finish_item(self, item: SyncItem) -> None:
        """Note that a record was sent. One that changed meanwhile was queued again and stays."""
        self.sent += 1
        with use_tenant(self.tenant_id):
            SyncItem.objects.waiting().filter(pk=item.pk, attempts=item.attempts).delete()

    def refuse_item(self, item: SyncItem, reason: str, *, label: str = "") -> None:
        """Make a record a dead letter; the others go on."""
        self.refused += 1
        with self.tenant():
            row = SyncItem.objects.select_for_update().filter(pk=item.pk).first()
            if row:
                row.bury(reason, label=label)

    def park(self, noun: str, remote_id: str, reason: str, *, label: str = "") -> None:
        """Keep a record of the other system that can't be taken over."""
        self.refused += 1
        with self.tenant():
            SyncItem.park(self.connection.pk, noun, remote_id, reason, label=label)

    def write_log(self, problem: str = "") -> None:
        """Write down that the round has ended. `problem`: a ConnectionProblem; blank if it worked."""
        counts = {"sent": self.sent, "received": self.received, "refused": self.refused}
        SyncLogEntry.write(self.connection.pk, self.started_at, problem=problem, **counts)


def sync_connection(tenant_id: int, connection_id: int) -> None:
    """Synchronize a connection that is due. Idempotent."""
    with use_tenant(tenant_id):
        connection = Connection.objects.filter(pk=connection_id).first()
        if connection is None or not connection.is_working:
            return
        if not connection.claim():
            connection.schedule(BUSY_PAUSE)
            return
    one = SyncRound(tenant_id, connection, clock.now())
    kind = system_kinds().get(connection.kind)
    try:
        if kind is None:
            raise RemoteError(ConnectionProblem.SETTINGS, is_passing=False)
        kind.synchronize(one)
    except InvalidToken:
        _record_failure(one, RemoteError(ConnectionProblem.SIGN_IN, is_passing=False))
    except CalendarError as error:
        _record_failure(one, RemoteError(error.problem, is_passing=error.is_passing, wait=error.wait))
    except RemoteError as error:
        _record_failure(one, error)
    else:
        _record_success(one)


def _record_success(one: SyncRound) -> None:
    with one.tenant():
        connection = Connection.objects.select_for_update(of=("self",)).filter(pk=one.connection.pk).first()
        if connection is None:
            return
        ConnectionHour.count(connection.pk, done=1, refused=one.refused)
        one.write_log()
        connection.record_success(one.started_at, sent=one.sent, received=one.received, is_done=one.is_done)
        if one.refused:
            report_refusals(connection)


def _record_failure(one: SyncRound, error: RemoteError) -> None:
    with one.tenant():
        connection = Connection.objects.select_for_update(of=("self",)).filter(pk=one.connection.pk).first()
        if connection is None:
            return
        if error.is_passing:
            _bury_stuck_items(connection)
        ConnectionHour.count(connection.pk, failed=1, refused=one.refused)
        one.write_log(error.problem)
        connection.record_failure(error.problem, is_passing=error.is_passing, wait=error.wait)
        report_failure(connection)


def _bury_stuck_items(connection: Connection) -> None:
    """Bury the record at which many rounds ended, if the system answers others: it may be what breaks it."""
    stuck = SyncItem.objects.waiting().filter(connection=connection, attempts__gte=MOST_ATTEMPTS)
    others = SyncItem.objects.waiting().filter(connection=connection, attempts=0)
    if others.exists():
        for item in stuck:
            item.bury(connection.problem_words or str(ConnectionProblem.ANSWER.label))


def give_up(connection_id: int) -> None:
    """Leave a connection to its owner after repeated errors of ours."""
    connection = Connection.objects.select_for_update(of=("self",)).filter(pk=connection_id).first()
    if connection:
        now = clock.now()
        SyncLogEntry.write(connection.pk, now, sent=0, received=0, refused=0, problem=ConnectionProblem.ANSWER)
        connection.record_failure(ConnectionProblem.ANSWER, is_passing=False)
        report_failure(connection)
