"""Fetch the new emails of one folder: each is stored raw, then the position in the folder advances.

Begins with what comes after the folder was first seen; of a mailbox that its member connected, with the day they chose.
A folder whose numbers mean other mails all at once (UIDVALIDITY) is looked through for the last days; what we have
already is known by its Message-ID. Of a connected mailbox only the addresses are read of what its member does not want.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from imapclient.exceptions import IMAPClientError

from comms.channels.providers.imap import ANSWER_BYTES, Imap, MailboxClient
from comms.inbound import inbound_storage
from comms.inbound.selection.mail_choice import MailChoice
from comms.inbound.selection.mail_headers import FIELDS, AddressFields, parse_headers
from comms.models import Channel, Inbound, MailboxDay, MailFolder
from comms.models.mail.mailbox_connection import TOPIC
from crm.kernel import clock
from crm.platform.events import hints
from crm.platform.tenancy.context import use_tenant

# Mails a visit fetches of a folder; more wait for the next, which comes at once.
AT_ONCE = 100
# Mails of a connected mailbox whose addresses a visit looks at, and of which as many in one request.
LOOKED_AT = 2000
IN_ONE_REQUEST = 100
HEADER_BYTES = 16 << 10
LOOKED_BACK = timedelta(days=7)
# Bytes that are fetched of a mail that is too large.
BEGINNING = 64 << 10


class VisitEnded(Exception):
    """Another visit reads the folder, or the member disconnected or chose otherwise: this visit stores nothing more."""


@dataclass
class MailboxVisit:
    """A visit to a signed-in mailbox. `choice`: what its member wants; None for everything."""

    tenant_id: int
    channel: Channel
    client: MailboxClient
    choice: MailChoice | None = None

    def require_current(self) -> None:
        """Raise VisitEnded unless the member's choice is still the one that the visit began with."""
        if self.choice and not self.choice.is_current():
            raise VisitEnded


@dataclass
class FolderPosition:
    """Where a visit is in a folder, and where the row is: of two visits at once, one goes on."""

    row: MailFolder
    validity: int
    next_uid: int

    def advance(self, next_uid: int) -> None:
        """Move the row on, in a transaction with what was stored. Raises VisitEnded if another visit moved it."""
        row = self.row
        unmoved = MailFolder.objects.filter(pk=row.pk, uid_validity=row.uid_validity, next_uid=row.next_uid)
        if not unmoved.update(uid_validity=self.validity, next_uid=next_uid, is_sent=row.is_sent):
            raise VisitEnded
        row.uid_validity = self.validity
        row.next_uid = next_uid
        self.next_uid = next_uid


def fetch_folder(visit: MailboxVisit, name: str, *, is_sent: bool) -> bool:
    """Fetch new mails of a folder; return whether more wait. Raises VisitEnded."""
    client = visit.client
    client.allow()
    folder_status = client.select_folder(name, readonly=True)
    validity = int(folder_status[b"UIDVALIDITY"])
    following = int(folder_status.get(b"UIDNEXT", 1))
    with use_tenant(visit.tenant_id):
        row: MailFolder | None = MailFolder.objects.filter(channel=visit.channel, name=name[:250]).first()
    if row is None:
        row = _begin_folder(visit, name, validity, following, is_sent=is_sent)
    row.is_sent = is_sent
    position = FolderPosition(row, validity, row.next_uid)
    if row.uid_validity != validity:
        last_visit = visit.channel.fine_at or clock.now()
        uids = client.search(["SINCE", (last_visit - LOOKED_BACK).date()])
        position.next_uid = 1
    else:
        # "n:*" always names the last one, too.
        uids = [uid for uid in client.search(["UID", f"{row.next_uid}:*"]) if uid >= row.next_uid]
    if visit.choice:
        is_more = _fetch_wanted(visit, visit.choice, position, sorted(uids))
    else:
        for uid in sorted(uids)[:AT_ONCE]:
            _fetch_one(visit, position, uid)
        is_more = len(uids) > AT_ONCE
    if not is_more and (validity, max(following, row.next_uid)) != (row.uid_validity, row.next_uid):
        with use_tenant(visit.tenant_id):
            visit.require_current()
            position.advance(max(following, position.next_uid))
    return is_more


def _begin_folder(visit: MailboxVisit, name: str, validity: int, following: int, *, is_sent: bool) -> MailFolder:
    """Begin a folder with what comes next, or with the day its member chose."""
    first = following
    if visit.choice:
        # The day before: a server compares days in a zone that we don't know. What is older is left out one by one.
        uids = visit.client.search(["SINCE", (visit.choice.read_since - timedelta(days=1)).date()])
        first = min([*uids, following])
    with use_tenant(visit.tenant_id):
        visit.require_current()
        start = {"uid_validity": validity, "next_uid": first, "is_sent": is_sent}
        row: MailFolder
        row, _is_new = MailFolder.objects.get_or_create(channel=visit.channel, name=name[:250], defaults=start)
    return row


