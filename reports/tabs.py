"""The pages of the reports, which each of them shows as tabs: those a member may open."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.platform.access.permissions import allows
from crm.platform.models import Member
from crm.web.requests.url_cache import address


class Tab(NamedTuple):
    """A page among the reports: its address by name, the permission it asks, and what the tab says."""

    name: str
    permission: str
    label: Promise


# A page of another app stands here by its address; its own template knows nothing of the reports.
TABS = (
    Tab("reports:home", "reports.home", _("Home")),
    Tab("reports:dashboard", "reports.view", _("Dashboard")),
    Tab("reports:work", "reports.work", _("Work")),
    Tab("reports:past", "reports.past", _("A past day")),
    Tab("reports:mailed", "reports.mail", _("By mail")),
    Tab("leads:sources", "sources.view", _("Sources")),
    Tab("tickets:figures", "tickets.view", _("Conversations")),
    Tab("updates:satisfaction", "updates.figures", _("How content they are")),
    Tab("jobs:quality", "jobs.quality", _("Data quality")),
)


class Shown(NamedTuple):
    """A tab as a member sees it on one page."""

    url: str
    label: str
    is_current: bool


def tabs_of(member: Member, slug: str, path: str) -> list[Shown]:
    """Return the tabs a member may open; the one of the page at `path` is marked."""
    found = [(address(tab.name, slug), str(tab.label)) for tab in TABS if allows(member, tab.permission)]
    return [Shown(url, label, url == path) for url, label in found]
