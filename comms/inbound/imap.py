"""Fetch mailboxes by IMAP every minute: each mail is stored raw, then the position in the folder advances.

Begins with what comes after the channel was set up. A folder whose numbers mean other mails all at once
(UIDVALIDITY) is looked through for the last days; what we have already is known by its Message-ID.
"""

import logging
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from comms.channels.interface import Permanent, Transient
from comms.channels.providers.imap import ANSWER_BYTES, Imap, MailboxClient, signed_in
from comms.inbound import inbound_storage
from comms.models import Channel, Inbound, MailFolder
from crm.kernel import clock
from crm.platform.health.full_disk import is_full_disk
from crm.platform.models import Event
from crm.platform.organization.configuration import directory
from crm.platform.tenancy.context import use_tenant
from crm.platform.work import due_io

logger = logging.getLogger(__name__)

FETCH = "comms.fetch_mail"
EVERY = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=1)
# Mails a visit fetches of a folder; more wait for the next, which comes at once.
AT_ONCE = 100
LOOKED_BACK = timedelta(days=7)
# Bytes that are fetched of a mail that is too large.
BEGINNING = 64 << 10
# Seconds of a whole visit: what is fetched by then is kept, and the next visit goes on from there.
VISIT = 80
# What mail programs call the folder of what was sent, where the server itself marks none (RFC 6154).
SENT_NAMES = frozenset(
    {
        "sent",
        "sent items",
        "sent messages",
        "sent mail",
        "verzonden",
        "verzonden items",
        "verzonden berichten",
        "gesendet",
        "gesendete elemente",
        "gesendete objekte",
        "envoyés",
        "éléments envoyés",
        "messages envoyés",
        "enviados",
        "elementos enviados",
        "mensajes enviados",
        "posta inviata",
        "inviati",
        "itens enviados",
    }
)
# How old the note of a good visit may be before it is written again.
FINE = timedelta(minutes=10)


class MailboxVisit(NamedTuple):
    """The result of a visit: whether more mails wait, and the problem in words."""

    is_more: bool = False
    problem: str = ""


def begin(events: Sequence[Event]) -> None:
    """Schedule an early fetch of a mailbox that was set up, edited or restored."""
    ids = {event.subject_id for event in events}
    for channel in Channel.objects.in_use().filter(pk__in=ids, provider=Imap.key):
        _schedule_fetch(channel.pk, clock.now())


def fetch(tenant_id: int, channel_id: int) -> None:
    """Fetch a mailbox and schedule the next visit; visits become rarer while it fails."""
    with use_tenant(tenant_id):
        channel = Channel.objects.in_use().filter(pk=channel_id, provider=Imap.key).first()
        language = directory().tenant.language
    if channel is None:
        return
    with override(language):
        visit = _visit_mailbox(tenant_id, channel)
    with use_tenant(tenant_id):
        _store_problem(channel, visit.problem)
        _schedule_fetch(channel_id, clock.now() + _pause_after(channel, visit))


def _schedule_fetch(channel_id: int, at: datetime) -> None:
    due_io.schedule(FETCH, channel_id, at, peer=f"mailbox:{channel_id}")


def _visit_mailbox(tenant_id: int, channel: Channel) -> MailboxVisit:
    is_more = False
    try:
        with signed_in(channel, VISIT) as client:
            for name, is_sent in _folders_to_fetch(client, channel):
                is_more |= _fetch_folder(tenant_id, channel, client, name, is_sent=is_sent)
    except (Transient, Permanent) as why:
        return MailboxVisit(problem=str(why)[:300])
    except Exception as error:  # whatever a server answers, the next visit is planned
        if is_full_disk(error):
            return MailboxVisit(problem=_("There is no room for files: its email is fetched once there is."))
        logger.exception("fetching a mailbox failed", extra={"channel": channel.pk})
        return MailboxVisit(problem=_("The mailbox sent an answer that can’t be read."))
    return MailboxVisit(is_more)


def _folders_to_fetch(client: MailboxClient, channel: Channel) -> Iterator[tuple[str, bool]]:
    """Return the folders to fetch and the sent folders, by the server's flags or their usual names."""
    listed = client.list_folders()
    sent = [name for flags, _delimiter, name in listed if b"\\Sent" in flags]
    sent = sent or [name for _flags, delimiter, name in listed if _last_part(name, delimiter) in SENT_NAMES]
    wanted = channel.settings.get("folders") or "INBOX"
    for name in filter(None, (each.strip() for each in wanted.split(","))):
        if name not in sent:
            yield name, False
    for name in sent:
        yield name, True


