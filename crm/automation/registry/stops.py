"""StopSignal: an event that ends a waiting run, such as the customer's answer or a change of step."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

from django.utils.functional import Promise

from crm.automation.registry.records import missing_record
from crm.automation.registry.triggers import about_subject
from crm.platform import features
from crm.platform.features import Feature
from crm.platform.models import Event


def no_siblings(record_ids: Collection[int]) -> Mapping[int, set[int]]:
    """Return no siblings: the event applies to its own record only."""
    return {}


@dataclass(frozen=True, kw_only=True)
class StopSignal(Feature):
    """An event that can end a wait."""

    unique: ClassVar[tuple[str, ...]] = ("name",)
    order_list = "stop_signals"

    name: str
    record: str
    # What follows "stop if": "the customer answers".
    label: str | Promise
    events: tuple[str, ...]
    about: Callable[[Event], int | None] = about_subject
    # Other records whose events count for a record too, by its id: the further jobs of a customer. Symmetric.
    siblings: Callable[[Collection[int]], Mapping[int, set[int]]] = no_siblings
    # Whether an event is one of those meant.
    heeds: Callable[[Event], bool] = lambda event: True

    def related_ids(self, record_id: int) -> set[int]:
        """Return the ids of all records to which an event about this record applies."""
        return {record_id, *self.siblings([record_id]).get(record_id, ())}

    def check(self) -> Iterator[str]:
        yield from missing_record(self.record)
        if not self.events:
            yield "it names no event"


@features.cached_index
def _by_name() -> dict[str, StopSignal]:
    return {entry.name: entry for entry in features.of(StopSignal)}


def stop_signal(name: str) -> StopSignal | None:
    """Return a signal by name; None if no app adds it any more."""
    return _by_name().get(name)


def stop_signals_of(record: str) -> list[StopSignal]:
    """Return the signals that can end a wait of rules about a kind of record."""
    return [entry for entry in features.of(StopSignal) if entry.record == record]


def stop_signals() -> list[StopSignal]:
    """Return all signals by record kind."""
    return list(features.of(StopSignal))
