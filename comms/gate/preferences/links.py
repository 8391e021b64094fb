"""Links to somebody's own preferences: whoever holds one is who the message went to, and needs no account.

Encrypted, as a link is logged and forwarded: nobody reads an address off it.
"""

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.urls import reverse

from comms.models import Medium, Message, Purpose
from crm.kernel import clock
from crm.platform.tenancy import secrets

# Longer than anybody keeps a mail before they unsubscribe; American law asks for 30 days.
KEPT = timedelta(days=400)
# The longest address makes one of so many characters.
LONGEST = 900


class BrokenLink(Exception):
    """A link that was cut off, typed wrong or made up."""


class ExpiredLink(Exception):
    """A link that is too old."""


@dataclass(frozen=True)
class Link:
    """Whose preferences, towards which brand, and by which message the link was sent."""

    tenant_id: int
    brand_id: int
    medium: str
    address: str
    purpose: str = Purpose.SERVICE
    person_id: int | None = None

    @classmethod
    def of(cls, message: Message) -> "Link":
        """Make the link of a message of ours."""
        return cls(
            message.tenant_id, message.brand_id, message.medium, message.address, message.purpose, message.person_id
        )

    def token(self) -> str:
        """Return it as part of an address."""
        return secrets.encrypt(json.dumps({**asdict(self), "at": int(clock.now().timestamp())}))


def read(token: str) -> Link:
    """Read a link. Raises BrokenLink or ExpiredLink."""
    if len(token) > LONGEST:
        raise BrokenLink
    try:
        payload = json.loads(secrets.decrypt(token))
        made = datetime.fromtimestamp(payload.pop("at"), UTC)
        link = Link(**payload)
    except (InvalidToken, ValueError, TypeError, KeyError):
        raise BrokenLink from None
    if clock.now() - made > KEPT:
        raise ExpiredLink
    return link


def preferences_url_of(link: Link) -> str:
    """Return the address of the preferences page a link is to."""
    return f"{settings.SITE_URL}{reverse('message_preferences', args=[link.token()])}"


def headers(message: Message) -> dict[str, str]:
    """Return the headers by which a mail program unsubscribes with one click (RFC 8058): of offers and notices."""
    if message.medium != Medium.EMAIL or not _is_offer_or_notice(message):
        return {}
    url = f"{settings.SITE_URL}{reverse('unsubscribe', args=[Link.of(message).token()])}"
    return {"List-Unsubscribe": f"<{url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def _is_offer_or_notice(message: Message) -> bool:
    """Whether it may be unsubscribed from: never a person's answer or own words, nor what is about work in hand."""
    if message.purpose != Purpose.SERVICE:
        return message.purpose == Purpose.MARKETING
    is_sent_unasked = message.template_version_id is not None and not message.in_reply_to
    return message.author_id is None or is_sent_unasked
