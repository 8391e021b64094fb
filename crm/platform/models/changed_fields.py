"""Setting the fields of a row that differ, which is what every `edit` begins with."""

from typing import Any


def set_fields(row: Any, values: dict[str, Any]) -> list[str]:
    """Set the values that differ from the row's own, and return their names in order of the alphabet. Saves nothing."""
    changed = sorted(name for name, value in values.items() if getattr(row, name) != value)
    for name in changed:
        setattr(row, name, values[name])
    return changed
