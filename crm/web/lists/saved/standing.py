"""Permissions and order of saved views. Cached, so that tabs need no query."""

from collections import defaultdict

from crm.platform.access.permissions import allows
from crm.platform.models import Member
from crm.platform.models.tenant import configuration_changed
from crm.platform.organization.configuration import cached_per_tenant, directory
from crm.web.models import SavedView, SharedWith

SHARE = "lists.share_views"


@cached_per_tenant
def _live() -> dict[str, list[SavedView]]:
    """Cache of the active views, by list key."""
    found: dict[str, list[SavedView]] = defaultdict(list)
    for view in SavedView.objects.filter(archived_at__isnull=True).order_by("position", "pk"):
        found[view.list_key].append(view)
    return dict(found)


def views_of(key: str, member: Member) -> list[SavedView]:
    """Return the views of a list this member may see, in tab order: standard, own, shared by others."""
    seen = [view for view in _live().get(key, ()) if is_seen_by(view, member)]
    return sorted(seen, key=lambda view: (not is_standard_for(view, member), view.owner_id != member.pk))


def is_standard_for(view: SavedView, member: Member) -> bool:
    """True if it is a standard view for this member."""
    return member.role in view.standard_for


def is_seen_by(view: SavedView, member: Member) -> bool:
    """True if it is the member's own, or shared with them."""
    if view.owner_id == member.pk or view.shared == SharedWith.EVERYONE or is_standard_for(view, member):
        return True
    return view.shared == SharedWith.TEAM and (view.team_id, member.pk) in directory().places


def may_change(view: SavedView, member: Member) -> bool:
    """True if the member may edit it: as its owner, and for shared views with the permission to share."""
    shared = view.shared != SharedWith.NOBODY or bool(view.standard_for)
    return view.owner_id == member.pk or (shared and allows(member, SHARE))


def may_move(view: SavedView, member: Member) -> bool:
    """True if the member may move it: standard views with the permission to share, others as their owner."""
    if is_standard_for(view, member):
        return allows(member, SHARE)
    return view.owner_id == member.pk


def move(view: SavedView, *, up: bool, by: Member) -> None:
    """Swap the view with its neighbour in its group of tabs. Does nothing at the end of the group."""
    standard = is_standard_for(view, by)
    seen = views_of(view.list_key, by)
    order = [other.pk for other in seen if may_move(other, by) and is_standard_for(other, by) == standard]
    at = order.index(view.pk)
    if up:
        to = at - 1
    else:
        to = at + 1
    if not 0 <= to < len(order):
        return
    order[at], order[to] = order[to], order[at]
    for position, pk in enumerate(order):
        SavedView.objects.filter(pk=pk).update(position=position)
    configuration_changed()
