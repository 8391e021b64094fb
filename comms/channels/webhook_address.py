"""Webhook address of a channel: signed, so that a forged one costs no query, and revocable by its key."""

from typing import NamedTuple

from django.conf import settings
from django.core import signing
from django.urls import reverse

from comms.models import Channel

_signer = signing.Signer(sep=".", salt="comms.webhook")


class WebhookAddress(NamedTuple):
    """The tenant, channel and key in a webhook address."""

    tenant_id: int
    channel_id: int
    key: str


def webhook_url(channel: Channel) -> str:
    """Return the address to enter at the provider, and that of delivery callbacks."""
    return f"{settings.SITE_URL}{reverse('hooks:webhook', args=[channel.provider, token_of(channel)])}"


def token_of(channel: Channel) -> str:
    return _signer.sign(f"{channel.tenant_id}.{channel.pk}.{channel.webhook_key}")


def place_of(token: str) -> WebhookAddress | None:
    """Parse a token; None for an invalid signature. Whether its key is current depends on the channel."""
    try:
        tenant_id, channel_id, key = _signer.unsign(token).split(".")
    except (signing.BadSignature, ValueError):
        return None
    return WebhookAddress(int(tenant_id), int(channel_id), key)
