"""Which invoices and payments are sent: those of the brand from a day on, by events, and a daily comparison."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import BigIntegerField, Exists, OuterRef
from django.db.models.functions import Cast

from billing.models import Allocation, Invoice, Payment
from connections.models import Connection, LinkedRecord, SyncItem, connected_kinds
from connections.models.connection import SOON
from crm.people.models import Person
from crm.platform.models import Event
from crm.platform.organization.configuration import directory

SYSTEMS = ("quickbooks", "exact", "moneybird")
INVOICE, PAYMENT, CUSTOMER = "invoice", "payment", "customer"
_INVOICE_KINDS = ("invoice.issued", "invoice.credit_issued")
_KINDS = frozenset({*_INVOICE_KINDS, "invoice.paid", "payment.received", "payment.reversed", "person.corrected"})
# Of each kind, so many are queued at once; the rest with the next rounds.
MOST = 2_000
# The daily comparison looks so far back for payments that were used.
_LOOK_BACK = timedelta(days=2)


def followed_kinds() -> frozenset[str]:
    """Return the kinds of events that are followed: none if no accounting system is connected."""
    if connected_kinds().isdisjoint(SYSTEMS):
        return frozenset()
    return _KINDS


def follow_events(events: Sequence[Event]) -> None:
    """Queue what happened for the connections of its brand, and synchronize them soon."""
    for connection in Connection.objects.filter(kind__in=SYSTEMS):
        counts = [
            _queue(connection, INVOICE, _invoices(connection).filter(pk__in=_subjects(events, *_INVOICE_KINDS))),
            _queue(connection, PAYMENT, _payments(connection).filter(pk__in=_changed_payments(events))),
            _queue(connection, CUSTOMER, _linked_people(connection, _subjects(events, "person.corrected"))),
        ]
        if any(counts) and connection.is_working:
            connection.schedule(SOON)


def queue_missing(connection: Connection, now: datetime) -> None:
    """Queue what was never sent and does not wait, once a day: an event that was lost loses nothing."""
    day = now.astimezone(directory().zone).date().isoformat()
    if connection.cursor.get("compared_on") == day:
        return
    invoices = _not_handled(connection, INVOICE, _invoices(connection))
    count = _queue(connection, INVOICE, invoices)
    payments = _not_handled(connection, PAYMENT, _payments(connection).filter(reversed_at=None))
    count += _queue(connection, PAYMENT, payments.filter(Exists(_uses(OuterRef("pk")))))
    # What an invoice used meanwhile; one that is there as it is here is not sent.
    used = Allocation.objects.filter(at__gte=now - _LOOK_BACK, payment__isnull=False)
    _queue(connection, PAYMENT, _payments(connection).filter(pk__in=used.values("payment_id")))
    if count < MOST:
        connection.cursor = connection.cursor | {"compared_on": day}
        Connection.objects.filter(pk=connection.pk).update(cursor=connection.cursor)


def _queue(connection: Connection, noun: str, rows: Any) -> int:
    ids = list(rows.values_list("pk", flat=True)[:MOST])
    if ids:
        SyncItem.queue(connection.pk, noun, ids)
    return len(ids)


def _invoices(connection: Connection) -> Any:
    """Return the invoices that a connection is for: its brand's, from its first day on."""
    rows = Invoice.objects.issued().filter(brand_id=connection.brand_id, issued_at__gte=first_instant(connection))
    return rows.order_by("issued_at", "pk")


def _payments(connection: Connection) -> Any:
    rows = Payment.objects.filter(brand_id=connection.brand_id, received_at__gte=first_instant(connection))
    return rows.exclude(provider=connection.kind).order_by("received_at", "pk")


def _changed_payments(events: Sequence[Event]) -> set[int]:
    """Return the payments that came in or were reversed, and those used for invoices that were issued or paid."""
    ids = _subjects(events, "payment.received", "payment.reversed")
    invoices = _subjects(events, *_INVOICE_KINDS, "invoice.paid")
    used = Allocation.objects.filter(invoice_id__in=invoices, payment__isnull=False)
    return ids | set(used.values_list("payment_id", flat=True))


def _linked_people(connection: Connection, ids: set[int]) -> Any:
    links = LinkedRecord.objects.filter(connection=connection, noun=CUSTOMER, local_key__in=[str(pk) for pk in ids])
    keys = links.annotate(person=Cast("local_key", BigIntegerField())).values("person")
    return Person.objects.filter(pk__in=keys)


def _not_handled(connection: Connection, noun: str, rows: Any) -> Any:
    """Exclude what is linked, waits, or is a dead letter."""
    linked = LinkedRecord.objects.filter(connection=connection, noun=noun)
    keys = {key.partition(":")[0] for key in linked.values_list("local_key", flat=True)}
    waiting = SyncItem.objects.filter(connection=connection, noun=noun, subject_id=OuterRef("pk"))
    return rows.exclude(Exists(waiting)).exclude(pk__in=[int(key) for key in keys if key.isdigit()])


def _uses(payment: OuterRef) -> Any:
    return Allocation.objects.filter(payment_id=payment, ended_at=None)


def _subjects(events: Sequence[Event], *kinds: str) -> set[int]:
    return {event.subject_id for event in events if event.kind in kinds and event.subject_id}


def first_instant(connection: Connection) -> datetime:
    """Return the beginning of the first day whose invoices are sent."""
    day = date.fromisoformat(connection.options["send_from"])
    return datetime.combine(day, time(0), directory().zone)