def _fetch_wanted(visit: MailboxVisit, choice: MailChoice, position: FolderPosition, uids: list[int]) -> bool:
    """Fetch what the member wants; return whether more waits. Of the rest only the number is stored."""
    is_sent = position.row.is_sent
    fetched = 0
    for first in range(0, len(uids), IN_ONE_REQUEST):
        if first >= LOOKED_AT or fetched >= AT_ONCE:
            return True
        request = uids[first : first + IN_ONE_REQUEST]
        headers = _fetch_headers(visit, choice, request)
        with use_tenant(visit.tenant_id):
            wanted = choice.select(headers, is_sent=is_sent)
        skipped = 0
        for uid in request:
            if uid in wanted:
                _fetch_one(visit, position, uid, skipped=skipped)
                fetched += 1
                skipped = 0
            elif uid in headers:
                skipped += 1
        if request[-1] not in wanted:
            _pass_over(visit, position, request[-1] + 1, skipped)
    return False


def _fetch_headers(visit: MailboxVisit, choice: MailChoice, uids: Sequence[int]) -> dict[int, AddressFields]:
    """Return the addresses of mails that are not too old. Of each at most HEADER_BYTES are requested."""
    visit.client.allow(len(uids) * HEADER_BYTES + ANSWER_BYTES)
    answers = visit.client.fetch(uids, ["INTERNALDATE", f"BODY.PEEK[HEADER.FIELDS ({FIELDS})]<0.{HEADER_BYTES}>"])
    headers: dict[int, AddressFields] = {}
    for uid in uids:
        facts: dict[bytes, Any] = answers.get(uid, {})
        arrived_at = facts.get(b"INTERNALDATE")
        if arrived_at and arrived_at.astimezone(UTC) < choice.read_since:
            continue
        raw = next((value for key, value in facts.items() if key.startswith(b"BODY[HEADER")), None)
        if raw is not None:
            headers[uid] = parse_headers(raw)
    return headers


def _fetch_one(visit: MailboxVisit, position: FolderPosition, uid: int, *, skipped: int = 0) -> None:
    """Store one mail and advance the position, in one transaction. A deleted one is passed over.

    `skipped`: how many before it were not wanted.
    """
    client = visit.client
    client.allow()
    facts = client.fetch([uid], ["RFC822.SIZE", "INTERNALDATE"]).get(uid, {})
    size = facts.get(b"RFC822.SIZE", 0)
    arrived_at: datetime | None = facts.get(b"INTERNALDATE")
    raw = b""
    if size:  # of a larger one its beginning, so that somebody learns of it
        if size <= settings.INBOUND_MOST_BYTES:
            most = settings.INBOUND_MOST_BYTES
        else:
            most = BEGINNING
        client.allow(most + ANSWER_BYTES)
        raw = client.fetch([uid], [f"BODY.PEEK[]<0.{most}>"]).get(uid, {}).get(b"BODY[]<0>") or b""
    with use_tenant(visit.tenant_id):
        visit.require_current()
        stored = 0
        if raw:
            row = position.row
            envelope = {"folder": row.name, "uid": uid, "is_sent": row.is_sent, "size": size}
            if arrived_at:  # in the zone of this machine, without saying so
                envelope["internal_date"] = arrived_at.astimezone(UTC).isoformat()
            _inbound, is_new = inbound_storage.store(
                raw, kind=Inbound.Kind.MAIL, channel=visit.channel, provider=Imap.key, envelope=envelope
            )
            stored = int(is_new)
        _count(visit, stored=stored, skipped=skipped)
        position.advance(uid + 1)


def _pass_over(visit: MailboxVisit, position: FolderPosition, next_uid: int, skipped: int) -> None:
    with use_tenant(visit.tenant_id):
        visit.require_current()
        _count(visit, skipped=skipped)
        position.advance(next_uid)


def _count(visit: MailboxVisit, *, stored: int = 0, skipped: int = 0) -> None:
    """Count what a connected mailbox stored and skipped today."""
    if visit.choice and (stored or skipped):
        MailboxDay.add(visit.choice.connection_id, clock.now().date(), stored=stored, skipped=skipped)
        hints.touch(TOPIC)


def list_folders(client: MailboxClient) -> list[tuple[Any, Any, str]]:
    """Return the folders of a mailbox as the server lists them: flags, delimiter and name."""
    client.allow()
    return [(flags, delimiter, str(name)) for flags, delimiter, name in client.list_folders()]


def count_mails(client: MailboxClient, name: str) -> int | None:
    """Return the number of emails in a folder; None if the server does not say."""
    client.allow()
    try:
        return int(client.folder_status(name, ["MESSAGES"])[b"MESSAGES"])
    except (IMAPClientError, KeyError, ValueError):
        return None
