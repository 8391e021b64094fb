"""Keyboard shortcuts. The help dialog lists them, and keys.js reads that dialog, so both always agree.

Single keys work outside fields only, and a member may switch them off (WCAG 2.1.4).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.platform import features
from crm.platform.features import Feature
from crm.platform.models import Member
from crm.web.shell import navigation
from crm.web.shell.navigation import FrameLink, NavigationPage

ANYWHERE = _("Anywhere")
IN_A_LIST = _("In a list")


@dataclass(frozen=True, kw_only=True)
class Shortcut(Feature):
    """One key, or a sequence of two ("g l"). `act`: the action in keys.js; empty for keys handled elsewhere."""

    unique: ClassVar[tuple[str, ...]] = ("keystroke", "act")
    order_list = "shortcuts"
    order_field = "keystroke"

    keys: str
    act: str
    label: str | Promise
    group: str | Promise = IN_A_LIST
    # The id of what must be on the page for it; there it goes before the same key's meaning everywhere else.
    within: str = ""

    @property
    def keystroke(self) -> str:
        """The keys, and the context in which they apply."""
        if self.within:
            return f"{self.keys} within {self.within}"
        return self.keys

    def check(self) -> Iterator[str]:
        pages = {going_to(page.name) for page in features.of(NavigationPage)}
        pages |= {going_to(link.name) for link in features.of(FrameLink)}
        if self.act.startswith(_GO) and self.act not in pages:
            yield f"the navigation has no page for {self.act!r}"


_GO = "go:"


def going_to(page: str) -> str:
    """Return the action of a key that opens a page of the navigation."""
    return _GO + navigation.dashed_name(page)


def keyed_pages(member: Member) -> list[str]:
    """Return the URL names of pages with a shortcut that the member may open."""
    keyed = {one.act for one in features.of(Shortcut) if one.act.startswith(_GO)}
    names = [page.name for page in navigation.pages_of(member)]
    names += [link.name for link in navigation.links_of(member)]
    return [name for name in names if going_to(name) in keyed]


def shortcut_groups() -> list[tuple[str, list[Shortcut]]]:
    """Return (group, its keys), in order."""
    grouped: dict[str, list[Shortcut]] = {}
    for one in features.of(Shortcut):
        grouped.setdefault(str(one.group), []).append(one)
    return list(grouped.items())


def keys_of(act: str) -> list[str]:
    """Return the keys of an action, in sequence; none if it has no shortcut."""
    return next((one.keys.split() for one in features.of(Shortcut) if one.act == act), [])
