"""The team page: hours of each member and working day against the hours they have, and moving work between them."""

from datetime import date, timedelta
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.kernel import clock
from crm.kernel.days import read_day
from crm.kernel.refusal import Refused
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
from followups.planning.new_follow_up import chosen_member
from followups.team.moves import move_choices, read_move
from followups.team.page import TeamPage, hours, hours_words
from followups.time_choices import parse_form_time
from followups.views.follow_up_action import action, follow_up_page, get_follow_up
from followups.workload.day_load import team_loads, unowned_load, working_days


@require(SEE_ALL)
def team(request: TenantRequest) -> HttpResponse:
    """Show the team's hours from the day of the URL, by default today.

    `open`: the member whose work is listed, `on` which of the days; `team`: only its members.
    """
    reader = Reader.of(request.member, clock.now())
    first = max(read_day(request.GET.get("day", "")) or reader.today, reader.today)
    days = working_days(first)
    rows = FollowUp.objects.visible_to(request.member)
    teams = [one for one in directory().teams.values() if one.archived_at is None]
    chosen = next((one for one in teams if str(one.uid) == request.GET.get("team", "")), None)
    loads = team_loads(days, reader.zone, rows, among=_members_among(chosen))
    address = {name: request.GET.get(name, "")[:40] for name in ("team", "open", "on")}
    if first != reader.today:
        address["day"] = first.isoformat()
    page = TeamPage(request, reader, loads, address)
    unowned_count, unowned_minutes = unowned_load(rows)
    context = {
        "layout_tabs": layout_tabs(request, FOLLOW_UPS.filters()),
        "layout": "team",
        "columns": page.columns(days),
        "lines": page.lines(),
        "panel": page.panel(),
        "teams": teams,
        "team": chosen,
        "kept": [(name, value) for name, value in address.items() if value and name in ("day", "open")],
        "all_url": page.address(team=""),
        "unowned": {"count": unowned_count, "hours": hours(unowned_minutes), "view": f"?who={NOBODY}"},
        "list_url": page.list_url,
        "now_url": page.address(day="", on=""),
        "later": page.address(day=str(days[-1] + timedelta(days=1)), on=""),
        "is_now": first == reader.today,
        "here": request.get_full_path(),
        "zone_name": reader.zone.key,
    }
    return render(request, "followups/team/team.html", context)


def _members_among(chosen: Team | None) -> list[Member] | None:
    if chosen is None:
        return None
    return directory().members_of(chosen)


@require(SEE_ALL)
def rebalance(request: TenantRequest, uid: UUID) -> HttpResponse:
    """GET: the menu of a follow-up. POST: move it to the `day` and `member`, or to both as `to`.

    What changes decides by which action that is recorded.
    """
    follow_up = get_follow_up(request, uid)
    if request.method != "POST":
        return _render_menu(request, follow_up)
    day, member_uid = _read_place(request)
    member = chosen_member(member_uid)
    own_day = _local_day(follow_up, Reader.of(request.member, clock.now()))
    if member is None or member.pk == follow_up.assignee_id:
        return _change_day(request, uid=uid)
    if day != own_day:
        return _change_both(request, uid=uid)
    return _change_member(request, uid=uid)


def _read_place(request: TenantRequest) -> tuple[str, str]:
    """Return the day and the member of the form: those of a button, or of the fields."""
    if to := request.POST.get("to", ""):
        return read_move(to)
    return request.POST.get("day", ""), request.POST.get("member", "")


def _local_day(follow_up: FollowUp, reader: Reader) -> str:
    """Return the reader's day on which it is due; "" without a date."""
    if follow_up.due_at is None:
        return ""
    return follow_up.due_at.astimezone(reader.zone).date().isoformat()


def _first_day(follow_up: FollowUp, reader: Reader) -> date:
    """Return the first day on which its time of day is still to come."""
    local = (follow_up.due_at or reader.now).astimezone(reader.zone).time()
    if local > reader.now.astimezone(reader.zone).time():
        return reader.today
    return reader.today + timedelta(days=1)


@action("followup.rescheduled")
def _change_day(request: TenantRequest, follow_up: FollowUp) -> str:
    return _move_day(request, follow_up)


@action("followup.assigned")
def _change_member(request: TenantRequest, follow_up: FollowUp) -> str:
    return _give_to(request, follow_up)


@action("followup.moved")
def _change_both(request: TenantRequest, follow_up: FollowUp) -> str:
    return f"{_move_day(request, follow_up)} {_give_to(request, follow_up)}"


def _move_day(request: TenantRequest, follow_up: FollowUp) -> str:
    """Move it to the day of the form, at its own time of day; today at one that is still to come."""
    reader = Reader.of(request.member, clock.now())
    day, _member = _read_place(request)
    wall_clock = request.POST.get("clock", "")
    if not wall_clock and follow_up.due_at:
        wall_clock = follow_up.due_at.astimezone(reader.zone).strftime("%H:%M")
    at = parse_form_time(day, wall_clock, reader.zone)
    if at is None or at <= reader.now:
        raise Refused(_("Choose a day and time in the future."))
    follow_up.reschedule(at, by=request.member)
    return _("Moved to %(moment)s.") % {"moment": reader.moment(at)}


def _give_to(request: TenantRequest, follow_up: FollowUp) -> str:
    _day, member_uid = _read_place(request)
    member = chosen_member(member_uid)
    if member is None:
        raise Refused(_("Choose a colleague."))
    follow_up.assign_to(member, by=request.member)
    return _("Assigned to %(name)s.") % {"name": member.name}


def _render_menu(request: TenantRequest, follow_up: FollowUp) -> HttpResponse:
    """Render the menu of a follow-up; without scripts, its page has the same actions."""
    if not request.htmx:
        return follow_up_page(request, follow_up)
    reader = Reader.of(request.member, clock.now())
    days = working_days(reader.today)
    loads = team_loads(days, reader.zone, FollowUp.objects.visible_to(request.member))
    own_day = _local_day(follow_up, reader)
    owner = directory().members.get(follow_up.assignee_id or 0)
    minutes = follow_up.minutes
    choices = move_choices(loads, follow_up.assignee_id, own_day, minutes, first=_first_day(follow_up, reader))
    own_page = f"{reverse('followups:team', args=[request.tenant.slug])}?open={owner.uid if owner else NOBODY}"
    shown_page = request.htmx.current_url_abs_path or own_page
    context = {
        "follow_up": follow_up,
        "choices": [
            (one.value, reader.date(one.day), one.member.name, hours_words(one.planned, one.capacity))
            for one in choices
        ],
        "days": [(day.isoformat(), reader.date(day)) for day in days],
        "own_day": own_day,
        "members": [(load.member, hours_words(load.planned, load.capacity)) for load in loads],
        "next": shown_page,
    }
    return render(request, "followups/team/_menu.html", context)
