"""The kinds of next steps: the job keeps a code; lists and timelines show its icon and name.

Usual ones are here; an app that lets a tenant have its own adds them by a `StepKindSource` entry.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import ClassVar, NamedTuple

from django.utils.translation import gettext_lazy

from crm.platform import features
from crm.platform.features import Feature
from crm.platform.organization.configuration import cached_per_tenant


class StepKind(NamedTuple):
    """Icon and name of a kind; the name is looked up when shown, in the reader's language."""

    name: Callable[[], str]
    icon: str


@dataclass(frozen=True)
class StepKinds:
    """The tenant's live kinds by code, the names that match its own kinds in a text, and the hidden ones."""

    kinds: Mapping[str, StepKind]
    words: Mapping[str, str]
    hidden: frozenset[str]


@dataclass(frozen=True)
class StepKindSource(Feature):
    """A provider of kinds of next steps: called inside the tenant, cached until its configuration changes."""

    unique: ClassVar[tuple[str, ...]] = ("read",)

    read: Callable[[], StepKinds]


# What a usual next step without words of its own is called, within a sentence; and its icon.
_USUAL = {
    "call": (gettext_lazy("call"), "phone"),
    "email": (gettext_lazy("email"), "mail"),
    "text": (gettext_lazy("text message"), "message-square-more"),
    "whatsapp": (gettext_lazy("WhatsApp"), "message-circle-more"),
    "visit": (gettext_lazy("visit"), "calendar"),
    "meeting": (gettext_lazy("meeting"), "calendar"),
    "quote": (gettext_lazy("quote"), "file-text"),
}


def usual_kinds() -> StepKinds:
    """Return the built-in kinds every tenant has."""
    kinds = {code: StepKind(partial(str, name), icon) for code, (name, icon) in _USUAL.items()}
    return StepKinds(kinds, words={}, hidden=frozenset())


@cached_per_tenant
def step_kinds() -> StepKinds:
    """Return the tenant's live kinds from all sources; of two with the same code, the lower app's."""
    sources = [source.read() for source in reversed(features.of(StepKindSource))]
    return StepKinds(
        {code: kind for kinds in sources for code, kind in kinds.kinds.items()},
        {word: code for kinds in sources for word, code in kinds.words.items()},
        frozenset(code for kinds in sources for code in kinds.hidden),
    )


def step_name(code: str) -> str:
    """Return a kind's name as used within a sentence; the code itself if it is unknown."""
    kind = step_kinds().kinds.get(code)
    if kind:
        return kind.name()
    return code


def match_name(text: str, words: Mapping[str, str]) -> re.Match[str] | None:
    """Match one of these names in a text, longest first, as whole words and case-insensitively."""
    for name in sorted(words, key=len, reverse=True):
        if match := re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE):
            return match
    return None


def code_of(found: re.Match[str], words: Mapping[str, str]) -> str:
    """Return the code of the matched name."""
    return next(code for name, code in words.items() if name.casefold() == found[0].casefold())
