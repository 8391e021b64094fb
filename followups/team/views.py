"""The team page: hours of each member and working day against the hours they have, and the plan to move work."""

from datetime import timedelta

from django.http import HttpResponse, QueryDict
from django.shortcuts import render

from crm.kernel import clock
from crm.kernel.days import read_day
from crm.platform.models import Member, Team
from crm.platform.organization.configuration import directory
from crm.web.lists.conditions.choices import NOBODY
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from followups.filters import SEE_ALL
from followups.follow_up_list import FOLLOW_UPS
from followups.layouts.head import layout_tabs
from followups.models import FollowUp
from followups.team.page import TeamPage, hours
from followups.team.plan_panel import plan_context, spread_context
from followups.team.plan_spread import SpreadWish
from followups.workload.day_load import team_loads, unowned_load, working_days


@require(SEE_ALL)
def team(request: TenantRequest) -> HttpResponse:
    """Show the team's hours from the day of the URL, by default today.

    `open`: the member whose work is listed, `on` which of the days; `team`: only its members.
    """
    return render_team(request, build_page(request, request.GET))


def build_page(request: TenantRequest, fields: QueryDict) -> TeamPage:
    """Return the page for the values of its address."""
    reader = Reader.of(request.member, clock.now())
    first = max(read_day(fields.get("day", "")) or reader.today, reader.today)
    chosen = _chosen_team(fields.get("team", ""))
    rows = FollowUp.objects.visible_to(request.member)
    loads = team_loads(working_days(first), reader.zone, rows, among=_members_among(chosen))
    address = {name: fields.get(name, "")[:40] for name in ("team", "open", "on")}
    if first != reader.today:
        address["day"] = first.isoformat()
    return TeamPage(request, reader, loads, address)


def render_team(
    request: TenantRequest, page: TeamPage, wish: SpreadWish | None = None, error: str = "", status: int = 200
) -> HttpResponse:
    """Render the page, with its plan if it has one. `wish`: the values of the controls of a spread."""
    reader = page.reader
    days = [one.day for one in page.loads[0].days] if page.loads else working_days(reader.today)
    unowned_count, unowned_minutes = unowned_load(FollowUp.objects.visible_to(request.member))
    context = {
        "layout_tabs": layout_tabs(request, FOLLOW_UPS.filters()),
        "layout": "team",
        "columns": page.columns(days),
        "lines": page.lines(),
        "panel": page.panel(),
        "plan": plan_context(page),
        "spread": spread_context(page, wish or SpreadWish()),
        "error": error,
        "teams": _teams(),
        "team": _chosen_team(page.shown.get("team", "")),
        "kept": [(name, value) for name, value in page.shown.items() if value and name in ("day", "open")],
        "all_url": page.address(team=""),
        "unowned": {"count": unowned_count, "hours": hours(unowned_minutes), "view": f"?who={NOBODY}"},
        "list_url": page.list_url,
        "now_url": page.address(day="", on=""),
        "later": page.address(day=str(days[-1] + timedelta(days=1)), on=""),
        "is_now": not page.shown.get("day"),
        "here": page.address(),
        "zone_name": reader.zone.key,
    }
    return render(request, "followups/team/team.html", context, status=status)


def _teams() -> list[Team]:
    return [one for one in directory().teams.values() if one.archived_at is None]


def _chosen_team(uid: str) -> Team | None:
    return next((one for one in _teams() if str(one.uid) == uid), None)


def _members_among(chosen: Team | None) -> list[Member] | None:
    if chosen is None:
        return None
    return directory().members_of(chosen)
