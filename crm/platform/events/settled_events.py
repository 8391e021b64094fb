"""Read events in an order in which none appears behind one that was read, while others are being written.

An id is taken from a sequence before its transaction commits, so a smaller id may become visible after a greater one.
Therefore the order is (transaction, id), and an event is settled once no older transaction is running: whatever is
committed later has a greater transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from crm.platform.events.event import Event
from crm.platform.tenancy.context import required_tenant_id

# The oldest transaction that may still write here. Transactions are counted for all databases of a cluster: one that
# surely runs in another is left out. One that has no lock on its id yet has just begun, and may be ours.
_OLDEST_RUNNING = """
    with running as materialized (select pg_snapshot_xip(pg_current_snapshot()) as id)
    select least(
        pg_snapshot_xmax(pg_current_snapshot())::text::bigint,
        (select min(id::text::bigint) from running where not exists (
            select from pg_locks join pg_stat_activity using (pid)
            where locktype = 'transactionid' and transactionid = running.id::xid and datname <> current_database()
        ))
    )"""
# The row comparison uses the index event_transaction.
_AFTER = """
    select id from platform_event
    where tenant_id = %(tenant)s and (transaction, id) > (%(transaction)s, %(id)s) and transaction < %(running)s
    order by transaction, id limit %(most)s"""
_NEWEST = """
    select transaction, id from platform_event where tenant_id = %(tenant)s and transaction < %(running)s
    order by transaction desc, id desc limit 1"""
# Of a dump of another cluster, whose transactions had come further. Their order stays.
_SHIFT = """
    update platform_event as event set transaction = event.transaction - (newest.transaction + 1)
    from (
        select max(last.transaction) as transaction from platform_tenant cross join lateral (
            select transaction from platform_event where tenant_id = platform_tenant.id
            order by transaction desc limit 1
        ) as last
    ) as newest
    where newest.transaction >= pg_current_xact_id()::text::bigint"""


@dataclass(frozen=True)
class EventPlace:
    """A place in the order of events: behind this event. The start is before all events."""

    transaction: int
    event_id: int


START = EventPlace(-(2**63), 0)


def _oldest_running() -> int:
    with connection.cursor() as cursor:
        cursor.execute(_OLDEST_RUNNING)
        return int(cursor.fetchone()[0])


def find_place(event_id: int) -> EventPlace | None:
    """Return the place behind an event of the tenant in use; None if there is no such event any more."""
    transaction = Event.objects.filter(pk=event_id).values_list("transaction", flat=True).first()
    if transaction is None:
        return None
    return EventPlace(transaction, event_id)


def newest_place() -> EventPlace:
    """Return the place behind all settled events."""
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST, {"tenant": required_tenant_id(), "running": _oldest_running()})
        row = cursor.fetchone()
    if row is None:
        return START
    return EventPlace(*row)


def read_settled(place: EventPlace, most: int) -> Sequence[Event]:
    """Return the next settled events behind a place, in their order."""
    values = {
        "tenant": required_tenant_id(),
        "transaction": place.transaction,
        "id": place.event_id,
        "running": _oldest_running(),
        "most": most,
    }
    with connection.cursor() as cursor:
        cursor.execute(_AFTER, values)
        ids = [pk for (pk,) in cursor.fetchall()]
    rows = Event.objects.in_bulk(ids)
    return [rows[pk] for pk in ids]


def shift_restored_events() -> int:
    """Put the events of a restored dump before those to come, and return how many. As the database's owner. Idempotent.

    Transactions are counted from the beginning in another cluster: events of a dump would seem not to be settled yet,
    and new ones would stand before them.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SHIFT)
        return int(cursor.rowcount)
