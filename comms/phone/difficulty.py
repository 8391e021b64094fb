"""Simulate faults: the provider of the played customer's brand refuses, is slow, or repeats itself."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.utils.functional import Promise

from comms.channels.difficulty import SETTINGS, difficulty_of
from comms.models import Channel
from comms.phone.customers import PROVIDER, PhoneCustomer


class DifficultyQuestion(NamedTuple):
    """A select of the page: name, label, value and choices."""

    name: str
    label: "str | Promise"
    value: str
    choices: "tuple[tuple[str, str | Promise], ...]"


def questions(who: PhoneCustomer) -> list[DifficultyQuestion]:
    """Return the selects with their current values."""
    channel = _embedded_channels(who).first()
    return [
        DifficultyQuestion(each.name, each.label, difficulty_of(channel, each) if channel else "", each.choices)
        for each in SETTINGS
    ]


def set_difficulty(who: PhoneCustomer, given: Mapping[str, str]) -> None:
    """Set a fault for all built-in channels of the brand; an invalid value means none."""
    wanted = {each.name: given.get(each.name, "") for each in SETTINGS}
    wanted = {each.name: wanted[each.name] if wanted[each.name] in dict(each.choices) else "" for each in SETTINGS}
    for channel in _embedded_channels(who):
        channel.edit(by=None, settings=channel.settings | wanted)


def _embedded_channels(who: PhoneCustomer) -> Any:
    return Channel.objects.in_use().of_brands().filter(provider=PROVIDER, brand=who.brand).order_by("pk")
