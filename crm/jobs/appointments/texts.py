"""CustomerTexts: hook for the messaging app to list the texts that an appointment type may use."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from crm.platform import features
from crm.platform.features import Feature

# What customers are told of an appointment; a type has a text of its own for each (`<moment>_template`).
MOMENTS = ("confirmation", "reminder", "moved", "cancelled")
Choices = list[tuple[str, str]]


@dataclass(frozen=True)
class CustomerTexts(Feature):
    """A library of texts. `choices`: keys and names of the texts for a moment; key "" is the shared default."""

    unique: ClassVar[tuple[str, ...]] = ("name",)

    name: str
    choices: Callable[[str], Choices]


def text_choices(moment: str, chosen: str = "") -> Choices:
    """Return the texts to choose from for a moment; a `chosen` text that no longer exists is listed by its key."""
    choices = [choice for entry in features.of(CustomerTexts) for choice in entry.choices(moment)]
    if chosen and chosen not in dict(choices):
        choices.append((chosen, chosen))
    return choices
