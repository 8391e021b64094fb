"""Signed links to a customer's message preferences; the holder needs no account.

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


class BrokenPreferenceLink(Exception):
    """A link that is truncated, mistyped or forged."""


class ExpiredPreferenceLink(Exception):
    """A link that is too old."""


@dataclass(frozen=True)
class PreferenceLink:
    """The address, the brand, and the message the link was sent in."""

    tenant_id: int
    brand_id: int
    medium: str
    address: str
    purpose: str = Purpose.SERVICE
    person_id: int | None = None

    @classmethod
    def of(cls, message: Message) -> "PreferenceLink":
        """Build the link of an outgoing message."""
        return cls(
            message.tenant_id, message.brand_id, message.medium, message.address, message.purpose, message.person_id
        )

    def token(self) -> str:
        """Return the signed token that stands in the address."""
        return secrets.encrypt(json.dumps({**asdict(self), "at": int(clock.now().timestamp())}))


def read(token: str) -> PreferenceLink:
    """Parse a link. Raises BrokenPreferenceLink or ExpiredPreferenceLink."""
    if len(token) > LONGEST:
        raise BrokenPreferenceLink
    try:
        payload = json.loads(secrets.decrypt(token))
        made = datetime.fromtimestamp(payload.pop("at"), UTC)
        link = PreferenceLink(**payload)
    except (InvalidToken, ValueError, TypeError, KeyError):
        raise BrokenPreferenceLink from None
    if clock.now() - made > KEPT:
        raise ExpiredPreferenceLink
    return link


def preferences_url_of(link: PreferenceLink) -> str:
    """Return the address of the preferences page of a link."""
    return f"{settings.SITE_URL}{reverse('message_preferences', args=[link.token()])}"


def has_preferences_link(text: str) -> bool:
    """Return whether a text has a link to the preferences of its reader."""
    path = reverse("message_preferences", args=["x"]).removesuffix("x/")
    return f"{settings.SITE_URL}{path}" in text


def headers(message: Message) -> dict[str, str]:
    """Return the headers for one-click unsubscription (RFC 8058), for offers and notices."""
    if message.medium != Medium.EMAIL or not _is_offer_or_notice(message):
        return {}
    url = f"{settings.SITE_URL}{reverse('unsubscribe', args=[PreferenceLink.of(message).token()])}"
    return {"List-Unsubscribe": f"<{url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def _is_offer_or_notice(message: Message) -> bool:
    """True for offers and notices; personal messages and work in progress can't be unsubscribed from."""
    if message.purpose != Purpose.SERVICE:
        return message.purpose == Purpose.MARKETING
    is_sent_unasked = message.template_version_id is not None and not message.in_reply_to
    return message.author_id is None or is_sent_unasked
