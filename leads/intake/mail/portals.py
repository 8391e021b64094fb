"""Lead mails of portals: recognise them, and store them as submissions of their door.

A mail of a portal is a service's, not a customer's: it makes nobody a customer, and nobody waits for its answer. One
whose sender is not proven is parked: anybody can write a name before an @.
"""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from comms.models import Direction, Medium, Message
from crm.platform.models import Event
from leads.intake import arrival
from leads.intake.contents import mail_body
from leads.models import IntakeDoor
from leads.models.intake_door import doors
from libs.inbound_mail import is_doubtful

LONGEST = 50_000


def door_of(sender: str, box: str) -> IntakeDoor | None:
    """Return the door for mails from this sender to that mailbox of ours."""
    sender = sender.strip().lower()
    box = box.strip().lower()
    for door in doors().values():
        if door.kind != IntakeDoor.DoorKind.MAIL or door.archived_at or not door.mail_from:
            continue
        wanted = door.mail_from.lower()
        if wanted.startswith("@"):
            is_from = sender.endswith(wanted)
        else:
            is_from = sender == wanted
        if is_from and door.mail_to.lower() in ("", box):
            return door
    return None


def is_of_portal(sender: Any, *, address: str, box: str, **_more: Any) -> bool:
    """True if the inbox leaves a mail to this app, as it is a lead mail."""
    return door_of(address, box) is not None


def take_in(received: Sequence[Event]) -> None:
    """Store lead mails as submissions (subscriber). Idempotent."""
    wanted = [event.subject_id for event in received if event.data.get("medium") == Medium.EMAIL]
    if not wanted or not any(door.kind == IntakeDoor.DoorKind.MAIL for door in doors().values()):
        return
    messages = Message.objects.for_everybody().filter(pk__in=wanted, direction=Direction.IN).select_related("channel")
    for message in messages.order_by("pk"):
        door = door_of(message.address, message.channel.address if message.channel else "")
        if door is not None:
            _store_message(door, message)


def _store_message(door: IntakeDoor, message: Message) -> None:
    text = "\n".join(filter(None, (message.text, message.folded_text)))[:LONGEST]
    body = mail_body(message.subject, message.address, text)
    stored = arrival.keep(door, body, content_type="message/rfc822", key=f"message:{message.pk}")
    if not stored.is_new:
        return
    if is_doubtful(message.authentication):
        stored.submission.park(
            _("The sender could not be verified, so the email may be forged. Process it again if it is genuine.")
        )
    else:
        arrival.read_soon(stored.submission)
