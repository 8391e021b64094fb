"""AssistantHelper: a helper that may ask a language model, an entry of `features.py`.

A helper works without a model. `build` and `accept` are for the one that is set up:

    AssistantHelper(name="labels", label=_("Labels"), note=_("…"), build=label_request, accept=store_labels)
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.functional import Promise

from assistant.calls.prompt import BuiltPrompt
from assistant.calls.request import ModelRequest
from assistant.models import AssistantCall
from crm.platform import features
from crm.platform.features import Feature


@dataclass(frozen=True)
class AnsweredCall:
    """A call with its answer, which follows the schema; `built` maps the numbers of texts to their sources."""

    call: AssistantCall
    request: ModelRequest
    built: BuiltPrompt
    answer: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class AssistantHelper(Feature):
    """A helper: its name in the settings and in the log, and what it asks of a model."""

    unique: ClassVar[tuple[str, ...]] = ("name",)

    name: str
    label: str | Promise
    note: str | Promise
    # Returns what is asked for a call's record; None if there is nothing to ask. Inside the tenant.
    build: Callable[[AssistantCall], ModelRequest | None]
    # Stores what can be used of a valid answer, and returns the CallVerdict. Raises InvalidAnswer. Inside the tenant.
    accept: Callable[[AnsweredCall], str]
    # Not among the choices of the settings page.
    is_internal: bool = False


def helpers() -> tuple[AssistantHelper, ...]:
    """Return all helpers, in the order of the settings page."""
    return features.of(AssistantHelper)


def helper_named(name: str) -> AssistantHelper | None:
    """Return a helper by name."""
    return next((helper for helper in helpers() if helper.name == name), None)
