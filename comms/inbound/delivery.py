"""Receive one raw mail at once: store it as it came, read it, and say what became of it (`receive_email`).

A process that ends between the two leaves it to a worker.
"""

import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import InterfaceError, OperationalError, transaction

from comms.inbound import arrival, reading
from comms.inbound.clean import clean_all
from comms.inbound.mail import preview_mail, receive_mail
from comms.inbound.outcome import Placed, Read, mail_placed
from comms.mail.message import Address, Mail, Unreadable
from comms.models import Inbound
from crm.kernel import clock
from crm.platform.models import Tenant
from crm.platform.tenancy.context import use_tenant
from crm.platform.work import due

logger = logging.getLogger(__name__)

# When a worker reads what was stored here and not read.
GRACE = timedelta(minutes=5)


@dataclass(frozen=True)
class Delivered:
    """What became of a mail, as `receive_email` prints it."""

    outcome: str
    reason: str = ""
    read: Read | None = None
    is_stored: bool = False
    placed: Placed | None = None

    def as_json(self, label: str) -> dict[str, Any]:
        """Return the line of one mail; addresses are bare, Message-IDs without angle brackets."""
        read = self.read or Read(self.outcome)
        mail, bounce = read.mail or Mail(), read.bounce
        told = {
            "file": label,
            "outcome": self._outcome,
            "ticket": self.placed.ticket if self.placed else None,
            "message_id": mail.message_id or None,
            "from": mail.sender.address if mail.sender else None,
            "from_name": mail.sender.name if mail.sender else None,
            "to": _bare(mail.to),
            "cc": _bare(mail.cc),
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
        cleaned: dict[str, Any] = clean_all(told)
        return cleaned

    @property
    def _outcome(self) -> str:
        """What it is: of what a person wrote, whether it goes on in a ticket is said by where it was placed."""
        if self.placed and self.outcome in ("ticket", "reply"):
            return "reply" if self.placed.goes_on else "ticket"
        return self.outcome


def _bare(addresses: tuple[Address, ...]) -> list[str]:
    return [each.address for each in addresses]


def deliver(raw: bytes, tenant: Tenant, *, mailbox: str = "", size: int = 0, dry_run: bool = False) -> Delivered:
    """Store and read a raw mail; with `dry_run` only read it. Raises what a dead database raises.

    `size`: how large the mail is, where that may be more than was taken of it.
    """
    recipients = (mailbox,) if mailbox else ()
    if dry_run:
        with use_tenant(tenant):
            return _previewed(raw, recipients)
    with use_tenant(tenant):
        envelope = {"recipients": recipients, "query": mailbox.lower(), "size": size}
        inbound, _is_new = arrival.keep(
            raw, kind=Inbound.Kind.MAIL, channel=None, provider="command", envelope=clean_all(envelope)
        )
        due.schedule(arrival.READ, inbound.pk, clock.now() + GRACE)
    with use_tenant(tenant):
        done = _read(inbound.pk, raw, recipients)
        due.cancel(arrival.READ, [inbound.pk])
        return done


def _read(pk: int, raw: bytes, recipients: tuple[str, ...]) -> Delivered:
    inbound = Inbound.objects.select_for_update().get(pk=pk)
    if inbound.state == Inbound.State.READ:
        seen = _previewed(raw, recipients)
        return Delivered("duplicate", "The same bytes were received before.", seen.read, True, seen.placed)
    read = reading.attempt(inbound, lambda: [receive_mail(raw, inbound, recipients=recipients)], tries=1)
    reading.wake([inbound])
    return Delivered(inbound.outcome, inbound.reason, read, True, _placed(read, dry_run=False) if read else None)


def _previewed(raw: bytes, recipients: tuple[str, ...]) -> Delivered:
    try:
        read = preview_mail(raw, Inbound(received_at=clock.now()), recipients=recipients)
    except Unreadable as why:
        return Delivered("parked", why.reason)
    return Delivered(read.outcome, read.reason, read, placed=_placed(read, dry_run=True))


def _placed(read: Read, *, dry_run: bool) -> Placed | None:
    """Return which ticket a mail is on. A failure there loses no mail: it is stored, and placed by a worker."""
    try:
        with transaction.atomic():
            answers: list[tuple[Any, Any]] = mail_placed.send(Read, read=read, dry_run=dry_run)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        logger.exception("placing a mail failed")
        return None
    return next((answer for _receiver, answer in answers if answer), None)
