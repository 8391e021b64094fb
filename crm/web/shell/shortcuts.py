"""The keys: which does what. The help dialog lists them from here, and keys.js reads the help dialog: they can't drift.

Single keys work outside fields only, and a member may switch them off (WCAG 2.1.4).
"""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ANYWHERE, IN_A_LIST = _("Anywhere"), _("In a list")


class Shortcut(NamedTuple):
    """One key, or two one after the other ("g l"). `act`: what keys.js does; empty for keys it leaves to others."""

    position: int
    keys: str
    act: str
    label: str | Promise
    group: str | Promise = IN_A_LIST


_shortcuts: list[Shortcut] = []


def register(*shortcuts: Shortcut) -> None:
    """Add keys. Registering one again changes nothing; a key or an act has one meaning."""
    for one in shortcuts:
        if one in _shortcuts:
            continue
        if any(one.keys == other.keys or (one.act and one.act == other.act) for other in _shortcuts):
            raise ValueError(f"the key {one.keys!r} or its act {one.act!r} is taken")
        _shortcuts.append(one)
    _shortcuts.sort(key=lambda one: one.position)


def shortcuts() -> list[tuple[str, list[Shortcut]]]:
    """(group, its keys), in order."""
    grouped: dict[str, list[Shortcut]] = {}
    for one in _shortcuts:
        grouped.setdefault(str(one.group), []).append(one)
    return list(grouped.items())


def keys_of(act: str) -> list[str]:
    """The keys to press for an act, one after the other; none for an act without."""
    return next((one.keys.split() for one in _shortcuts if one.act == act), [])


register(
    Shortcut(10, "⌘K", "", _("Search, or anything to do"), ANYWHERE),
    Shortcut(11, "/", "palette", _("The same, with one key"), ANYWHERE),
    Shortcut(12, "?", "help", _("These keys"), ANYWHERE),
    Shortcut(50, "j", "row-next", _("Next row")),
    Shortcut(51, "k", "row-previous", _("Previous row")),
    Shortcut(52, "o", "row-open", _("Open the row, as Enter does")),
    Shortcut(53, "x", "pick", _("Select the row")),
    Shortcut(60, "n", "new", _("New, of what the page lists")),
)
