"""The tabs of the lead list: the views everybody has."""

from typing import NamedTuple

from django.utils.translation import gettext as _

from crm.platform.access import allows
from crm.platform.models import Member
from leads.choices import ME, NOBODY
from leads.filters import Filters


class View(NamedTuple):
    """A view as a tab: a name and its filters. Just a link."""

    key: str
    name: str
    css: str
    filters: Filters


def views(member: Member) -> list[View]:
    """The tabs. A manager's are about everybody, a rep's about the own leads."""
    all_of_it = allows(member, "leads.see_all")
    tabs = [View("mine", _("My leads"), "", Filters(rep=ME if all_of_it else ""))]
    if all_of_it:
        tabs.insert(0, View("all", _("All leads"), "", Filters()))
    return [
        *tabs,
        View("none", _("No status"), "none", Filters(level="none")),
        View("over", _("Late"), "crit", Filters(level="over")),
        View("wrote", _("They wrote, we haven’t answered"), "", Filters(waiting="1")),
        View("unclaimed", _("Unclaimed"), "", Filters(rep=NOBODY)),
    ]
