"""Fields of the data of public events: how a value that is stored is shown, configuration by its name."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from crm.jobs.models import Priority
from crm.jobs.pipelines.setup import pipeline_setup
from crm.platform.organization.configuration import directory


@dataclass(frozen=True)
class EventField:
    """A field of an event's data. `key`: what it is called in the data that is stored. `kind`: a word for its type."""

    name: str
    key: str
    kind: str
    words: str
    read: Callable[[Any], Any]

    def value_of(self, data: dict[str, Any]) -> Any:
        """Return the value as it is shown; None if the event has none."""
        value = data.get(self.key)
        if value is None or value == "":
            return None
        return self.read(value)


def code(name: str, words: str, *, key: str = "") -> EventField:
    """Return a field of a fixed word, such as a kind or a state."""
    return EventField(name, key or name, "text", words, str)


def amount(name: str, words: str = "In minor units of the currency.") -> EventField:
    """Return a field of an amount."""
    return EventField(name, name, "integer", words, int)


def number(name: str, words: str) -> EventField:
    """Return a field of a whole number."""
    return EventField(name, name, "integer", words, int)


def flag(name: str, words: str, *, key: str = "") -> EventField:
    """Return a field that is true or false."""
    return EventField(name, key or name, "boolean", words, bool)


def moment(name: str, words: str, *, key: str = "") -> EventField:
    """Return a field of a time."""
    return EventField(name, key or name, "date-time", words, str)


def stage(name: str, words: str) -> EventField:
    """Return a field of a step, by its name."""
    return EventField(name, name, "text", words, _stage_name)


def member(name: str, words: str) -> EventField:
    """Return a field of a member, by id."""
    return EventField(name, name, "uuid", words, _member_uid)


def priority(name: str, words: str) -> EventField:
    """Return a field of a priority: urgent, high, normal or low."""
    return EventField(name, name, "text", words, _priority_name)


def _stage_name(pk: Any) -> str | None:
    row = pipeline_setup().stages.get(pk)
    if row is None:
        return None
    return row.name


def _member_uid(pk: Any) -> str | None:
    row = directory().members.get(pk)
    if row is None:
        return None
    return str(row.uid)


def _priority_name(value: Any) -> str | None:
    if value in Priority.values:
        return Priority(value).name.lower()
    return None


CURRENCY = code("currency", "ISO 4217.")
MONEY = (amount("amount"), CURRENCY)
