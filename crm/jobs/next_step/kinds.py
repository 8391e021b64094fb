"""The kinds of next steps a tenant has of its own, told from above: the job keeps a code, lists show icon and name.

`followups` registers what it knows from `AppConfig.ready()`.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple


class StepKind(NamedTuple):
    """How a kind is shown; the name is asked for when it is shown, for each reader has a language."""

    name: Callable[[], str]
    icon: str


@dataclass(frozen=True)
class StepKinds:
    """The kinds of the tenant in use by code, the names that a text may call its own ones by, and the hidden ones."""

    kinds: Mapping[str, StepKind]
    words: Mapping[str, str]
    hidden: frozenset[str]


_told: list[Callable[[], StepKinds]] = []


def register(told: Callable[[], StepKinds]) -> None:
    """What the kinds of the tenant in use are; the one app that has them says so."""
    _told[:] = [told]


def step_kinds() -> StepKinds:
    """The kinds of the tenant in use."""
    return _told[0]() if _told else StepKinds({}, {}, frozenset())


def called(text: str, words: Mapping[str, str]) -> re.Match[str] | None:
    """Where a text says one of these names, the longest of them, as words of their own and in any case."""
    for name in sorted(words, key=len, reverse=True):
        if found := re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE):
            return found
    return None


def code_of(found: re.Match[str], words: Mapping[str, str]) -> str:
    """Whose name was found."""
    return next(code for name, code in words.items() if name.casefold() == found[0].casefold())
