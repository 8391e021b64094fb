"""CustomerTexts: the app that writes to customers says which texts a type of appointment may choose."""

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
    """A library of texts. `choices`: those for a moment as keys and names, "" first for the one all types share."""

    unique: ClassVar[tuple[str, ...]] = ("name",)

    name: str
    choices: Callable[[str], Choices]


def text_choices(moment: str, chosen: str = "") -> Choices:
    """Return the texts to choose from for a moment; one that was `chosen` and is gone stands by its key."""
    choices = [choice for entry in features.of(CustomerTexts) for choice in entry.choices(moment)]
    if chosen and chosen not in dict(choices):
        choices.append((chosen, chosen))
    return choices
