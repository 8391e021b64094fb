"""The tabs of the lead list: the views everybody has, then the saved ones; and which of them the page is."""

from dataclasses import dataclass
from typing import NamedTuple

from django.http import QueryDict
from django.utils.translation import gettext as _

from crm.jobs.list.choices import ME, NOBODY
from crm.jobs.list.columns import columns_of
from crm.jobs.list.conditions import Clause
from crm.jobs.list.filters import Filters, visible
from crm.jobs.list.saved_views import is_standard_for, may_change, views_of
from crm.jobs.models.queryset import JobQuerySet
from crm.platform.access.permissions import allows
from crm.platform.models import Member
from leads.models import SavedView

# Saved views among the tabs, each with its count; the others stand on the page of views.
MOST_TABS = 10
# Rotting, apart from ageing in a step (L9): no word either way, no move, and nothing planned that is still to come.
# System writes reset none of these.
_LONG = "14"
QUIET = Filters(
    level="open",
    where=(
        (Clause("entered", "older", _LONG),),
        (Clause("touched", "older", _LONG),),
        (Clause("next", "is", "missing"), Clause("next", "is", "overdue")),
    ),
)


class View(NamedTuple):
    """A view everybody has: a name and its filters. Just a link."""

    key: str
    name: str
    css: str
    filters: Filters


def views(member: Member) -> list[View]:
    """The views everybody has. A manager's are about everybody, a rep's about the own leads."""
    all_of_it = allows(member, "leads.see_all")
    tabs = [View("mine", _("My leads"), "", Filters(rep=ME if all_of_it else ""))]
    if all_of_it:
        tabs.insert(0, View("all", _("All leads"), "", Filters()))
    return [
        *tabs,
        View("none", _("No status"), "none", Filters(level="none")),
        View("over", _("Late"), "crit", Filters(level="over")),
        View("wrote", _("They wrote, we haven’t answered"), "", Filters(waiting="1")),
        View("hole", _("No next step"), "", Filters(next="missing")),
        View("quiet", _("Gone quiet"), "", QUIET),
        View("unclaimed", _("Unclaimed"), "", Filters(rep=NOBODY)),
    ]


class Tab(NamedTuple):
    """A tab as the page shows it."""

    key: str
    name: str
    css: str
    url: str
    is_current: bool


@dataclass(frozen=True)
class Tabs:
    """The tabs of one page, and the saved view it was opened from."""

    shown: list[Tab]
    opened: SavedView | None
    # The page shows something else than the view it was opened from.
    is_changed: bool
    may_update: bool
    # There are saved views: a way to their page makes sense.
    has_saved: bool

    @classmethod
    def of(cls, filters: Filters, member: Member) -> "Tabs":
        """The tabs of a page with these filters. The standard ones of a role stand in front."""
        saved = views_of(member)
        opened = next((view for view in saved if str(view.uid) == filters.view), None)
        near = _near(saved, opened)
        standard = [_saved_tab(view, opened) for view in near if is_standard_for(view, member)]
        others = [_saved_tab(view, opened) for view in near if not is_standard_for(view, member)]
        common = [
            Tab(view.key, view.name, view.css, view.filters.query(), opened is None and view.filters == filters)
            for view in views(member)
        ]
        changed = opened is not None and _differs(opened, filters, member)
        may_update = changed and opened is not None and may_change(opened, member)
        return cls([*standard, *common, *others], opened, changed, may_update, bool(saved))


def counted(member: Member) -> dict[str, JobQuerySet]:
    """What the numbers of the tabs count. A view that searches for a text has none: it would cost a search each."""
    found = {f"tab-{view.key}": view.filters for view in views(member)}
    for view in _near(views_of(member), None):
        filters = Filters.read(QueryDict(view.query), member)
        if not filters.q:
            found[f"tab-{view.uid}"] = filters
    return {key: filters.apply(visible(member), member) for key, filters in found.items()}


def address(view: SavedView) -> str:
    """The query string a saved view opens: all of it, so that the address says what is seen."""
    parts = [view.query, f"columns={view.columns}" if view.columns else "", f"view={view.uid}"]
    return "?" + "&".join(filter(None, parts))


def _near(saved: list[SavedView], opened: SavedView | None) -> list[SavedView]:
    near = saved[:MOST_TABS]
    return near if opened is None or opened in near else [*near, opened]


def _saved_tab(view: SavedView, opened: SavedView | None) -> Tab:
    return Tab(str(view.uid), view.name, "", address(view), opened is not None and view.pk == opened.pk)


def _differs(view: SavedView, filters: Filters, member: Member) -> bool:
    stored = Filters.read(QueryDict(view.query), member)
    return stored != filters or columns_of(view.columns, member) != columns_of(filters.columns, member)
