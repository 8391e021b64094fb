"""Follow-ups done in time, by member, in the days of the dashboard."""

from collections.abc import Collection

from crm.kernel.days import DayRange
from crm.platform.access.permissions import allows
from crm.web.lists.conditions.choices import ME
from crm.web.lists.conditions.clause import Clause
from followups.filters import ALL, ON_TIME, SEE_ALL, FollowUpFilters
from followups.follow_up_list import FOLLOW_UPS
from followups.tiles import OnTime, on_time_by_member
from reports.dashboard.scope import Linked, Scope


def follow_ups_of(scope: Scope) -> str | None:
    """Return whose follow-ups a dashboard is about, as the list names them; "" for the viewer's own.

    None for a dashboard of some leads, as of a brand, as follow-ups are not filtered by that.
    """
    if set(scope.filters.values) - {"rep"} or not allows(scope.member, FOLLOW_UPS.permission):
        return None
    rep = scope.filters.get("rep")
    if scope.is_own or rep == ME:
        return ""
    if not allows(scope.member, SEE_ALL):
        return None
    return rep or ALL


def read_on_time_shares(scope: Scope, member_ids: Collection[int | None]) -> dict[int, OnTime]:
    """Read the shares of the members whose follow-ups the viewer may list. One statement."""
    listed = {pk for pk in member_ids if pk and (pk == scope.member.pk or allows(scope.member, SEE_ALL))}
    return on_time_by_member(listed, *scope.days.instants(scope.reader.zone))


def link_on_time_share(scope: Scope, share: OnTime, who: str) -> Linked:
    """Return the share as a number that opens the list of those done in time; a dash where none was done."""
    if share.percent is None:
        return Linked("–")
    url = ""
    if who and share.in_time:
        url = _on_time_url(scope, scope.days, who)
    return Linked(share.percent_text, share.in_time, url)


def _on_time_url(scope: Scope, days: DayRange, who: str) -> str:
    done = FollowUpFilters.known()["done"]
    since, before = Clause(done, "since", str(days.first)), Clause(done, "before", str(days.after))
    filters = FOLLOW_UPS.filters(who=who, timing=ON_TIME, where=((since,), (before,)))
    return FOLLOW_UPS.url("list", scope.slug) + filters.query()
