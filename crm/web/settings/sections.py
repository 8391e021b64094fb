"""The settings of a tenant: each app adds its sections from `AppConfig.ready()`; a member sees those it may open.

A section's page extends `settings.html`, the frame with the list at its side; the index shows all of them.
"""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.platform.access import permissions
from crm.platform.models import Member
from crm.web.requests.url_cache import address

# Whoever may open a section may open the index.
INDEX_PERMISSION = "settings.view"
GROUPS: dict[str, str | Promise] = {
    "line": _("The line"),
    "people": _("People"),
    "organization": _("Organization"),
    "operation": _("Security and operation"),
}


class Section(NamedTuple):
    """A page of the settings. `position` orders it within its group; `name` is its address, by name."""

    group: str
    position: int
    name: str
    permission: str
    icon: str
    label: str | Promise
    # One sentence for the index: what is set here.
    note: str | Promise


class Entry(NamedTuple):
    """A section as one member sees it on one page."""

    label: str
    note: str
    icon: str
    url: str
    current: bool


class Group(NamedTuple):
    """Sections under one heading."""

    label: str
    entries: list[Entry]


_sections: list[Section] = []


def register(section: Section) -> None:
    """Add a section, whose permission is registered before. Registering it again changes nothing."""
    if section.group not in GROUPS:
        raise ValueError(f"the settings have no group {section.group}")
    note = _("The page that leads to the parts below, as far as they may.")
    permissions.widen(
        INDEX_PERMISSION, permissions.matrix()[section.permission], "settings", _("Open the settings"), note
    )
    if section not in _sections:
        _sections.append(section)
        _sections.sort(key=lambda one: (list(GROUPS).index(one.group), one.position))


def groups(member: Member, slug: str, path: str) -> list[Group]:
    """The sections the member may open, by group; the one `path` is on, or below, is current."""
    made: dict[str, list[Entry]] = {}
    for section in _sections:
        if permissions.allows(member, section.permission):
            url = address(section.name, slug)
            entry = Entry(str(section.label), str(section.note), section.icon, url, path.startswith(url))
            made.setdefault(section.group, []).append(entry)
    return [Group(str(GROUPS[group]), entries) for group, entries in made.items()]
