"""The board: follow-ups as cards by status. A card is moved by drag and drop, or by its menu."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest, is_fragment
from crm.web.requests.permissions import View, require
from followups.filters import LATE
from followups.follow_up_list import FOLLOW_UPS
from followups.layouts.board import build_cards, read_board
from followups.layouts.head import page_context
from followups.models import FollowUp, FollowUpStatus
from followups.rows import FollowUpRowBuilder
from followups.tiles import count_tiles
from followups.time_choices import Bounds, list_time_chips
from followups.views import verbs
from followups.views.follow_up_action import action, follow_up_page, get_follow_up


@require("followups.view")
def board(request: TenantRequest) -> HttpResponse:
    """Show the board, or only its parts for htmx."""
    member = request.member
    reader = Reader.of(member, clock.now())
    bounds = Bounds.of(reader)
    filters = FOLLOW_UPS.read(request.GET, member)
    columns = read_board(filters, member, reader.now)
    follow_ups = [follow_up for column in columns for follow_up in column.follow_ups]
    build_cards(columns, FollowUpRowBuilder(request, reader, follow_ups, in_list=False))
    ahead = [row.sort_at for row in follow_ups if row.is_open and row.sort_at > reader.now]
    context = {
        **page_context(request, filters, count_tiles(filters, member, reader), "board"),
        "content": "followups/_board.html",
        "columns": columns,
        "is_empty": not follow_ups,
        "crossing": min([*ahead, bounds.day_end]).isoformat(),
    }
    template = "followups/list.html"
    if is_fragment(request):
        template = "followups/_refresh.html"
    return render(request, template, context)


@require("followups.work")
def move(request: TenantRequest, uid: UUID) -> HttpResponse:
    """GET: the menu of a card. POST: move it to the column `phase`, by that status' own action."""
    if request.method != "POST":
        return _render_menu(request, get_follow_up(request, uid))
    moves: dict[str, View] = {
        "pending": _plan_again,
        "in_progress": _take_up,
        LATE: _refuse_missed,
        "completed": verbs.complete,
        "cancelled": _call_off,
    }
    wanted = request.POST.get("phase", "")
    if wanted not in moves:
        return _refuse_unknown(request, uid=uid)
    return moves[wanted](request, uid=uid)


def _render_menu(request: TenantRequest, follow_up: FollowUp) -> HttpResponse:
    """Render the menu of a card; without scripts, the follow-up's page has the same actions."""
    if not request.htmx:
        return follow_up_page(request, follow_up)
    reader = Reader.of(request.member, clock.now())
    context = {
        "row": FollowUpRowBuilder(request, reader, [follow_up], in_list=False).row(follow_up),
        "is_overdue": follow_up.is_overdue(reader.now),
        "chips": list_time_chips(reader),
        "today": reader.today.isoformat(),
    }
    return render(request, "followups/_move_menu.html", context)


@action()
def _plan_again(request: TenantRequest, follow_up: FollowUp) -> str:
    """Put it back among the planned ones: reopen a closed one, stop one that was started."""
    if not follow_up.is_open:
        follow_up.reopen(by=request.member)
        return _("Reopened.")
    if follow_up.is_overdue(clock.now()):
        raise Refused(_("Its time has passed. Give it a new time to plan it again."))
    follow_up.stop(by=request.member)
    return _("Planned again.")


@action()
def _take_up(request: TenantRequest, follow_up: FollowUp) -> str:
    """Start it; a closed one is reopened first."""
    if not follow_up.is_open:
        follow_up.reopen(by=request.member)
    follow_up.start(by=request.member)
    if follow_up.is_overdue(clock.now()):
        return _("In progress. It stays under Missed until it is done or has a new time.")
    return _("In progress.")


@action("followup.cancelled")
def _call_off(request: TenantRequest, follow_up: FollowUp) -> str:
    """Cancel it, unless it is done."""
    if follow_up.status == FollowUpStatus.COMPLETED:
        raise Refused(_("It is done. Reopen it first."))
    follow_up.cancel(by=request.member)
    return _("Cancelled.")


@action()
def _refuse_missed(request: TenantRequest, follow_up: FollowUp) -> str:
    """Refuse, as only the passing of its time makes a follow-up missed. Rule: docs/rules.md#k8."""
    raise Refused(_("A follow-up is missed when its time has passed. It can’t be moved there."))


@action()
def _refuse_unknown(request: TenantRequest, follow_up: FollowUp) -> str:
    raise Refused(_("Choose a column."))
