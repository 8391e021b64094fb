"""link_customer: the customer of an invoice in the accounting system: found, created, or brought up to date."""

from typing import Any

from django.utils.translation import gettext as _

from connections.accounting.documents import BookCustomer
from connections.accounting.interface import BookkeepingClient, RemoteChanged, RemoteGone, RemoteRecord
from connections.models import FieldRule, LinkedRecord, SyncDirection, SyncItem, WhoWins
from connections.sync.sync_round import SyncRound
from connections.system_kinds import ItemRefused

NOUN = "customer"


def link_customer(one: SyncRound, client: BookkeepingClient, customer: BookCustomer) -> str:
    """Return the id there of a customer, with what changed here written there. Idempotent.

    If the customer changed on both sides, the mapping says who wins. Raises ItemRefused if they were deleted there.
    """
    with one.tenant():
        link = LinkedRecord.objects.filter(connection=one.connection, noun=NOUN, local_key=customer.key).first()
        rule = FieldRule.objects.filter(connection=one.connection, ours=NOUN).first()
        is_in_conflict = _conflicts(one, customer).exists()
    if link is None:
        return _create(one, client, customer)
    is_sent = rule is not None and rule.direction in (SyncDirection.OUT, SyncDirection.BOTH)
    if link.fingerprint == customer.fingerprint or is_in_conflict or not is_sent:
        return link.remote_id
    try:
        record = client.update_customer(RemoteRecord(link.remote_id, link.version), customer)
    except RemoteGone:
        with one.tenant():
            link.delete()
        words = _("The customer was deleted in %(system)s. Send this again to create them there.")
        raise ItemRefused(words % {"system": client.label}) from None
    except RemoteChanged as changed:
        wins = rule.wins if rule else WhoWins.OURS
        return _settle(one, client, customer, RemoteRecord(link.remote_id, changed.version), wins)
    _store(one, customer, record)
    return record.remote_id


def _create(one: SyncRound, client: BookkeepingClient, customer: BookCustomer) -> str:
    record = client.find_customer(customer)
    if record is None or _is_of_another(one, customer, record):
        record = client.create_customer(customer)
    _store(one, customer, record)
    return record.remote_id


def _is_of_another(one: SyncRound, customer: BookCustomer, record: RemoteRecord) -> bool:
    """Return True if another customer of ours is linked to this record."""
    with one.tenant():
        links = LinkedRecord.objects.filter(connection=one.connection, noun=NOUN, remote_id=record.remote_id)
        return bool(links.exclude(local_key=customer.key).exists())


def _settle(one: SyncRound, client: BookkeepingClient, customer: BookCustomer, record: RemoteRecord, wins: str) -> str:
    """Settle a change on both sides: write ours, keep theirs, or ask; nothing is overwritten unasked."""
    if wins == WhoWins.OURS:
        _store(one, customer, client.update_customer(record, customer))
        return record.remote_id
    if wins == WhoWins.THEIRS or not customer.key.isdigit():
        _store(one, customer, record)
        return record.remote_id
    words = _("Changed here and in %(system)s. “Send again” writes ours there; “Leave it” keeps theirs.")
    with one.tenant():
        # The version that a person decides about: a later change is another question.
        LinkedRecord.objects.filter(connection=one.connection, noun=NOUN, local_key=customer.key).update(
            version=record.version
        )
        item, _is_new = SyncItem.objects.get_or_create(
            connection=one.connection, noun=NOUN, subject_id=int(customer.key), remote_id=""
        )
        item.bury(words % {"system": client.label})
    one.refused += 1
    return record.remote_id


def _conflicts(one: SyncRound, customer: BookCustomer) -> Any:
    rows = SyncItem.objects.dead().filter(connection=one.connection, noun=NOUN)
    if not customer.key.isdigit():
        return rows.none()
    return rows.filter(subject_id=int(customer.key))


def _store(one: SyncRound, customer: BookCustomer, record: RemoteRecord) -> None:
    values = {"version": record.version, "fingerprint": customer.fingerprint}
    with one.tenant():
        LinkedRecord.store(one.connection.pk, NOUN, customer.key, record.remote_id, **values)
