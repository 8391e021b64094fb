"""The settings of a tenant, made of every app's `Section` entries; a member sees those it may open.

A section's page extends `settings.html`, the frame with the list at its side; the index shows all of them.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from django.utils.functional import Promise

from crm.platform import features
from crm.platform.access import permissions
from crm.platform.features import Feature
from crm.platform.models import Member
from crm.web.design.icons import missing_icon
from crm.web.requests.url_cache import address, addresses, missing_address

# Whoever may open a section may open the index.
INDEX_PERMISSION = "settings.view"


@dataclass(frozen=True)
class SectionGroup(Feature):
    """A heading of the settings menu."""

    unique: ClassVar[tuple[str, ...]] = ("name",)

    position: int
    name: str
    label: str | Promise


@dataclass(frozen=True)
class Section(Feature):
    """A page of the settings. `position` orders it within its group; `name` is its URL name."""

    unique: ClassVar[tuple[str, ...]] = ("name",)

    group: str
    position: int
    name: str
    permission: str
    icon: str
    label: str | Promise
    # One sentence for the index: what is set here.
    note: str | Promise
    # How much waits there, shown beside its name.
    count: Callable[[], int] | None = None

    def check(self) -> Iterator[str]:
        if self.group not in {group.name for group in features.of(SectionGroup)}:
            yield f"the settings have no group {self.group!r}"
        yield from permissions.missing_permission(self.permission)
        yield from missing_address(self.name, "a-tenant")
        yield from missing_icon(self.icon)
        matrix = permissions.matrix()
        if not matrix.get(self.permission, frozenset()) <= matrix[INDEX_PERMISSION]:
            yield f"not everybody with {self.permission!r} may open the settings ({INDEX_PERMISSION!r})"


class Entry(NamedTuple):
    """A section in the menu, for one member on one page."""

    label: str
    note: str
    icon: str
    url: str
    current: bool
    waiting: int


class Group(NamedTuple):
    """Sections under one heading."""

    label: str
    entries: list[Entry]


def section_at(slug: str, path: str) -> str:
    """Return the address of the section a path is on or below; "" for none. It may stand among an app's own pages."""
    return max((url for url in addresses(_names(), slug) if path.startswith(url)), key=len, default="")


@features.derived
def _names() -> tuple[str, ...]:
    return tuple(section.name for section in features.of(Section))


def groups(member: Member, slug: str, path: str) -> list[Group]:
    """Return the sections the member may open, by group; the one `path` is on, or below, is current."""
    made: dict[str, list[Entry]] = {group.name: [] for group in features.of(SectionGroup)}
    for section in features.of(Section):
        if permissions.allows(member, section.permission):
            url = address(section.name, slug)
            waiting = section.count() if section.count else 0
            entry = Entry(str(section.label), str(section.note), section.icon, url, path.startswith(url), waiting)
            made[section.group].append(entry)
    return [Group(str(group.label), made[group.name]) for group in features.of(SectionGroup) if made[group.name]]
