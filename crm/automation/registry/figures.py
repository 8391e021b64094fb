"""HeadFigure, RuleFigure: results of all triggers, or of one, added by the apps that count them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from crm.platform import features
from crm.platform.features import Feature


@dataclass(frozen=True)
class HeadFigure(Feature):
    """Results of all triggers since an instant, as texts: "412 messages sent"."""

    unique: ClassVar[tuple[str, ...]] = ("name",)

    name: str
    words: Callable[[datetime], list[str]]


def head_figures(since: datetime) -> list[str]:
    """Return the registered figures, in order."""
    return [words for entry in features.of(HeadFigure) for words in entry.words(since)]


@dataclass(frozen=True)
class RuleFigure(Feature):
    """Results of triggers since an instant, as sentences by rule id: "12 of 40 were answered"."""

    unique: ClassVar[tuple[str, ...]] = ("name",)

    name: str
    words: Callable[[int, datetime], list[str]]


def rule_figures(rule_id: int, since: datetime) -> list[str]:
    """Return the registered figures of triggers, in order."""
    return [words for entry in features.of(RuleFigure) for words in entry.words(rule_id, since)]
