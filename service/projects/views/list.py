"""Service's list and board: unanswered hand-offs, crews on site today, jobs at risk, and the rest."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from crm.jobs.list.table import table_context
from crm.jobs.models import Job
from crm.jobs.pipelines.setup import pipeline_setup
from crm.jobs.views.job_action import action
from crm.jobs.views.move import while_open
from crm.kernel import clock, formats
from crm.kernel.refusal import Refused
from crm.platform.access.permissions import allows
from crm.platform.models import Member
from crm.web.lists.page import frame
from crm.web.lists.paging import read_page
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest, is_fragment
from crm.web.requests.permissions import require
from service.models import Forecast
from service.projects.board import board_context, stage_for
from service.projects.crews import crews_of
from service.projects.project_list import PROJECTS, at_risk, on_site, waiting
from service.projects.rows import ProjectRowMaker, group

# Rows of a group above the rest.
MOST = 50


@require("projects.view")
def projects(request: TenantRequest) -> HttpResponse:
    """Show the list, or only its rows for htmx."""
    member = request.member
    reader = Reader.of(request.member, clock.now())
    filters = PROJECTS.read(request.GET, member)
    kept = PROJECTS.apply(filters, member)
    if filters.sort or filters.asks("work"):
        grouped = []
    else:
        grouped = _groups(kept, reader)
    above = [job.pk for _key, _name, _note, jobs in grouped for job in jobs]
    if above:
        rest = kept.exclude(pk__in=above)
    else:
        rest = kept
    page = read_page(rest, request.GET, PROJECTS.order_of(filters))
    is_first = not (request.GET.get("after") or request.GET.get("before"))
    maker: Any = ProjectRowMaker.of_view(PROJECTS, request.tenant.slug, reader, filters, member)
    jobs_shown = [*([job for *_words, jobs in grouped for job in jobs] if is_first else []), *page.rows]
    maker.read(jobs_shown)
    groups = []
    if is_first:
        groups = [group(*each, maker) for each in grouped if each[3]]
    if page.rows:
        groups.append(group("rest", _("Planned and in work") if grouped else "", "", page.rows, maker))
    context = {
        **table_context(request, PROJECTS, filters, page=page, jobs=jobs_shown, groups=groups, maker=maker),
        "shown": "list",
        "phases": pipeline_setup().phases,
        "crews": crews_of(reader, member) if is_first else [],
    }
    context["only_rows"] = only_rows = is_fragment(request)
    if not only_rows:
        context |= frame(request, PROJECTS, filters) | _weather(member, reader)
    return render(request, "service/list.html#rows" if only_rows else "service/list.html", context)


def _weather(member: Member, reader: Reader) -> dict[str, Any]:
    """Return the context of the next day likely to be stopped by weather, for members who may hold it."""
    if not allows(member, "weather.hold"):
        return {}
    row = Forecast.objects.threatening(reader.today).first()
    if row:
        return {"hold_day": row.day, "hold_words": f"{reader.date(row.day)}, {formats.whole_percent(row.chance)}"}
    return {}


def _groups(kept: Any, reader: Reader) -> list[tuple[str, str, str, list[Job]]]:
    """Load the jobs of each group in list order; a job is in the first group that matches."""
    wanted = [
        ("wait", _("Sold, waiting for an answer"), _("nothing starts before it is accepted"), waiting()),
        ("site", _("On site today"), "", on_site(reader.today)),
        ("risk", _("At risk"), _("on hold, late, or with a late milestone"), at_risk(reader.today)),
    ]
    groups = []
    taken = set[int]()
    for key, name, note, q in wanted:
        jobs = list(kept.filter(q).exclude(pk__in=taken).in_list_order()[:MOST])
        taken |= {job.pk for job in jobs}
        groups.append((key, name, note, jobs))
    return groups


@require("projects.view")
def board(request: TenantRequest) -> HttpResponse:
    """Show the same jobs as cards, with a column per step."""
    filters = PROJECTS.read(request.GET, request.member).changed(sort="")
    context = board_context(request, filters)
    if not is_fragment(request):
        context |= frame(request, PROJECTS, filters, layout="board")
    return render(request, "service/board.html" + ("#columns" if is_fragment(request) else ""), context)


@action("job.moved")
def board_move(request: TenantRequest, job: Job) -> str:
    """Move a card to the step of the column (`phase`) it was dropped on."""
    target = stage_for(job, request.POST.get("phase", ""))
    if target is None:
        raise Refused(_("That step no longer exists. Choose another."))
    column, stage = target
    while_open(job, request)
    if stage is None:
        words = _("%(title)s: “%(pipeline)s” has no step “%(step)s”.")
        pipeline = pipeline_setup().pipelines[job.pipeline_id].name
        raise Refused(words % {"title": job.title, "pipeline": pipeline, "step": column.name})
    if job.stage_id == stage.pk:
        return _("%(title)s is there already.") % {"title": job.title}
    job.move_to(stage, by=request.member, version=request.POST["stay"])
    return _("%(title)s: moved to %(step)s.") % {"title": job.title, "step": stage.name}
