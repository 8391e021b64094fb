"""The providers there are, by their key: every `Provider` in comms/channels/providers."""

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
    """There is no such provider, or it is the demo's and this is no demo."""


def provider(key: str) -> Provider:
    """Return a provider. Raises NotOffered for one that does not exist, or is not for use here."""
    found = _all().get(key)
    if found is None:
        raise NotOffered(f"There is no provider {key!r}")
    if found.is_embedded and not embedded_is_offered():
        raise NotOffered(f"{found.name} is part of the demo and carries no real messages")
    return found


def provider_of(channel: Channel) -> Provider | None:
    """Return the provider of a channel; None for one that is not there any more, or not for use here."""
    try:
        return provider(channel.provider)
    except NotOffered:
        return None


def register(kind: P) -> P:
    """Add a provider; those in the folder are found by themselves."""
    if not isinstance(_providers.setdefault(kind.key, kind()), kind):
        raise ValueError(f"two providers have the key {kind.key!r}")
    return kind


def offered_providers(medium: str = "") -> list[Provider]:
    """Return the providers that may be chosen here, of one medium or of all, by name."""
    found = [each for each in _all().values() if embedded_is_offered() or not each.is_embedded]
    return sorted((each for each in found if not medium or Medium(medium) in each.media), key=lambda each: each.name)


def embedded_is_offered() -> bool:
    """Whether messages may run over the built-in mailbox and phone: in the demo and while developing, nowhere else."""
    return bool(settings.DEMO or settings.DEBUG)


def _all() -> dict[str, Provider]:
    _load()
    return _providers


@cache
def _load() -> None:
    for module in iter_modules(providers.__path__):
        for value in vars(import_module(f"{providers.__name__}.{module.name}")).values():
            if isinstance(value, type) and issubclass(value, Provider) and "key" in vars(value):
                register(value)
