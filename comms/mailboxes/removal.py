"""Remove what was private of a disconnected mailbox, end its sign-in, and archive its channel."""

import logging
from collections.abc import Iterable
from datetime import timedelta

import requests
from django.db import IntegrityError, transaction
from django.db.models import CharField, Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat

from comms.channels.mail_access.access_tokens import token_values
from comms.channels.mail_access.token_providers import revocation_url
from comms.inbound.retention import held_messages
from comms.message_deletion import blank_messages, delete_messages, forget_raw
from comms.models import (
    Channel,
    Decision,
    DeliveryReport,
    Inbound,
    MailboxConnection,
    MailboxState,
    MailFolder,
    Message,
)
from comms.models.mail.mailbox_connection import REMOVE, TOPIC
from comms.private_mail import messages_removing
from crm.kernel import clock
from crm.platform.events import hints
from crm.platform.http.guarded_session import GuardedSession
from crm.platform.http.public_address import ForbiddenAddress
from crm.platform.tenancy.context import use_tenant
from crm.platform.work import due_io

logger = logging.getLogger(__name__)

# Messages that are removed in one transaction.
AT_ONCE = 200
# A provider that does not answer is asked so often to revoke the access, in such pauses.
TRIES = 3
PAUSE = timedelta(minutes=5)


def private_messages(connection: MailboxConnection) -> "QuerySet[Message]":
    """Return the messages of a mailbox that only its member sees."""
    return _messages_of(connection).filter(sole_reader=connection.member_id)


def shared_messages(connection: MailboxConnection) -> "QuerySet[Message]":
    """Return the messages of a mailbox that colleagues see, in part or whole."""
    return _messages_of(connection).filter(sole_reader=None)


def _messages_of(connection: MailboxConnection) -> "QuerySet[Message]":
    messages: QuerySet[Message] = Message.objects.none()
    if connection.channel_id:
        messages = Message.objects.filter(channel=connection.channel_id)
    return messages


def remove_mailbox(tenant_id: int, connection_id: int) -> None:
    """Remove the private mail of a disconnected mailbox in pieces, then the connection itself. Idempotent."""
    with use_tenant(tenant_id):
        connection = _find_removing(connection_id)
        if connection is None:
            return
        _discard_unread(connection)
    last: int | None = 0
    while last is not None:
        with use_tenant(tenant_id):
            last = _remove_some(connection, last)
    if not _revoke_access(connection) and connection.tries < TRIES:
        with use_tenant(tenant_id):
            MailboxConnection.objects.filter(pk=connection_id).update(tries=connection.tries + 1)
            due_io.schedule(REMOVE, connection_id, clock.now() + PAUSE, peer=f"mailbox:{connection_id}")
        return
    with use_tenant(tenant_id):
        _end_connection(connection)


def _find_removing(connection_id: int) -> MailboxConnection | None:
    rows = MailboxConnection.objects.filter(pk=connection_id, state=MailboxState.REMOVING)
    connection: MailboxConnection | None = rows.select_related("member", "channel").first()
    return connection


def _discard_unread(connection: MailboxConnection) -> None:
    """Discard what was fetched and is not read yet, so that it becomes no message."""
    if connection.channel_id is None:
        return
    unread = Inbound.objects.filter(
        channel=connection.channel_id, state__in=[Inbound.State.STORED, Inbound.State.PARKED]
    )
    unread.update(state=Inbound.State.READ, outcome="discarded")


def _remove_some(connection: MailboxConnection, last: int) -> int | None:
    """Remove the next messages by id; return the last one, or None when there are no more."""
    if connection.removes_shared:
        rows = _messages_of(connection)
    else:
        rows = private_messages(connection)
    ids = list(rows.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
    if not ids:
        return None
    removable = sorted(set(ids) - held_messages(ids))
    if removable:
        messages_removing.send(Message, ids=removable)
        _remove_messages(removable)
    return ids[-1]


def _remove_messages(ids: list[int]) -> None:
    """Delete messages; of those that the gate decided on, or a provider reported about, the blank row stays."""
    now = clock.now()
    bound = set(Decision.objects.filter(message__in=ids).values_list("message_id", flat=True))
    bound |= set(DeliveryReport.objects.filter(message__in=ids).values_list("message_id", flat=True))
    free = [pk for pk in ids if pk not in bound]
    try:
        with transaction.atomic():
            delete_messages(free, now)
    except IntegrityError:  # something refers to one of them: its words go, the row stays
        logger.warning("messages of a mailbox were blanked instead of deleted")
        bound |= set(free)
    blank_messages(sorted(bound), now)


def _revoke_access(connection: MailboxConnection) -> bool:
    """Revoke the token at a provider that has an address for it; return False if it did not answer."""
    url = revocation_url(connection.account)
    for token in _tokens(connection):
        if not url:
            break
        try:
            answer = GuardedSession().post(url, data={"token": token})
        except (requests.RequestException, ForbiddenAddress):
            return False
        if answer.status_code >= 500 or answer.status_code == 429:
            return False
    return True


def _tokens(connection: MailboxConnection) -> Iterable[str]:
    """Yield the refresh tokens of the channel and of an unchecked sign-in."""
    pending = Channel()
    pending.sealed_secrets = connection.pending_secrets
    for channel in filter(None, (connection.channel, pending)):
        token = token_values(channel).get("refresh")
        if token:
            yield str(token)


def _end_connection(connection: MailboxConnection) -> None:
    channel = connection.channel
    if channel:
        removed = Inbound.objects.filter(channel=channel).exclude(
            Exists(Message.objects.filter(inbound=OuterRef("pk")).exclude(text="", html="", subject=""))
        )
        forget_raw(set(removed.values_list("pk", flat=True)), clock.now())
        # A mailbox that is connected again may bring the same mail again.
        removed.update(digest=Concat(Value("removed "), Cast("pk", CharField())), message_id="")
        MailFolder.objects.filter(channel=channel).delete()
        channel.archive(by=connection.member)
        channel.refresh_from_db()
        channel.seal({})
        channel.save(update_fields=["sealed_secrets"])
    connection.delete()
    hints.touch(TOPIC)
