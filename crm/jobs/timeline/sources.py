"""TimelineSource: entries that an upper app adds to a person's timeline, such as messages."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from crm.jobs.timeline.timeline import TimelineEntry
from crm.people.models import Person
from crm.platform import features
from crm.platform.features import Feature
from crm.platform.models import Member
from crm.web.reader import Reader


@dataclass(frozen=True)
class TimelineSource(Feature):
    """The newest entries of a person's timeline that the member may see, each with its job."""

    entries: Callable[[Person, Member, Reader], list[TimelineEntry]]
    # Kinds of events that stand there as these entries.
    instead_of: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"TimelineSource {self.entries.__name__!r}"


def entries_of(person: Person, member: Member, reader: Reader) -> Iterator[TimelineEntry]:
    """Return the entries of all upper apps."""
    for source in features.of(TimelineSource):
        yield from source.entries(person, member, reader)


def replaced_kinds() -> set[str]:
    """Return the event kinds that upper apps show as separate entries."""
    return {kind for source in features.of(TimelineSource) for kind in source.instead_of}
