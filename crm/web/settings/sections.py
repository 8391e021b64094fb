"""The settings of a tenant, built from the `Section` entries of all apps. Members see those they may open.

A section's page extends `settings.html`, the frame with the list at its side; the index shows all of them. Sections
that belong together are one entry of the list: the first, with the others as tabs of its page (`tab_of`).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from django import forms
from django.urls import reverse
from django.utils.functional import Promise

from crm.platform import features
from crm.platform.access import permissions
from crm.platform.features import Feature
from crm.platform.models import Member
from crm.web.design.icons import missing_icon
from crm.web.requests.tenant_urls import missing_address, path_below

# Whoever may open a section may open the index.
INDEX_PERMISSION = "settings.view"
# More headings than these and nobody reads them.
MOST_GROUPS = 8


@dataclass(frozen=True)
class SectionGroup(Feature):
    """A heading of the settings menu."""

    unique: ClassVar[tuple[str, ...]] = ("name",)

    name: str
    label: str | Promise

    def check(self) -> Iterator[str]:
        if len(features.of(SectionGroup)) > MOST_GROUPS:
            yield f"the settings have more than {MOST_GROUPS} groups"


@dataclass(frozen=True, kw_only=True)
class Section(Feature):
    """A page of the settings; `name` is its URL name."""

    unique: ClassVar[tuple[str, ...]] = ("name",)
    order_list = "settings"

    group: str
    name: str
    permission: str
    icon: str
    label: str | Promise
    # One sentence for the index: what is set here.
    note: str | Promise
    # One sentence: the pages, messages and clocks that follow from what is set here.
    affects: str | Promise
    # What people call it otherwise; the search finds it by these words.
    words: str | Promise = ""
    # The section that has this one as a tab of its page; "" for an entry of its own.
    tab_of: str = ""
    # Its own fields, for the search: its form, and its template if it is no `SettingsPage`.
    form: type[forms.BaseForm] | None = None
    template: str = ""
    # The templates and forms of the pages below it.
    below: tuple[str | type[forms.BaseForm], ...] = ()
    # How much waits there, shown beside its name.
    count: Callable[[], int] | None = None

    def check(self) -> Iterator[str]:
        if self.group not in {group.name for group in features.of(SectionGroup)}:
            yield f"the settings have no group {self.group!r}"
        if not str(self.affects).strip():
            yield "it doesn't say what it affects"
        first = _sections_by_name().get(self.tab_of)
        if self.tab_of and (first is None or first.tab_of or first.group != self.group):
            yield f"it can't be a tab of {self.tab_of!r}: no section of its own in the same group"
        yield from permissions.missing_permission(self.permission)
        yield from missing_address(self.name, "a-tenant")
        yield from missing_icon(self.icon)
        matrix = permissions.permission_matrix()
        if not matrix.get(self.permission, frozenset()) <= matrix[INDEX_PERMISSION]:
            yield f"not everybody with {self.permission!r} may open the settings ({INDEX_PERMISSION!r})"


class SectionTab(NamedTuple):
    """A page among the tabs of one menu entry."""

    label: str
    url: str
    current: bool
    waiting: int


class SectionEntry(NamedTuple):
    """An entry of the menu, for one member on one page, with its tabs if it has several pages."""

    label: str
    note: str
    icon: str
    url: str
    current: bool
    waiting: int
    tabs: list[SectionTab]


class SectionMenuGroup(NamedTuple):
    """Sections under one heading."""

    label: str
    entries: list[SectionEntry]


class SectionIntro(NamedTuple):
    """The text below the title of a settings page and, on the section's own page, its tabs."""

    note: str
    affects: str
    tabs: list[SectionTab]


def section_at(slug: str, path: str) -> Section | None:
    """Return the section a path belongs to; None if there is none. Its page may be among an app's own pages."""
    below = path.partition(f"/{slug}/")[2]
    above = [place for place in _sections_by_path() if below.startswith(place)]
    if above:
        return _sections_by_path()[max(above, key=len)]
    return None


@features.cached_index
def _sections_by_path() -> dict[str, Section]:
    return {path_below(section.name): section for section in features.of(Section)}


@features.cached_index
def _sections_by_name() -> dict[str, Section]:
    return {section.name: section for section in features.of(Section)}


def allowed_sections(member: Member) -> list[Section]:
    """Return the sections the member may open, in order."""
    return [section for section in features.of(Section) if permissions.allows(member, section.permission)]


def section_groups(member: Member, slug: str, path: str) -> list[SectionMenuGroup]:
    """Return the sections the member may open, by group. The section of `path` is marked as current."""
    current = section_at(slug, path)
    families: dict[str, list[Section]] = {}
    for section in allowed_sections(member):
        families.setdefault(section.tab_of or section.name, []).append(section)
    entries: dict[str, list[SectionEntry]] = {group.name: [] for group in features.of(SectionGroup)}
    for name, family in families.items():
        family.sort(key=lambda section: section.name != name)
        entries[family[0].group].append(_build_entry(family, slug, current))
    return [
        SectionMenuGroup(str(group.label), entries[group.name])
        for group in features.of(SectionGroup)
        if entries[group.name]
    ]


def section_intro(member: Member, slug: str, path: str) -> SectionIntro | None:
    """Return the content below the title of the page at `path`; None outside the settings."""
    section = section_at(slug, path)
    if section is None:
        return None
    family = [one for one in allowed_sections(member) if (section.tab_of or section.name) in (one.name, one.tab_of)]
    family.sort(key=lambda one: one.tab_of != "")
    has_tabs = len(family) > 1 and path == reverse(section.name, args=[slug])
    return SectionIntro(str(section.note), str(section.affects), _build_tabs(family, slug, section) if has_tabs else [])


def _build_entry(family: list[Section], slug: str, current: Section | None) -> SectionEntry:
    first = family[0]
    tabs = _build_tabs(family, slug, current)
    return SectionEntry(
        label=str(first.label),
        note=str(first.note),
        icon=first.icon,
        url=tabs[0].url,
        current=any(tab.current for tab in tabs),
        waiting=sum(tab.waiting for tab in tabs),
        tabs=tabs,
    )


def _build_tabs(family: list[Section], slug: str, current: Section | None) -> list[SectionTab]:
    tabs = []
    for section in family:
        waiting = 0
        if section.count:
            waiting = section.count()
        tabs.append(SectionTab(str(section.label), reverse(section.name, args=[slug]), section is current, waiting))
    return tabs
