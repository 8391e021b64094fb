"""The plan of the team page: add a move, spread a member's work, and save it. Nothing is written before that."""

from datetime import date, timedelta
from http import HTTPStatus
from urllib.parse import urlsplit
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.kernel import clock
from crm.kernel.refusal import Refused, Stale
from crm.platform.organization.configuration import directory
from crm.web.actions.row_action import safe_next
from crm.web.lists.conditions.choices import NOBODY
from crm.web.reader import Reader
from crm.web.requests.form_version import stale_message
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from followups.filters import SEE_ALL
from followups.models import FollowUp
from followups.planning.new_follow_up import chosen_member
from followups.team.moves import move_choices, read_move
from followups.team.page import TeamPage, hours_words
from followups.team.plan import PlannedMove, TeamPlan, loads_after, read_moves
from followups.team.plan_saving import SavedPlan, save_plan
from followups.team.plan_spread import SpreadWish, members_of_wish, read_wish, spread_work
from followups.team.views import build_page, render_team
from followups.time_choices import parse_form_time
from followups.views.follow_up_action import follow_up_page, get_follow_up
from followups.workload.day_load import team_loads, working_days


@require(SEE_ALL)
def rebalance(request: TenantRequest, uid: UUID) -> HttpResponse:
    """POST: add the move of a follow-up to the plan, to the `day` and `member`, or to both as `to`.

    With `do=menu`: its menu, which counts with the plan. GET: the page of the follow-up.
    """
    follow_up = get_follow_up(request, uid)
    if request.method != "POST":
        return follow_up_page(request, follow_up)
    if request.POST.get("do") == "menu":
        return _render_menu(request, follow_up)
    return _add_move(request, follow_up)


@require("followups.work")
def _add_move(request: TenantRequest, follow_up: FollowUp) -> HttpResponse:
    page = _page_of_form(request)
    plan = TeamPlan(read_moves(request.POST.getlist("move"), request.member))
    error = ""
    status = HTTPStatus.OK
    try:
        follow_up.expect_version(request.POST.get("version", ""))
        if not follow_up.is_open:
            raise Stale(follow_up, stale_message())
        plan.add(_read_move(request, follow_up, page.reader))
    except Stale:
        error = stale_message()
        status = HTTPStatus.CONFLICT
    except Refused as why:
        error = str(why)
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    page.show_plan(plan)
    return render_team(request, page, error=error, status=status)


@require(SEE_ALL)
def team_plan(request: TenantRequest) -> HttpResponse:
    """POST: spread the opened member's work, show the moves that are ticked, or save them. GET: the page without."""
    if request.method != "POST":
        return redirect("followups:team", request.tenant.slug)
    return _act_on_plan(request)


@require("followups.work")
def _act_on_plan(request: TenantRequest) -> HttpResponse:
    page = _page_of_form(request)
    plan = TeamPlan(read_moves(request.POST.getlist("move"), request.member))
    if request.POST.get("do") == "save" and plan.moves:
        return _save(request, page, plan)
    wish = SpreadWish()
    error = ""
    status = HTTPStatus.OK
    if request.POST.get("do") == "spread" and page.opened:
        try:
            wish = read_wish(request.POST)
            members = members_of_wish(wish, page.opened.member, [one.member for one in page.loads])
            plan = spread_work(page.shown_work(), members, wish, page.reader)
        except Refused as why:
            error = str(why)
            status = HTTPStatus.UNPROCESSABLE_ENTITY
    page.show_plan(plan)
    return render_team(request, page, wish, error, status)


def _save(request: TenantRequest, page: TeamPage, plan: TeamPlan) -> HttpResponse:
    saved = save_plan(plan.moves, by=request.member)
    undo_url = ""
    if saved.change.pk:
        undo_url = reverse("undo", args=[request.tenant.slug, saved.change.uid])
    level = messages.SUCCESS
    if not saved.moved:
        level = messages.WARNING
    messages.add_message(request, level, _saved_sentence(saved), extra_tags=undo_url)
    return redirect(page.address())


def _saved_sentence(saved: SavedPlan) -> str:
    sentences = [ngettext("Moved %(count)s follow-up.", "Moved %(count)s follow-ups.", saved.moved)]
    sentences[0] %= {"count": saved.moved}
    if saved.stale:
        words = ngettext(
            "%(count)s was changed by somebody in the meantime and stays.",
            "%(count)s were changed by somebody in the meantime and stay.",
            saved.stale,
        )
        sentences.append(words % {"count": saved.stale})
    if saved.past:
        words = ngettext(
            "%(count)s stays: its new time would have passed.",
            "%(count)s stay: their new time would have passed.",
            saved.past,
        )
        sentences.append(words % {"count": saved.past})
    return " ".join(sentences)


def _page_of_form(request: TenantRequest) -> TeamPage:
    """Return the page that a form was on, by its address in `next`."""
    return build_page(request, QueryDict(urlsplit(safe_next(request)).query))


def _read_move(request: TenantRequest, follow_up: FollowUp, reader: Reader) -> PlannedMove:
    """Return the move of the form: at its own time of day; today at one that is still to come.

    Raises Refused for a time that has passed, or without a member.
    """
    day, member_uid = _read_place(request)
    wall_clock = request.POST.get("clock", "")
    if not wall_clock and follow_up.due_at:
        wall_clock = follow_up.due_at.astimezone(reader.zone).strftime("%H:%M")
    at = parse_form_time(day, wall_clock, reader.zone)
    member = chosen_member(member_uid)
    if member is None:
        raise Refused(_("Choose a colleague."))
    is_moved_in_time = day != _local_day(follow_up, reader)
    if is_moved_in_time and (at is None or at <= reader.now):
        raise Refused(_("Choose a day and time in the future."))
    if not is_moved_in_time or at is None:
        at = follow_up.sort_at
    return PlannedMove(follow_up, follow_up.version, member, at)


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


def _render_menu(request: TenantRequest, follow_up: FollowUp) -> HttpResponse:
    """Render the menu of a follow-up; without scripts, its page has the same actions."""
    reader = Reader.of(request.member, clock.now())
    days = working_days(reader.today)
    loads = team_loads(days, reader.zone, FollowUp.objects.visible_to(request.member))
    moves = read_moves(request.POST.getlist("move"), request.member)
    after = loads_after(loads, moves, reader.zone)
    for own in loads:
        own.days = [after[own.member.pk, one.day] for one in own.days]
    own_day = _local_day(follow_up, reader)
    owner = directory().members.get(follow_up.assignee_id or 0)
    minutes = follow_up.minutes
    choices = move_choices(loads, follow_up.assignee_id, own_day, minutes, first=_first_day(follow_up, reader))
    own_page = f"{reverse('followups:team', args=[request.tenant.slug])}?open={owner.uid if owner else NOBODY}"
    context = {
        "follow_up": follow_up,
        "choices": [
            (one.value, reader.date(one.day), one.member.name, hours_words(one.planned, one.capacity))
            for one in choices
        ],
        "days": [(day.isoformat(), reader.date(day)) for day in days],
        "own_day": own_day,
        "members": [(load.member, hours_words(load.planned, load.capacity)) for load in loads],
        "moves": [move.value for move in moves],
        "next": safe_next(request) or own_page,
    }
    return render(request, "followups/team/_menu.html", context)
