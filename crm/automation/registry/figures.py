"""HeadFigure: a number at the head of the page of triggers, an entry of the app that knows it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from crm.platform import features
from crm.platform.features import Feature


@dataclass(frozen=True)
class HeadFigure(Feature):
    """What triggers did since an instant, in words each: "412 messages sent"."""

    unique: ClassVar[tuple[str, ...]] = ("name",)

    position: int
    name: str
    words: Callable[[datetime], list[str]]


def head_figures(since: datetime) -> list[str]:
    """Return what the apps above know, in order."""
    entries = sorted(features.of(HeadFigure), key=lambda entry: (entry.position, entry.name))
    return [words for entry in entries for words in entry.words(since)]
