"""HeadFigure, RuleFigure: what triggers, or one of them, brought about; entries of the apps that know it."""

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

    name: str
    words: Callable[[datetime], list[str]]


def head_figures(since: datetime) -> list[str]:
    """Return what the apps above know, in order."""
    return [words for entry in features.of(HeadFigure) for words in entry.words(since)]


@dataclass(frozen=True)
class RuleFigure(Feature):
    """What one trigger brought about since an instant, in sentences, by its id: "12 of 40 were answered"."""

    unique: ClassVar[tuple[str, ...]] = ("name",)

    name: str
    words: Callable[[int, datetime], list[str]]


def rule_figures(rule_id: int, since: datetime) -> list[str]:
    """Return what the apps above know of one trigger, in order."""
    return [words for entry in features.of(RuleFigure) for words in entry.words(rule_id, since)]
