"""The board: the list's leads as cards in phases. A card is dropped on a phase, or moved by its menu.

Both enter the phase's first step of the lead's own pipeline, and answer with the board as it is now.
"""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from crm.jobs import undo
from crm.jobs.line import line
from crm.jobs.models import Job, Stage, Stale
from crm.platform import clock
from crm.platform.access import allows, require
from crm.platform.configuration import directory
from crm.platform.http import TenantRequest
from leads.board import CardMaker, draw, read_columns
from leads.filters import Filters, visible
from leads.rows import next_crossing
from leads.views.list import frame, is_fragment
from leads.wording import Reader


class Refused(Exception):
    """The card stays where it is; the text says why."""


@require("leads.view")
def board(request: TenantRequest) -> HttpResponse:
    """The board, or only its columns for htmx."""
    filters = Filters.read(request.GET, request.member)
    context = _columns(request, filters)
    only_columns = is_fragment(request)
    if not only_columns:
        context |= frame(request, filters)
    response = render(request, "leads/board.html" + ("#columns" if only_columns else ""), context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _columns(request: TenantRequest, filters: Filters) -> dict[str, Any]:
    member, now = request.member, clock.now()
    columns = read_columns(filters.apply(visible(member), member), filters)
    with_owner = allows(member, "leads.see_all") and not filters.rep
    may_move = allows(member, "leads.move")
    draw(columns, CardMaker(request.tenant.slug, Reader.of(member, now), with_owner=with_owner, may_move=may_move))
    crossing = next_crossing((job for column in columns for job in column.jobs), now)
    here = reverse("leads:board", args=[request.tenant.slug]) + filters.query()
    return {
        "filters": filters,
        "lane": columns[0],
        "columns": columns[1:],
        "first_url": filters.query(),
        "list_url": reverse("leads:list", args=[request.tenant.slug]),
        "here": here,
        "crossing": crossing.isoformat() if crossing else "",
    }


@require("leads.move")
def board_move(request: TenantRequest, number: int) -> HttpResponse:
    """GET: the phases this lead can go to. POST: to the `phase`, for whoever saw the lead's present `stay`."""
    job: Job | None = visible(request.member).filter(number=number).first()
    if job is None:
        raise Http404
    if request.method != "POST":
        return _menu(request, job)
    try:
        told = _move(request, job)
    except Refused as why:
        return _answer(request, 422, str(why))
    except Stale as stale:
        return _answer(request, 409, _elsewhere(stale.job))
    return _answer(request, 200, told)


def _move(request: TenantRequest, job: Job) -> str:
    """Raises Refused with a sentence, or Stale."""
    phases = line().phases
    at = {str(place): place for place in line().places.values()}.get(request.POST.get("phase", ""))
    if at is None:
        raise Refused(_("Choose a phase."))
    if not job.is_open:
        raise Refused(_("%(name)s has ended. Reopen it first.") % {"name": job.title})
    if line().phase_of(job.stage_id) == at:
        return ""
    stage = line().entry(job.pipeline_id, at)
    if stage is None:
        names = {"pipeline": line().pipelines[job.pipeline_id].name, "phase": phases[at - 1].name}
        raise Refused(_("“%(pipeline)s” has no step in %(phase)s.") % names)
    with undo.keep("job.moved", [job], by=request.member):
        if not job.is_open:
            raise Stale(job)
        job.move_to(stage, by=request.member, stay=request.POST.get("stay") or None)
    return _moved(job, stage)


def _moved(job: Job, stage: Stage) -> str:
    return _("%(name)s is now in “%(step)s”.") % {"name": job.title, "step": stage.name}


def _elsewhere(job: Job) -> str:
    """Where the lead really is, and who put it there."""
    visit = job.visits.order_by("-entered_at", "-pk").first()
    actor = directory().members.get(visit.actor_id or 0) if visit else None
    step = line().stages[job.stage_id].name if job.stage_id else _("No status")
    words = {"name": job.title, "step": step if job.is_open else job.get_state_display()}
    if actor is None:
        return _("%(name)s has moved in the meantime, to “%(step)s”.") % words
    return _("%(who)s was quicker: %(name)s is now in “%(step)s”.") % (words | {"who": actor.name})


def _menu(request: TenantRequest, job: Job) -> HttpResponse:
    here = line()
    now_at = here.phase_of(job.stage_id)
    choices = [
        {"at": at, "name": phase.name, "stage": here.entry(job.pipeline_id, at), "current": at == now_at}
        for at, phase in enumerate(here.phases, 1)
    ]
    context = {
        "job": job,
        "choices": choices,
        "pipeline": here.pipelines[job.pipeline_id],
        "here": request.GET.get("here", ""),
        "board_url": reverse("leads:board", args=[request.tenant.slug]),
    }
    only = is_fragment(request)
    response = render(request, "leads/board_move.html" + ("#menu" if only else ""), context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _answer(request: TenantRequest, status: int, told: str) -> HttpResponse:
    """The board as it is now, with what happened in words; without htmx back to the page, unless there is a problem."""
    query = QueryDict(request.POST.get("here", "").partition("?")[2][:2000])
    filters = Filters.read(query, request.member)
    if not request.htmx and status == 200:
        if told:
            messages.success(request, told)
        return redirect(reverse("leads:board", args=[request.tenant.slug]) + filters.query())
    context = _columns(request, filters) | {"told": told, "trouble": status != 200}
    if request.htmx:
        return render(request, "leads/board.html#columns", context, status=status)
    return render(request, "leads/board.html", context | frame(request, filters), status=status)
