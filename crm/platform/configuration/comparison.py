"""The difference between two readings of a configuration: by section, entry and field."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

Entries = Mapping[str, Mapping[str, Any]]


class EntryChangeKind(StrEnum):
    """What happens to an entry. KEPT: it is here, not in the file, and stays."""

    ADDED = "added"
    CHANGED = "changed"
    MOVED = "moved"
    REMOVED = "removed"
    KEPT = "kept"


@dataclass(frozen=True)
class FieldChange:
    """A field with its value before and after, both plain; None for none. `path`: "steps › Quote sent › phase"."""

    path: str
    before: Any
    after: Any


@dataclass(frozen=True)
class EntryChange:
    """An entry that differs. `name` is blank for a section that is one set of values."""

    name: str
    kind: EntryChangeKind
    fields: tuple[FieldChange, ...] = ()


@dataclass(frozen=True)
class SectionChanges:
    """The differences of a section, and how many entries are the same."""

    name: str
    label: str
    entries: tuple[EntryChange, ...] = field(default=())
    unchanged: int = 0

    @property
    def changes_something(self) -> bool:
        """True unless all differences are entries that stay."""
        return any(entry.kind != EntryChangeKind.KEPT for entry in self.entries)

    def count(self, kind: str) -> int:
        """Return the number of entries with this kind of change."""
        return sum(entry.kind == kind for entry in self.entries)


def compare_entries(before: Entries, after: Entries, given: frozenset[str]) -> tuple[tuple[EntryChange, ...], int]:
    """Return what changed between two readings of a section, and the number of unchanged entries.

    `given`: the names in the file, casefolded; entries outside it that are in both readings are KEPT.
    """
    changes = []
    unchanged = 0
    for name, values in after.items():
        if name not in before:
            added = tuple(FieldChange(path, None, value) for path, value in flatten_values(values))
            changes.append(EntryChange(name, EntryChangeKind.ADDED, added))
        elif fields := compare_values(before[name], values):
            changes.append(EntryChange(name, EntryChangeKind.CHANGED, fields))
        elif name.casefold() not in given:
            changes.append(EntryChange(name, EntryChangeKind.KEPT))
        else:
            unchanged += 1
    changes += [EntryChange(name, EntryChangeKind.REMOVED) for name in before if name not in after]
    return tuple(changes), unchanged


def compare_values(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[FieldChange, ...]:
    """Return the fields of an entry that differ, nested ones by their path."""
    old = dict(flatten_values(before))
    new = dict(flatten_values(after))
    paths = [*new, *(path for path in old if path not in new)]
    return tuple(change for path in paths for change in _compare_field(path, old.get(path), new.get(path)))


def _compare_field(path: str, before: Any, after: Any) -> Iterator[FieldChange]:
    """Yield the change of a field. Of lists of mappings: only the ones that differ, by their place from 1."""
    if before == after:
        return
    if not (_is_table(before) and _is_table(after)):
        yield FieldChange(path, before, after)
        return
    old = [one for one in before if one not in after]
    new = [one for one in after if one not in before]
    if not old and not new:
        # Another order, or one more of the same.
        yield FieldChange(path, before, after)
    elif len(old) == len(new):
        for was, now in zip(old, new, strict=True):
            place = after.index(now) + 1
            for change in compare_values(was, now):
                yield FieldChange(f"{path} › {place} › {change.path}", change.before, change.after)
    else:
        yield FieldChange(path, old, new)


def _is_table(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, Mapping) for one in value)


def flatten_values(values: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    """Yield nested values with their paths; a list is one value."""
    for name, value in values.items():
        path = f"{above} › {name}" if above else str(name)
        if isinstance(value, Mapping) and value:
            yield from flatten_values(value, path)
        else:
            yield path, value