def _last_part(name: str, delimiter: bytes | str | None) -> str:
    """Return the last part of a folder's path, in lower case."""
    mark = delimiter.decode("ascii", "replace") if isinstance(delimiter, bytes) else delimiter
    return name.rpartition(mark)[2].lower() if mark else name.lower()


def _fetch_folder(tenant_id: int, channel: Channel, client: MailboxClient, name: str, *, is_sent: bool) -> bool:
    """Fetch new mails of a folder; return whether more wait."""
    client.allow()
    folder_status = client.select_folder(name, readonly=True)
    validity = int(folder_status[b"UIDVALIDITY"])
    following = int(folder_status.get(b"UIDNEXT", 1))
    with use_tenant(tenant_id):
        folder, is_new = MailFolder.objects.get_or_create(
            channel=channel,
            name=name[:250],
            defaults={"uid_validity": validity, "next_uid": following, "is_sent": is_sent},
        )
    folder.is_sent = is_sent
    if is_new:
        return False
    if folder.uid_validity != validity:
        uids = client.search(["SINCE", (clock.now() - LOOKED_BACK).date()])
        folder.uid_validity = validity
        folder.next_uid = 1
    else:
        # "n:*" always names the last one, too.
        uids = [uid for uid in client.search(["UID", f"{folder.next_uid}:*"]) if uid >= folder.next_uid]
    uids = sorted(uids)
    for uid in uids[:AT_ONCE]:
        _fetch_one(tenant_id, channel, client, folder, uid)
    if len(uids) <= AT_ONCE and max(following, folder.next_uid) != folder.next_uid:
        _move_on(tenant_id, folder, following)
    return len(uids) > AT_ONCE


def _fetch_one(tenant_id: int, channel: Channel, client: MailboxClient, folder: MailFolder, uid: int) -> None:
    """Store one mail and advance the position, in one transaction. A deleted or too large one is skipped."""
    client.allow()
    facts = client.fetch([uid], ["RFC822.SIZE", "INTERNALDATE"]).get(uid, {})
    size = facts.get(b"RFC822.SIZE", 0)
    arrived_at = facts.get(b"INTERNALDATE")
    raw = b""
    if size:  # of a larger one its beginning, so that somebody learns of it
        if size <= settings.INBOUND_MOST_BYTES:
            most = settings.INBOUND_MOST_BYTES
        else:
            most = BEGINNING
        client.allow(most + ANSWER_BYTES)
        raw = client.fetch([uid], [f"BODY.PEEK[]<0.{most}>"]).get(uid, {}).get(b"BODY[]<0>") or b""
    with use_tenant(tenant_id):
        if raw:
            envelope = {"folder": folder.name, "uid": uid, "is_sent": folder.is_sent, "size": size}
            if arrived_at:  # in the zone of this machine, without saying so
                envelope["internal_date"] = arrived_at.astimezone(UTC).isoformat()
            inbound_storage.store(raw, kind=Inbound.Kind.MAIL, channel=channel, provider=Imap.key, envelope=envelope)
        folder.next_uid = uid + 1
        folder.save(update_fields=["uid_validity", "next_uid"])


def _move_on(tenant_id: int, folder: MailFolder, following: int) -> None:
    with use_tenant(tenant_id):
        folder.next_uid = max(following, folder.next_uid)
        folder.save(update_fields=["uid_validity", "next_uid"])


def _store_problem(channel: Channel, problem: str) -> None:
    """Store the result of a visit on the channel, without a new version of the configuration."""
    now = clock.now()
    if problem:
        Channel.objects.filter(pk=channel.pk).exclude(problem=problem).update(problem=problem)
    elif channel.problem or not channel.fine_at or channel.fine_at < now - FINE:
        Channel.objects.filter(pk=channel.pk).update(problem="", fine_at=now)


def _pause_after(channel: Channel, visit: MailboxVisit) -> timedelta:
    """Return the pause until the next visit, growing while the mailbox fails."""
    if not visit.problem:
        if visit.is_more:
            return timedelta()
        return EVERY
    since: datetime = channel.fine_at or channel_began(channel)
    return min(max(EVERY, (clock.now() - since) / 4), LONGEST_PAUSE)


def channel_began(channel: Channel) -> datetime:
    """Return when a channel that never worked was set up, by its first event."""
    first = Event.objects.of(channel).order_by("pk").first()
    if first:
        return first.at
    return clock.now()
