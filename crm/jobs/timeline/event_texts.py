"""EventTexts: what an upper app's events say below their line in a timeline, such as the words of a note."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from crm.platform import features
from crm.platform.features import Feature
from crm.platform.models import Event


@dataclass(frozen=True)
class EventTexts(Feature):
    """The texts of events of these kinds, by the id of the event; read for many at once."""

    kinds: tuple[str, ...]
    read: Callable[[Sequence[Event]], Mapping[int, str]]

    def __str__(self) -> str:
        return f"EventTexts {self.read.__name__!r}"


def read_event_texts(events: Sequence[Event]) -> dict[int, str]:
    """Return the texts of those events that have one, by their id."""
    texts: dict[int, str] = {}
    for source in features.of(EventTexts):
        own = [event for event in events if event.kind in source.kinds]
        if own:
            texts |= source.read(own)
    return texts
