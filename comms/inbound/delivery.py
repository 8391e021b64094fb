"""Receive raw mails synchronously: store, read, and report the outcome of each (`receive_email`).

A process that ends between the two leaves it to a worker.
"""

import logging
import re
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django.db import InterfaceError, OperationalError, transaction

from comms.inbound import inbound_processing, inbound_storage
from comms.inbound.files import MailFile
from comms.inbound.inbound_result import InboundResult, MailPlacement, mails_placed
from comms.inbound.mail.receive_mail import preview_mail, receive_mail
from comms.inbound.text_cleaning import clean_all
from comms.models import Inbound
from comms.stored_words import sentence_of
from crm.kernel import clock
from crm.platform.database.batch import batch
from crm.platform.models import Tenant
from crm.platform.tenancy.context import use_tenant
from crm.platform.work import due
from libs.inbound_mail import Mail, MailAddress, UnreadableMail

logger = logging.getLogger(__name__)

# When a worker reads what was stored here and not read.
GRACE = timedelta(minutes=5)
# So many bytes of a mail are looked through for whom and what it names.
_LOOKED_THROUGH = 64 * 1024
_BETWEEN_NAMES = re.compile(rb"[\s<>,;:\"'()\[\]|]")


@dataclass(frozen=True)
class DeliveredMail:
    """The outcome of a mail as `receive_email` prints it."""

    outcome: str
    reason: str = ""
    read: InboundResult | None = None
    is_stored: bool = False
    placed: MailPlacement | None = None

    def as_json(self, label: str) -> dict[str, Any]:
        """Return the output of one mail; bare addresses, Message-IDs without angle brackets."""
        read = self.read or InboundResult(self.outcome)
        mail = read.mail or Mail()
        bounce = read.bounce
        data = {
            "file": label,
            "outcome": self._outcome,
            "ticket": self.placed.ticket if self.placed else None,
            "message_id": mail.message_id or None,
            "from": mail.sender.address if mail.sender else None,
            "from_name": mail.sender.name if mail.sender else None,
            "to": _address_texts(mail.to),
            "cc": _address_texts(mail.cc),
            "date": mail.date.isoformat() if mail.date else None,
            "subject": mail.subject,
            "text": mail.text,
            "reply_text": read.visible,
            "html": mail.html,
            "attachments": [
                {"name": part.name, "type": part.type, "size": part.size, "inline": part.inline}
                for part in mail.attachments
            ],
            "matched_by": (self.placed.matched_by if self.placed else read.matched_by) or None,
            "bounce": bounce
            and {"recipients": list(bounce.recipients), "permanent": bounce.permanent, "status": bounce.status},
            "reason": self.reason,
        }
        cleaned: dict[str, Any] = clean_all(data)
        return cleaned

    @property
    def _outcome(self) -> str:
        """The outcome; for a person's mail, its placement says whether it continues a ticket."""
        if self.placed and self.outcome in ("ticket", "reply"):
            if self.placed.goes_on:
                return "reply"
            return "ticket"
        return self.outcome


def _address_texts(addresses: tuple[MailAddress, ...]) -> list[str]:
    return [each.address for each in addresses]


def deliver(raw: bytes, tenant: Tenant, *, mailbox: str = "", size: int = 0, dry_run: bool = False) -> DeliveredMail:
    """Store and read a raw mail; with `dry_run` only read it. Raises database errors.

    `size`: how large the mail is, where that may be more than was taken of it.
    """
    if dry_run:
        with use_tenant(tenant):
            return _preview(raw, _recipients_of(mailbox))
    return deliver_all([MailFile("", raw, size=size)], tenant, mailbox=mailbox)[0]


def deliver_all(mails: Sequence[MailFile], tenant: Tenant, *, mailbox: str = "") -> list[DeliveredMail]:
    """Store raw mails, then read them in order, each in a savepoint. Raises database errors."""
    with use_tenant(tenant):
        kept = inbound_storage.keep_mails(
            [(mail.raw, _build_envelope(mail, mailbox)) for mail in mails], provider="command"
        )
        due.schedule_all(inbound_storage.READ, [(inbound.pk, clock.now() + GRACE) for inbound in kept])
    try:
        with use_tenant(tenant):
            done = _read_all(mails, [inbound.pk for inbound in kept], _recipients_of(mailbox))
            due.cancel(inbound_storage.READ, [inbound.pk for inbound in kept])
            return done
    except (OperationalError, InterfaceError):
        if len(mails) == 1:
            raise
    # Another transaction had what one of them needs; alone none holds a lock for the others.
    return [deliver_all([mail], tenant, mailbox=mailbox)[0] for mail in mails]


