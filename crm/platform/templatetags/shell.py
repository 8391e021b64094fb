"""The frame's navigation: pages that exist and that this member may see, in order."""

from typing import Any, NamedTuple

from django import template
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.platform import access

register = template.Library()


class Entry(NamedTuple):
    """A page in the navigation."""

    name: str
    label: str
    icon: str
    url: str
    current: bool


# (URL name, permission, icon, label); each issue adds its pages.
PAGES = (
    ("leads:list", "leads.view", "chart-no-axes-gantt", _("Leads")),
    ("leads:search", "leads.view", "search", _("Search")),
    ("access_log", "access_log.view", "eye", _("Access log")),
    ("parked", "work.replay", "list-checks", _("Parked work")),
)


@register.simple_tag(takes_context=True)
def navigation(context: template.Context) -> list[Entry]:
    """The entries for the member of this request; the one of the present page or its section is current."""
    request: Any = context["request"]
    entries = []
    for name, permission, icon, label in PAGES:
        if access.allows(request.member, permission):
            url = reverse(name, args=[request.tenant.slug])
            current = request.path == url or (name == "leads:list" and _within(request.path, url))
            entries.append(Entry(name.replace(":", "-"), str(label), icon, url, current))
    return entries


def _within(path: str, section: str) -> bool:
    return path.startswith(section) and path.removeprefix(section).split("/")[0].isdigit()
