"""Store incoming items as received, once each. A worker reads them (inbound_processing.py)."""

import hashlib
import io
import logging
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from comms.channels.interface import RawRequest, ReceivedMail, UnreadableRequest
from comms.channels.registry import provider_of
from comms.inbound.text_cleaning import clean_text
from comms.models import Channel, Inbound, Medium
from comms.models.inbound import LONGEST_ID
from crm.kernel import clock
from crm.platform.database.claims import enqueue
from crm.platform.files import stored_files
from crm.platform.work import due
from crm.platform.work.tasks import tick
from libs.inbound_mail import read_message_id

logger = logging.getLogger(__name__)

# The kind of due work that reads one.
READ = "comms.read"
# Larger bodies are files: a table of big rows is slow to vacuum and to back up.
IN_THE_ROW = 64 * 1024
# Of a larger request nothing is read while the provider waits for the answer.
LOOKED_INTO = 1024 * 1024


def store(
    body: bytes,
    *,
    kind: Inbound.Kind,
    channel: Channel | None,
    provider: str,
    envelope: Mapping[str, Any] | None = None,
) -> tuple[Inbound, bool]:
    """Store raw bytes to be read by a worker. Return the row, and whether it is new."""
    inbound, is_new = keep(body, kind=kind, channel=channel, provider=provider, envelope=envelope)
    if is_new:
        due.schedule(READ, inbound.pk, clock.now())
        enqueue(tick)
    return inbound, is_new


def keep(
    body: bytes,
    *,
    kind: Inbound.Kind,
    channel: Channel | None,
    provider: str,
    envelope: Mapping[str, Any] | None = None,
) -> tuple[Inbound, bool]:
    """Store raw bytes without scheduling a worker, for callers that read them at once (`receive_email`)."""
    digest = digest_of(body, channel, str((envelope or {}).get("query", "")))
    row: dict[str, Any] = {"channel": channel, "kind": kind, "provider": provider, "envelope": dict(envelope or {})}
    is_large = len(body) > IN_THE_ROW
    row |= _bytes_of(body, kind) if not is_large or not Inbound.objects.filter(digest=digest).exists() else {}
    row["message_id"] = _message_id(Inbound(**row), body)
    # Of two deliveries at once the unique digest lets one in, and the other finds it.
    result: tuple[Inbound, bool] = Inbound.objects.get_or_create(digest=digest, defaults=row)
    return result


def keep_mails(mails: Sequence[tuple[bytes, Mapping[str, Any]]], *, provider: str) -> list[Inbound]:
    """Store raw mails without a channel, each with its envelope, in one query; return the rows in order."""
    digests = [digest_of(body, None, str(envelope.get("query", ""))) for body, envelope in mails]
    stored = {row.digest: row for row in Inbound.objects.filter(digest__in=digests).defer("body")}
    made: dict[str, Inbound] = {}
    for digest, (body, envelope) in zip(digests, mails, strict=True):
        if digest not in stored and digest not in made:
            row = Inbound(kind=Inbound.Kind.MAIL, provider=provider, envelope=dict(envelope), digest=digest)
            row.message_id = _message_id(row, body)
            for name, value in _bytes_of(body, Inbound.Kind.MAIL).items():
                setattr(row, name, value)
            made[digest] = row
    try:
        with transaction.atomic():
            Inbound.objects.bulk_create(made.values())
    except IntegrityError:  # another process stores one of them at this moment
        return [_kept_mail(body, envelope, provider) for body, envelope in mails]
    return [stored.get(digest) or made[digest] for digest in digests]


def _kept_mail(body: bytes, envelope: Mapping[str, Any], provider: str) -> Inbound:
    return keep(body, kind=Inbound.Kind.MAIL, channel=None, provider=provider, envelope=envelope)[0]


def _bytes_of(body: bytes, kind: Inbound.Kind) -> dict[str, Any]:
    """Return where raw bytes are stored: in the row if small, else in a new file."""
    if len(body) <= IN_THE_ROW:
        return {"body": body}
    file = stored_files.store_file(
        io.BytesIO(body), f"{kind}.eml", purpose="inbound", by=None, days=settings.INBOUND_KEPT_DAYS
    )
    return {"file": file}


def _message_id(inbound: Inbound, body: bytes) -> str:
    """Return the Message-ID of a mail about to be stored, if it can be found quickly; else "".

    By it, what answers this one waits for it (inbound_processing.py). Storing never fails by it.
    """
    try:
        if inbound.kind == Inbound.Kind.MAIL:
            return _stored_id(read_message_id(body))
        channel = inbound.channel
        if channel is None or channel.medium != Medium.EMAIL or len(body) > LOOKED_INTO:
            return ""
        provider = provider_of(channel)
        if provider is None or not provider.sends_all:
            return ""
        mails = [each for each in provider.read(channel, request_of(inbound, body)) if isinstance(each, ReceivedMail)]
        if mails:
            return _stored_id(read_message_id(mails[0].raw))
        return ""
    except UnreadableRequest:  # which is said when it is read
        return ""
    except Exception:
        logger.exception("the Message-ID of what arrived could not be told")
        return ""


def _stored_id(message_id: str) -> str:
    return clean_text(message_id, LONGEST_ID)


def digest_of(body: bytes, channel: Channel | None, query: str) -> str:
    """Return the digest that identifies a delivery: of the channel and the bytes."""
    hashed = hashlib.sha256(f"{channel.pk if channel else 0}\n{query}\n".encode())
    hashed.update(body)
    return hashed.hexdigest()


def body_of(inbound: Inbound) -> bytes:
    """Return the raw bytes. Raises Gone after their retention time."""
    if inbound.file:
        with stored_files.open_file(inbound.file) as file:
            return file.read()
    if not inbound.body and inbound.envelope.get("forgotten"):
        raise stored_files.FileGone
    return bytes(inbound.body)


def keep_longer(inbound: Inbound, days: int) -> None:
    """Keep the raw bytes of an unreadable item until a member had time to look."""
    file = inbound.file
    if file and file.is_kept:
        stored_files.extend_retention(file, clock.now() + timedelta(days=days))


class RequestHeaders(dict[str, str]):
    """Case-insensitive HTTP headers."""

    def __init__(self, stored: dict[str, str]) -> None:
        super().__init__({name.lower(): value for name, value in stored.items()})

    def __getitem__(self, name: str) -> str:
        return super().__getitem__(name.lower())

    def __contains__(self, name: object) -> bool:
        return super().__contains__(name.lower() if isinstance(name, str) else name)

    def get(self, name: str, default: str | None = None) -> str | None:  # type: ignore[override]
        return super().get(name.lower(), default)


def request_of(inbound: Inbound, body: bytes) -> RawRequest:
    """Return the stored request, without its verified signatures."""
    envelope = inbound.envelope
    return RawRequest(
        "POST", envelope.get("url", ""), envelope.get("query", ""), RequestHeaders(envelope.get("headers", {})), body
    )