def _recipients_of(mailbox: str) -> tuple[str, ...]:
    if mailbox:
        return (mailbox,)
    return ()


def _build_envelope(found: MailFile, mailbox: str) -> dict[str, Any]:
    envelope = {"recipients": _recipients_of(mailbox), "query": mailbox.lower(), "size": found.size}
    cleaned: dict[str, Any] = clean_all(envelope)
    return cleaned


def _read_all(mails: Sequence[MailFile], pks: Sequence[int], recipients: tuple[str, ...]) -> list[DeliveredMail]:
    """Read stored mails and place them on tickets; a mail that may follow another is read after that is placed."""
    locked = Inbound.objects.select_for_update().filter(pk__in=pks).defer("body").order_by("pk")
    rows = {inbound.pk: inbound for inbound in locked}
    done: list[DeliveredMail] = []
    waiting = deque((mail.raw, rows[pk]) for mail, pk in zip(mails, pks, strict=True))
    while waiting:
        group: list[DeliveredMail] = []
        with batch():
            while waiting and not _may_rest_on(waiting[0][0], group):
                group.append(_read_stored(*waiting.popleft(), recipients))
        done += _place_mails(group)
    inbound_processing.wake_waiting(rows.values())
    return done


def _may_rest_on(raw: bytes, group: Sequence[DeliveredMail]) -> bool:
    """True if a mail names one of these or its sender, so that it may answer or continue it."""
    named = {name for delivered in group for name in _mail_names(delivered.read)}
    return bool(named) and not named.isdisjoint(_BETWEEN_NAMES.split(raw[:_LOOKED_THROUGH].lower()))


def _mail_names(read: InboundResult | None) -> set[bytes]:
    """Return the Message-ID of a mail, and the addresses of its sender and author."""
    if read:
        mail, message = (read.mail, read.message)
    else:
        mail, message = (None, None)
    if mail:
        names = {mail.message_id, mail.sender.address if mail.sender else ""}
    else:
        names = set()
    names |= {message.address} if message else set()
    return {name.lower().encode("utf-8", "surrogateescape") for name in names if name}


def _read_stored(raw: bytes, inbound: Inbound, recipients: tuple[str, ...]) -> DeliveredMail:
    if inbound.state == Inbound.State.READ:
        seen = _preview(raw, recipients)
        return DeliveredMail("duplicate", "The same bytes were received before.", seen.read, True, seen.placed)
    read = inbound_processing.attempt_reading(
        inbound, lambda: [receive_mail(raw, inbound, recipients=recipients)], tries=1
    )
    return DeliveredMail(inbound.outcome, inbound.reason, read, True)


def _preview(raw: bytes, recipients: tuple[str, ...]) -> DeliveredMail:
    try:
        read = preview_mail(raw, Inbound(received_at=clock.now()), recipients=recipients)
    except UnreadableMail as why:
        return DeliveredMail("parked", sentence_of(why))
    places = _asked_places([read], dry_run=True)
    return DeliveredMail(read.outcome, read.reason, read, placed=places[0] if places else None)


def _place_mails(group: Sequence[DeliveredMail]) -> list[DeliveredMail]:
    """Place mails on their tickets. If that fails for all together, try each alone."""
    unplaced = [delivered.read for delivered in group if delivered.read and delivered.placed is None]
    places = _asked_places(unplaced, dry_run=False)
    if places is None and len(group) > 1:
        return [delivered for alone in group for delivered in _place_mails([_reload_message(alone)])]
    placed = dict(zip(map(id, unplaced), places or (), strict=places is not None))
    return [replace(delivered, placed=placed.get(id(delivered.read), delivered.placed)) for delivered in group]


def _reload_message(delivered: DeliveredMail) -> DeliveredMail:
    """Reload the message of a mail, which a failed placement may have changed in memory."""
    if delivered.read and delivered.read.message:
        delivered.read.message.refresh_from_db()
    return delivered


def _asked_places(reads: Sequence[InboundResult], *, dry_run: bool) -> list[MailPlacement | None] | None:
    """Return the tickets of mails; None after a failure, which a worker retries."""
    try:
        with transaction.atomic():
            answers: list[tuple[Any, Any]] = []
            if reads:
                answers = mails_placed.send(InboundResult, reads=reads, dry_run=dry_run)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        logger.exception("placing mails failed")
        return None
    places: list[MailPlacement | None] = next((places for _receiver, places in answers), [None] * len(reads))
    return places
