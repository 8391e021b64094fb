"""The providers there are, by their key."""

from typing import TypeVar

from comms.channels.interface import Provider
from comms.models import Channel

P = TypeVar("P", bound=type[Provider])
_providers: dict[str, Provider] = {}


def register(kind: P) -> P:
    """Class decorator: make a provider known by its key."""
    _providers[kind.key] = kind()
    return kind


def providers() -> list[Provider]:
    """Return every provider, by name."""
    return sorted(_providers.values(), key=lambda one: one.name)


def provider_of(channel: Channel) -> Provider | None:
    """Return the provider that carries a channel's messages; None for one that is no longer there."""
    return _providers.get(channel.provider)
