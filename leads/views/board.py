"""The board: the list's leads as cards by phase. A card is moved by drag and drop, or by its menu.

Both answer with the board as it is then, wherever the card really is.
"""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.jobs.list.board_cards import CardMaker
from crm.jobs.list.board_columns import read_columns
from crm.jobs.list.rows import next_crossing
from crm.jobs.models import Job
from crm.jobs.pipelines.setup import pipeline_setup
from crm.jobs.views.exit import move_on
from crm.jobs.views.job_action import action
from crm.jobs.views.move import while_open
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.access.permissions import allows
from crm.web.lists.conditions.query import Filters
from crm.web.lists.page import frame
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest, is_fragment, page_query
from crm.web.requests.permissions import require
from leads.lead_list import LEADS
from leads.views.list import may, nothing


@require("jobs.view")
def board(request: TenantRequest) -> HttpResponse:
    """Show the board, or only its columns for htmx."""
    # Its columns have the list's own order, whatever the list was sorted by.
    filters = LEADS.read(request.GET, request.member).changed(sort="")
    context = _columns_context(request, filters)
    only_columns = is_fragment(request)
    if not only_columns:
        context |= frame(request, LEADS, filters, layout="board")
    return render(request, "leads/board.html" + ("#columns" if only_columns else ""), context)


def _columns_context(request: TenantRequest, filters: Filters) -> dict[str, Any]:
    member = request.member
    now = clock.now()
    kept = LEADS.apply(filters, member)
    columns = read_columns(kept, filters, narrowed=LEADS.narrows(filters, member))
    with_owner = allows(member, "jobs.see_all") and not filters.get("rep")
    may_move = allows(member, "jobs.move")
    maker = CardMaker(request.tenant.slug, Reader.of(member, now), with_owner=with_owner, may_move=may_move)
    for column in columns:
        column.cards = maker.cards(column.jobs)
    shown_columns = []
    if any(column.jobs for column in columns):
        shown_columns = ["board", *(["lane"] if columns[0].cards else [])]
    crossing = next_crossing([job for column in columns for job in column.jobs], now)
    url = reverse("leads:board", args=[request.tenant.slug]) + filters.query()
    return {
        "filters": filters,
        "lane": columns[0],
        "columns": columns[1:],
        "first_url": filters.query(),
        "shown": "+".join(shown_columns),
        "list_url": reverse("leads:list", args=[request.tenant.slug]),
        "here": url,
        "crossing": crossing.isoformat() if crossing else "",
        **may(member),
        **({} if shown_columns else nothing(filters, member, request.tenant.slug)),
    }


@action("job.moved")
def board_move(request: TenantRequest, job: Job) -> str:
    """Move a card to a `phase`: to the first step of that phase in the card's pipeline."""
    phases = {str(at): pk for pk, at in pipeline_setup().places.items()}
    at = request.POST.get("phase", "")
    if at not in phases:
        raise Refused(_("Choose a phase."))
    while_open(job, request)
    if str(pipeline_setup().phase_of(job.stage_id)) == at:
        return _("%(title)s is there already.") % {"title": job.title}
    stage = pipeline_setup().entry(job.pipeline_id, int(at))
    if stage is None:
        words = _("%(title)s: “%(pipeline)s” has no step there.")
        raise Refused(words % {"title": job.title, "pipeline": pipeline_setup().pipelines[job.pipeline_id].name})
    move_on(request, job, stage)
    return _("%(title)s: moved to %(step)s.") % {"title": job.title, "step": stage.name}


def fresh_board(request: TenantRequest, job: Job) -> str:
    """Render the board in its present state, with the filters of the requesting page."""
    filters = LEADS.read(page_query(request), request.member)
    return render_to_string(
        "leads/board.html#columns", _columns_context(request, filters) | {"is_fresh": True}, request
    )
