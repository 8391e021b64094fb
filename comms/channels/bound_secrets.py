"""Secrets are bound to the servers they were entered for: another server requires them again."""

from collections.abc import Mapping

from comms.channels.interface import Provider
from comms.channels.mail_servers import new_places
from comms.models import Channel


def unbound_secrets(provider: Provider, channel: Channel | None, settings: Mapping[str, str]) -> list[str]:
    """Return the secrets of a channel that were not entered for every server in these settings."""
    if channel is None:
        return []
    is_bound = not new_places(provider.places(channel.settings), provider.places(settings))
    if is_bound:
        return []
    return sorted(channel.secrets)
