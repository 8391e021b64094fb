"""Template variables: registered by the app that has their value, offered in the editor, checked on saving.

`TemplateVariable("job.value", …)` in an app's `features.py`; its function gets a `Subject` and returns a text or a
number, None or "" where there is none. Only those a template asks for are called.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import override

from crm.jobs.models import Job
from crm.people.models import Person
from crm.platform import features
from crm.platform.features import Feature
from crm.platform.models import Brand, Member

LONGEST = 500
_NAME = re.compile(r"[a-z]{1,20}\.[a-z_]{1,30}")
_MARKS = re.compile("[\ue000-\ue004\0]")


@dataclass(frozen=True)
class TemplateSubject:
    """The recipient and record of a message, with the language and time zone of its text."""

    brand: Brand
    language: str
    now: datetime
    zone: ZoneInfo
    person: Person | None = None
    job: Job | None = None
    sender: Member | None = None
    # What a caller knows better than any function, by the variable's name: {"quote.link": "https://…"}.
    given: dict[str, Any] = field(default_factory=dict)
    # Where it goes, as far as that is settled: a link of a message is its recipient's.
    address: str = ""


@dataclass(frozen=True, kw_only=True)
class TemplateVariable(Feature):
    """A value available in templates. `example` is used without a record."""

    unique: ClassVar[tuple[str, ...]] = ("name",)
    order_list = "template_variables"

    name: str
    words: str | Promise
    example: str | Promise
    value: Callable[[TemplateSubject], object]
    # What stands where there is no value and something must (WhatsApp's placeholders). Elsewhere the sentence goes on
    # without it, and the message is complete. Blank: a message without the value is not sent.
    neutral: str | Promise = ""

    def check(self) -> Iterator[str]:
        if not _NAME.fullmatch(self.name):
            yield "its name is not of the form customer.first_name"


@features.cached_index
def by_name() -> dict[str, TemplateVariable]:
    """Return all variables by name, in order."""
    return {one.name: one for one in features.of(TemplateVariable)}


@features.cached_index
def variable_names() -> frozenset[str]:
    """Return the names usable in templates."""
    return frozenset(by_name())


def values_of(subject: TemplateSubject, names: Iterable[str]) -> dict[str, Any]:
    """Return the values of these variables, nested by the dots in their names.

    What is empty is left out; of a variable with a neutral word it is an empty text.
    """
    nested: dict[str, Any] = {}
    for name in names:
        variable = by_name().get(name)
        if name in subject.given:
            value = subject.given[name]
        elif variable:
            value = variable.value(subject)
        else:
            value = None
        _set_nested(nested, name, value)
        if variable and variable.neutral:
            of, _dot, rest = name.partition(".")
            nested.setdefault(of, {}).setdefault(rest, "")
    return nested


def neutral_words(values: dict[str, Any], language: str) -> dict[str, Any]:
    """Return these values with the neutral word for each empty one, in a language."""
    with override(language):
        filled = {of: dict(rest) for of, rest in values.items()}
        for name, variable in by_name().items():
            of, _dot, rest = name.partition(".")
            if variable.neutral and filled.get(of, {}).get(rest) == "":
                filled[of][rest] = str(variable.neutral)
    return filled


def examples() -> dict[str, Any]:
    """Return the examples of all variables, nested."""
    nested: dict[str, Any] = {}
    for variable in by_name().values():
        _set_nested(nested, variable.name, str(variable.example))
    return nested


def _set_nested(nested: dict[str, Any], name: str, value: object) -> None:
    if value is None or value in ("", []):
        return
    of, _dot, rest = name.partition(".")
    tidy = value if isinstance(value, int | list) else _MARKS.sub("", str(value)).strip()[:LONGEST]
    if tidy != "":
        nested.setdefault(of, {})[rest] = tidy


def variable_label(name: str) -> str:
    """Return a variable's label; its name if it doesn't exist."""
    variable = by_name().get(name)
    if variable:
        return str(variable.words)
    return name
