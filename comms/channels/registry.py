"""The registry of providers by key: every `Provider` in comms/channels/providers."""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TypeVar

from django.conf import settings

from comms.channels import providers
from comms.channels.interface import Permanent, Provider
from comms.models import Channel, Medium

P = TypeVar("P", bound=type[Provider])
_providers: dict[str, Provider] = {}


class NotOffered(Permanent):
    """The provider doesn't exist, or is the demo's and this is no demo."""


def provider(key: str) -> Provider:
    """Return a provider. Raises NotOffered if it doesn't exist or may not be used here."""
    match = _all_providers().get(key)
    if match is None:
        raise NotOffered(f"There is no provider {key!r}")
    if match.is_embedded and not embedded_is_offered():
        raise NotOffered(f"{match.name} is part of the demo and carries no real messages")
    return match


def provider_of(channel: Channel) -> Provider | None:
    """Return the provider of a channel; None if it doesn't exist any more or may not be used here."""
    try:
        return provider(channel.provider)
    except NotOffered:
        return None


def register(kind: P) -> P:
    """Register a provider; those in the folder are found automatically."""
    if not isinstance(_providers.setdefault(kind.key, kind()), kind):
        raise ValueError(f"two providers have the key {kind.key!r}")
    return kind


def offered_providers(medium: str = "") -> list[Provider]:
    """Return the providers that may be chosen here, of one medium or all, by name."""
    candidates = [each for each in _all_providers().values() if embedded_is_offered() or not each.is_embedded]
    return sorted(
        (each for each in candidates if not medium or Medium(medium) in each.media), key=lambda each: each.name
    )


def embedded_is_offered() -> bool:
    """True if the built-in mailbox and phone may be used: in demo and development only."""
    return bool(settings.DEMO or settings.DEBUG)


def _all_providers() -> dict[str, Provider]:
    _load_providers()
    return _providers


@cache
def _load_providers() -> None:
    for module in iter_modules(providers.__path__):
        for value in vars(import_module(f"{providers.__name__}.{module.name}")).values():
            if isinstance(value, type) and issubclass(value, Provider) and "key" in vars(value):
                register(value)
